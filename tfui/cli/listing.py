"""`tfui list`, `tfui show` and `tfui summary`: schedules, many, one, and counted."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from tfui.cli import output, showing
from tfui.cli.arguments import JsonFlag, NameArgument
from tfui.cli.group import invocation
from tfui.cli.output import Styled
from tfui.cli.rows import standing, when
from tfui.cli.session import calling, zone_of
from tfui.core.filtering import parse
from tfui.core.health import Condition
from tfui.core.states import ScheduleStatus, ScheduleType
from tfui.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tfui.model.dependency import DependencyRow

app = typer.Typer()


class Standing(StrEnum):
    """What `--status` takes: the words that the list shows, and two that only the store has."""

    FAILED = Condition.FAILED.value
    LATE = Condition.LATE.value
    RUNNING = Condition.RUNNING.value
    RETRYING = Condition.RETRYING.value
    BLOCKED = Condition.BLOCKED.value
    QUEUED = Condition.QUEUED.value
    OK = Condition.OK.value
    PAUSED = Condition.PAUSED.value
    DISABLED = Condition.DISABLED.value
    ACTIVE = ScheduleStatus.ACTIVE.value
    COMPLETED = ScheduleStatus.COMPLETED.value


@app.command(
    "list",
    epilog="""\b
Examples:
  tfui list
  tfui list --status failed --queue nightly
  tfui list --search backup --limit 10 --json
  tfui list --where 'queue:nightly status:failed,late last<1d !tag:slow'

\b
--where takes what the dashboard's / takes: words joined by spaces, all of which
must hold; ! before one turns it over, commas mean any of. The words:
  status: queue: tag: type: name: command: zone: owner: job:
  next<1h last>2d runs>100 fails>2 priority>0

\b
--status takes the word that the list shows (failed, late, running, retrying,
blocked, queued, ok, paused, disabled), or a stored status: active, whatever is
shown of it, or completed. failed and paused mean what is shown: a schedule whose
last run failed is failed, and a paused one whose job still runs is running.
""",
)
def list_(
    context: typer.Context,
    *,
    status: Annotated[
        Standing | None,
        typer.Option(
            metavar="WORD",
            help="Only those shown so, or stored as active or completed.",
            show_default=False,
        ),
    ] = None,
    kind: Annotated[
        ScheduleType | None,
        typer.Option("--type", help="Only schedules of this type.", show_default=False),
    ] = None,
    queue: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only this queue.", show_default=False)
    ] = None,
    search: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT", help="In the name, expression, command or tags.", show_default=False
        ),
    ] = None,
    where: Annotated[
        str | None,
        typer.Option(
            metavar="FILTER", help="A filter as the dashboard's / takes it.", show_default=False
        ),
    ] = None,
    deleted: Annotated[bool, typer.Option("--deleted", help="The deleted ones instead.")] = False,
    page: Annotated[int, typer.Option(min=1, metavar="N", help="Which page.")] = 1,
    limit: Annotated[
        int, typer.Option(min=1, max=1000, metavar="N", help="Schedules on a page.")
    ] = 50,
    as_json: JsonFlag = False,
) -> None:
    """List schedules, those that need a person first."""
    from tfui.model.schedule import ScheduleQuery
    from tfui.service import dependencies, schedules

    invocation(context).texts["where"] = where or ""
    shown, stored = _read_standing(status)
    query = ScheduleQuery(
        search=search,
        status=stored,
        conditions=shown,
        schedule_type=kind,
        queue=queue,
        criteria=parse(where or "", field="where"),
        deleted=deleted,
    )
    with calling(context) as caller:
        found = schedules.page(caller, query, page=page, limit=limit)
        parents = dependencies.parents(caller, [row.id for row in found.jobs])
        now = caller.now()
    if as_json:
        output.print_json(found)
        return
    if not found.jobs:
        pages = "there is 1 page" if found.pages == 1 else f"there are {found.pages:,} pages"
        output.remark("no schedule matches" if found.total == 0 else pages)
        return
    zone_name = zone_of(context)
    output.table(
        ["STATUS", "NAME", "SCHEDULE", "ZONE", "NEXT", "LAST", "QUEUE", "COMMAND"],
        [
            [
                standing(row, now),
                Styled(row.name, "bold"),
                _expression(row.schedule_expression, parents.get(row.id, [])),
                row.timezone,
                when(row.next_run_at, now, zone_name),
                when(row.last_run_at, now, zone_name),
                row.queue,
                row.command,
            ]
            for row in found.jobs
        ],
        flexible="COMMAND",
    )
    if found.pages > 1:
        output.remark(f"page {found.page} of {found.pages}, {found.total:,} schedules in all")


@app.command(
    epilog="""\b
Examples:
  tfui show backup
  tfui show 0192f3c4 --json
"""
)
def show(context: typer.Context, name: NameArgument, *, as_json: JsonFlag = False) -> None:
    """Show one schedule whole, with its next runs."""
    from tfui.service import dependencies, schedules

    with calling(context) as caller:
        schedule_id = schedules.find(caller, name)
        detail = schedules.detail(caller, schedule_id)
        links = dependencies.listing(caller, schedule_id)
        try:
            upcoming = schedules.upcoming(caller, schedule_id)
        except Invalid as bad:
            # Saved by another version or by hand: still to be looked at, and said plainly.
            upcoming = []
            output.warn(f"the trigger cannot be read: {bad}")
        now = caller.now()
    if as_json:
        output.print_json({"detail": detail, "upcoming": upcoming, "dependencies": links})
        return
    showing.tell(detail, upcoming, links, now)


@app.command(
    epilog="""\b
Example:
  tfui summary --json
"""
)
def summary(context: typer.Context, *, as_json: JsonFlag = False) -> None:
    """Count schedules. Total, active, paused, completed, failed and due now."""
    from tfui.service import schedules

    with calling(context) as caller:
        found = schedules.summary(caller)
    if as_json:
        output.print_json(found)
        return
    output.facts(
        [
            ("total", str(found.total)),
            ("active", str(found.active)),
            ("paused", str(found.paused)),
            ("completed", str(found.completed)),
            ("failed", Styled(str(found.failed), "red") if found.failed else "0"),
            ("due now", str(found.due_now)),
        ],
    )


def _read_standing(
    word: Standing | None,
) -> tuple[frozenset[Condition] | None, ScheduleStatus | None]:
    """Give the conditions or the stored status that a word means; where it is both, the condition."""
    if word is None:
        return None, None
    if word in {Standing.ACTIVE, Standing.COMPLETED}:
        return None, ScheduleStatus(word.value)
    return frozenset({Condition(word.value)}), None


def _expression(expression: str, parents: Sequence[DependencyRow]) -> str:
    """Say when a schedule runs: at its own times, after others, or both."""
    if not parents:
        return expression
    names = ", ".join(output.one_line(row.parent) for row in parents)
    return f"{expression} after {names}".strip()
