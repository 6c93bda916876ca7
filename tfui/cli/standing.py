"""`tfui pause`, `resume`, `delete` and `restore`: whether schedules may run, one act for all that are named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

import typer

from tfui.cli import moments, output
from tfui.cli.arguments import JsonFlag, NamesArgument
from tfui.cli.rows import tell_schedule
from tfui.cli.session import calling, zone_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from tfui.model.schedule import ScheduleRow
    from tfui.service.caller import Caller

app = typer.Typer()

Children: TypeAlias = Literal["detach", "delete"]


@app.command(
    epilog="""\b
Examples:
  tfui pause backup --note 'vendor outage' --until 2h
  tfui pause backup report --until 2027-03-01T09:00:00+01:00
"""
)
def pause(
    context: typer.Context,
    names: NamesArgument,
    *,
    note: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Why, for whoever looks.", show_default=False)
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(
            metavar="ISO",
            help="Resume by itself then: an instant, or a span like 2h.",
            show_default=False,
        ),
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Pause schedules. What falls due meanwhile is recorded as skipped, and running jobs go on."""
    from tfui.service import schedules

    with calling(context) as caller:
        at = None
        if until is not None:
            at = moments.read_instant(
                until, option="--until", now=caller.now(), zone_name=zone_of(context)
            )
        rows = schedules.pause(caller, _find(caller, names), note=note, until=at)
        _tell("paused", caller, rows, as_json=as_json)


@app.command(
    epilog="""\b
Example:
  tfui resume backup report
"""
)
def resume(context: typer.Context, names: NamesArgument, *, as_json: JsonFlag = False) -> None:
    """Let paused or failed schedules run again, from now on."""
    from tfui.service import schedules

    with calling(context) as caller:
        rows = schedules.resume(caller, _find(caller, names))
        _tell("resumed", caller, rows, as_json=as_json)


@app.command(
    epilog="""\b
Examples:
  tfui delete old-report
  tfui undo                # brings it back, and so does: tfui restore old-report
"""
)
def delete(
    context: typer.Context,
    names: NamesArgument,
    *,
    children: Annotated[
        Children | None,
        typer.Option(
            help="What comes after them then comes after nothing, or goes too.",
            show_default=False,
        ),
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Delete schedules. They can be restored, and their history is kept."""
    from tfui.service import schedules

    with calling(context) as caller:
        rows = schedules.delete(caller, _find(caller, names), children=children)
        _tell("deleted", caller, rows, as_json=as_json)


@app.command(
    epilog="""\b
Example:
  tfui restore old-report
"""
)
def restore(context: typer.Context, names: NamesArgument, *, as_json: JsonFlag = False) -> None:
    """Bring deleted schedules back. Of several with one name, the one deleted last."""
    from tfui.service import schedules

    with calling(context) as caller:
        rows = schedules.restore(caller, _find(caller, names, deleted=True))
        _tell("restored", caller, rows, as_json=as_json)


def _find(caller: Caller, names: Sequence[str], *, deleted: bool = False) -> list[UUID]:
    """Find all that are named before anything is done to one of them."""
    from tfui.service import schedules

    return list(dict.fromkeys(schedules.find(caller, name, deleted=deleted) for name in names))


def _tell(verb: str, caller: Caller, rows: Sequence[ScheduleRow], *, as_json: bool) -> None:
    if as_json:
        output.print_json(rows)
        return
    for row in rows:
        tell_schedule(verb, row, caller.now())
