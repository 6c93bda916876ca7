"""`tfui ledger` and `tfui explain`: what became of every planned run, and why one did or did not happen."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from tfui.cli import moments, output
from tfui.cli.arguments import JsonFlag, NameArgument, UntilOption
from tfui.cli.output import Styled
from tfui.cli.session import calling
from tfui.errors import Invalid

if TYPE_CHECKING:
    from datetime import datetime

    from tfui.core.explanation import Explanation
    from tfui.model.occurrence import LedgerSum

app = typer.Typer()

_MARKS = {True: Styled("yes", "green"), False: Styled("no ", "red"), None: Styled("   ", "dim")}


@app.command(
    epilog="""\b
Examples:
  tfui ledger backup
  tfui ledger backup --since 7d --json
"""
)
def ledger(
    context: typer.Context,
    name: NameArgument,
    *,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="ISO", help="After this instant, or so long ago (24h).", show_default=False
        ),
    ] = None,
    until: UntilOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Account for every planned run. Planned = ran + skipped, by reason + pending."""
    from tfui.service import ledger as service
    from tfui.service import schedules

    with calling(context) as caller:
        schedule_id = schedules.find(caller, name)
        (row,) = schedules.rows(caller, [schedule_id])
        now, zone_name = caller.now(), row.timezone
        begin = moments.read_past(since, option="--since", now=now, zone_name=zone_name)
        end = moments.read_past(until, option="--until", now=now, zone_name=zone_name)
        if begin is not None and end is not None and end < begin:
            raise Invalid({"--until": "this must not be earlier than --since"})
        found = service.total(caller, schedule_id, since=begin, until=end)
    if as_json:
        output.print_json({**asdict(found), "holds": found.holds})
        return
    output.facts(
        [
            ("after", moments.absolute(found.since, zone_name)),
            ("up to", moments.absolute(found.until, zone_name)),
            *((("trigger", Styled(_unreadable(found), "red")),) if found.unreadable else ()),
            ("planned", str(found.planned)),
            ("ran", str(found.ran)),
            *((f"  {reason.value}", str(count)) for reason, count in found.skipped.items()),
            ("pending", str(found.pending)),
            *((("beside the plan", str(found.beside)),) if found.beside else ()),
            *((("completed", found.completed),) if found.completed else ()),
            *((("not planned yet", str(found.unplanned)),) if found.unplanned else ()),
            (
                "the sum",
                "holds" if found.holds else Styled("does not hold; see `tfui doctor`", "red"),
            ),
        ],
    )
    if found.ranges:
        output.say()
        output.table(
            ["FROM", "TO", "RUNS", "REASON", "DETAIL"],
            [
                [
                    moments.absolute(each.from_at, zone_name),
                    moments.absolute(each.to_at, zone_name),
                    str(each.count),
                    each.reason.value,
                    each.detail or "",
                ]
                for each in found.ranges
            ],
            flexible="DETAIL",
        )
        if found.ranges_left_out:
            output.remark(f"{found.ranges_left_out:,} older ranges are not listed")


def _unreadable(found: LedgerSum) -> str:
    return f"cannot be read, so planned is what is on record: {found.unreadable}"


@app.command(
    epilog="""\b
Examples:
  tfui explain backup
  tfui explain backup --at '2027-03-28 02:30'
"""
)
def explain(
    context: typer.Context,
    name: NameArgument,
    *,
    at: Annotated[
        str | None,
        typer.Option(
            metavar="ISO",
            help="Why it did, or did not, run then. Without it: now.",
            show_default=False,
        ),
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Say why a schedule did, or did not, run. Through trigger, zone, window, pause, overlap, limits, workers."""
    from tfui.service import ledger as service
    from tfui.service import schedules

    with calling(context) as caller:
        schedule_id = schedules.find(caller, name)
        (row,) = schedules.rows(caller, [schedule_id])
        now = caller.now()
        instant = moments.read_past(at, option="--at", now=now, zone_name=row.timezone)
        found = service.explain(caller, schedule_id, at=instant)
    if as_json:
        output.print_json(found)
        return
    _tell(found, now, row.timezone)


def _tell(found: Explanation, now: datetime, zone_name: str) -> None:
    """Print the answer, and the chain of checks that leads to it."""
    output.say(Styled(output.one_line(found.verdict), "bold"))
    for step in found.steps:
        mark = _MARKS[step.ok]
        output.say("  ", mark, f"  {step.title}: {output.one_line(step.text)}")
    if found.clears_at is not None:
        there = moments.absolute(found.clears_at, zone_name)
        output.say(f"  clears {there} ({moments.relative(found.clears_at, now)})")
