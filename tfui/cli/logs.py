"""`tfui logs`: what a job printed, and with --follow what it prints until it ends."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer

from tfui.cli import output, pager
from tfui.cli.arguments import JobArgument, JsonFlag
from tfui.cli.output import Styled
from tfui.cli.rows import job_status
from tfui.cli.session import calling
from tfui.core.identifiers import short
from tfui.core.states import ENDED_JOBS, JobStatus

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from tfui.model.job import JobRow
    from tfui.service.caller import Caller

app = typer.Typer()

LOOK_EVERY = 0.1  # seconds between looks at a job; a person sees no difference below
_PAGE = 2000


@app.command(
    epilog="""\b
Examples:
  tfui logs 0192f3c4-5d6e
  tfui logs 0192f3c4-5d6e --follow
"""
)
def logs(
    context: typer.Context,
    job: JobArgument,
    *,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Wait for more until the job has ended.")
    ] = False,
    no_pager: Annotated[
        bool, typer.Option("--no-pager", help="Print it all, however long it is.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Print what a job printed. Its stdout to stdout, its stderr to stderr; --follow ends with it.

    On a terminal it is read in $PAGER, or less.
    """
    from tfui.service import jobs

    with calling(context) as caller:
        job_id = jobs.find(caller, job)
        if follow and not as_json:
            row = follow_output(caller, job_id)
            _remark_end(row)
            return
        if as_json:
            chunks = []
            mark = (0, -1)
            while page := jobs.output(caller, job_id, after=mark, limit=_PAGE):
                chunks += page
                mark = (page[-1].fence, page[-1].seq)
            output.print_json({"job": jobs.row(caller, job_id), "output": chunks})
            return
        with pager.paging(is_wanted=not no_pager):
            print_from(caller, job_id, (0, -1))


def print_from(caller: Caller, job_id: UUID, mark: tuple[int, int]) -> tuple[int, int]:
    """Print what a job has printed after `mark`; give the new mark. Attempts are told apart."""
    from tfui.service import jobs

    while page := jobs.output(caller, job_id, after=mark, limit=_PAGE):
        for chunk in page:
            if mark[0] and chunk.fence != mark[0]:
                output.remark(Styled("-- another attempt --", "dim"))
            if chunk.stream == "system":
                output.remark(Styled(output.one_line(chunk.text), "dim"))
            else:
                output.write(chunk.text, chunk.stream)
            mark = (chunk.fence, chunk.seq)
    return mark


def follow_output(
    caller: Caller,
    job_id: UUID,
    *,
    between: Callable[[JobRow], object] = lambda _: None,
    is_silent: bool = False,
) -> JobRow:
    """Print a job's output as it comes, until it has ended; `between` hears of each look."""
    from tfui.service import jobs

    mark = (0, -1)
    while True:
        row = jobs.row(caller, job_id)
        if not is_silent:
            mark = print_from(caller, job_id, mark)
        if row.status in ENDED_JOBS:
            return row
        between(row)
        time.sleep(LOOK_EVERY)


def _remark_end(row: JobRow) -> None:
    how = "" if row.status is JobStatus.SUCCEEDED or not row.error else f": {row.error}"
    output.remark(f"{short(row.id)} ", job_status(row), output.one_line(how))
