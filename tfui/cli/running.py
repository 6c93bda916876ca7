"""`tfui run`: fires a schedule now, and with --wait stays until the job has ended."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tfui import assembly
from tfui.cli import moments, output
from tfui.cli.arguments import JsonFlag, NameArgument
from tfui.cli.failure import BUG
from tfui.cli.group import invocation
from tfui.cli.logs import follow_output
from tfui.cli.output import Styled
from tfui.cli.rows import job_status
from tfui.cli.session import calling, settings_of
from tfui.core.identifiers import short
from tfui.core.states import ENDED_JOBS, JobStatus, WaitReason

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from tfui.cli.output import Cell
    from tfui.model.job import JobRow
    from tfui.service.caller import Caller

app = typer.Typer()

_WAITS = {
    WaitReason.CONCURRENCY: "its queue runs as many jobs as it may",
    WaitReason.DEPENDENCY: "another job comes first",
    WaitReason.OVERLAP: "the run before it has not ended",
    WaitReason.QUEUE_PAUSED: "its queue is paused",
    WaitReason.RATE: "its job type has started as often as it may in a minute",
    WaitReason.RETRY: "the last attempt failed, and the next one is not due yet",
}
"""What is worth telling somebody who waits; the other reasons pass by themselves."""

CHECK_ENGINES_EVERY = 5.0  # seconds; engines say every ten that they live


@app.command(
    epilog="""\b
Examples:
  tfui run backup
  tfui run backup --wait && echo fine
  tfui run backup --at '2027-03-28 02:30'

\b
With --wait and no engine alive on this store, the job is run by this process,
which works through what waits before it and plans nothing new.
"""
)
def run(
    context: typer.Context,
    name: NameArgument,
    *,
    wait: Annotated[
        bool,
        typer.Option(
            "--wait", help="Print its output and exit with its result: 0, or 1 if it failed."
        ),
    ] = False,
    at: Annotated[
        str | None,
        typer.Option(
            metavar="ISO",
            help="Make up for the planned run of this past instant, which did not run.",
            show_default=False,
        ),
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Fire a schedule now. Its overlap rule holds, and its plan is not touched."""
    from tfui.service import jobs, schedules

    with calling(context) as caller:
        schedule_id = schedules.find(caller, name)
        job_id = (
            schedules.run_now(caller, schedule_id)
            if at is None
            else _made_up_for(caller, schedule_id, at)
        )
        if not wait:
            row = jobs.row(caller, job_id)
            output.print_json(row) if as_json else output.say(*_result(row))
            if not as_json and not _is_served(caller):
                output.warn("no engine is running: it waits for `tfui`, `tfui engine` or --wait")
            return
        with _somebody_working(context, caller, job_id):
            row = _stay(caller, job_id, is_silent=as_json)
        output.print_json(row) if as_json else output.remark(*_result(row))
        if row.status is not JobStatus.SUCCEEDED:
            raise typer.Exit(BUG)


def _made_up_for(caller: Caller, schedule_id: UUID, at: str) -> UUID:
    from tfui.service import missed, schedules

    (row,) = schedules.rows(caller, [schedule_id])
    instant = moments.read_instant(
        at, option="--at", now=caller.now(), zone_name=row.timezone, is_past=True
    )
    return missed.backfill(caller, schedule_id, instant)


def _result(row: JobRow) -> list[Cell]:
    """Say how a job stands. After --wait that is a remark: standard output has what the job printed."""
    how = "" if row.status is JobStatus.SUCCEEDED or not row.error else f": {row.error}"
    name = output.one_line(row.schedule or "")
    return [f"{short(row.id)}  {name}  ", job_status(row), output.one_line(how)]


def _is_served(caller: Caller) -> bool:
    from tfui.service import engines

    return any(node.is_alive for node in engines.nodes(caller))


@contextmanager
def _somebody_working(context: typer.Context, caller: Caller, job_id: UUID) -> Iterator[None]:
    """See that an engine serves the store meanwhile: one that does already, or one in this process.

    Its single seat takes jobs in their usual order. Once ours has ended it takes no more; what it has
    begun by then is finished. An interruption hands everything back, and says so.
    """
    if _is_served(caller):
        yield
        return
    output.remark(Styled("no engine is running on this store; this process runs the job", "dim"))
    settings = settings_of(invocation(context), seats=1)
    engine = assembly.engine(caller.store, settings, kind="headless", plan=False)
    thread = threading.Thread(target=engine.run, name="engine")
    thread.start()
    mode: Literal["wait", "hand_back"] = "hand_back"
    try:
        yield
        mode = "wait"
    finally:
        engine.stop(mode)
        thread.join()
        if mode == "hand_back":
            _tell_handed_back(caller, job_id)


def _tell_handed_back(caller: Caller, job_id: UUID) -> None:
    from tfui.service import jobs

    row = jobs.row(caller, job_id)
    if row.status in ENDED_JOBS:  # it was quicker than the interruption
        output.remark(*_result(row))
    else:
        output.remark(
            f"handed back: the next engine runs it again; `tfui cancel {short(job_id)}` forgets it"
        )


class _Waiting:
    """Says why a job does not run yet, once for each reason, and when nobody is left to run it."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._reason: WaitReason | None = None
        self._looked_at = time.monotonic()
        self._is_lonely = False

    def note(self, row: JobRow) -> None:
        """Take one look at the job in."""
        reason = None if row.status is JobStatus.RUNNING else row.wait_reason
        if reason != self._reason and reason in _WAITS:
            output.remark(Styled(f"waiting: {_WAITS[reason]}", "dim"))
        self._reason = reason
        if time.monotonic() - self._looked_at > CHECK_ENGINES_EVERY:
            self._looked_at = time.monotonic()
            is_lonely = not _is_served(self._caller)
            if is_lonely and not self._is_lonely:
                output.warn("no engine is running any more; still waiting for one")
            self._is_lonely = is_lonely


def _stay(caller: Caller, job_id: UUID, *, is_silent: bool) -> JobRow:
    waiting = _Waiting(caller)
    try:
        return follow_output(caller, job_id, between=waiting.note, is_silent=is_silent)
    except BrokenPipeError:  # the reader has seen enough of the output; the job goes on to its end
        output.forsake_reader()
        return follow_output(caller, job_id, between=waiting.note, is_silent=True)
