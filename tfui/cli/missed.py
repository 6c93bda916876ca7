"""`tfui missed`: what was passed over while nobody was there, and dealing with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tfui.cli import moments, output
from tfui.cli.arguments import JsonFlag, SinceOption
from tfui.cli.output import Styled
from tfui.cli.session import calling, zone_of
from tfui.core import words
from tfui.errors import Invalid

if TYPE_CHECKING:
    from tfui.model.missed import MissedRow, TriageRow

app = typer.Typer()


@app.command(
    epilog="""\b
Examples:
  tfui missed
  tfui missed --since 30d --json
  tfui missed backup --run-latest
  tfui missed --waive --note 'laptop was in a drawer'

\b
Without a name: all schedules. Running keeps to each schedule's overlap rule, rate
limit and max_catchup; what is not run, and why, is said. A waiver stays in the
ledger. `tfui undo` takes either back, but not what has begun to run.
"""
)
def missed(
    context: typer.Context,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME]",
            help="Only this schedule: its name, or a unique prefix of its id.",
            show_default=False,
        ),
    ] = None,
    *,
    run_latest: Annotated[
        bool, typer.Option("--run-latest", help="Run each one's newest, and waive the others.")
    ] = False,
    run_all: Annotated[
        bool, typer.Option("--run-all", help="Run them, up to each one's max_catchup.")
    ] = False,
    waive: Annotated[bool, typer.Option("--waive", help="They need nothing more.")] = False,
    note: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="Why they are waived.", show_default=False),
    ] = None,
    since: SinceOption = None,
    as_json: JsonFlag = False,
) -> None:
    """List missed runs nobody has dealt with, of the last 7 days. Or run or waive them."""
    from tfui.service import missed as service
    from tfui.service import schedules

    flags = {"--run-latest": run_latest, "--run-all": run_all, "--waive": waive}
    ways = [way for way, is_chosen in flags.items() if is_chosen]
    if len(ways) > 1:
        raise Invalid({ways[1]: f"this and {ways[0]} exclude each other"})
    if note is not None and ways != ["--waive"]:
        raise Invalid({"--note": "only a waiver takes a note"})
    with calling(context) as caller:
        zone_name = zone_of(context)
        begin = moments.read_past(since, option="--since", now=caller.now(), zone_name=zone_name)
        schedule_id = None if name is None else schedules.find(caller, name)
        if not ways:
            rows = service.listing(caller, schedule_id=schedule_id, since=begin)
            _list(rows, service.unplanned(caller, schedule_id=schedule_id), as_json=as_json)
            return
        ids = None if schedule_id is None else [schedule_id]
        if run_latest:
            dealt = service.run_latest(caller, ids, since=begin)
        elif run_all:
            dealt = service.run_all(caller, ids, since=begin)
        else:
            dealt = service.waive(caller, ids, note=note, since=begin)
        unplanned = service.unplanned(caller, schedule_id=schedule_id)
    _tell(dealt, unplanned, as_json=as_json)


def _list(rows: list[MissedRow], unplanned: int, *, as_json: bool) -> None:
    if as_json:
        output.print_json(rows)
        return
    _remark(unplanned, is_nothing=not rows)
    if not rows:
        return
    output.table(
        ["SCHEDULE", "RUNS", "FROM", "TO", "WHY"],
        [
            [
                Styled(row.schedule, "bold"),
                f"{row.count:,}",
                moments.absolute(row.from_at, row.timezone),
                moments.absolute(row.to_at, row.timezone),
                ", ".join(reason.value for reason in row.reasons),
            ]
            for row in rows
        ],
        flexible="WHY",
    )


def _remark(unplanned: int, *, is_nothing: bool) -> None:
    if is_nothing:
        output.remark("nothing was missed that nobody has dealt with")
    if unplanned:
        output.warn(words.unplanned(unplanned))


def _tell(dealt: list[TriageRow], unplanned: int, *, as_json: bool) -> None:
    if as_json:
        output.print_json(dealt)
        return
    _remark(unplanned, is_nothing=not dealt)
    for row in dealt:
        parts = [
            f"{len(row.job_ids):,} to run" if row.job_ids else "",
            f"{row.waived:,} waived" if row.waived else "",
            f"{row.left:,} left: {row.why_left}" if row.left else "",
        ]
        said = ", ".join(part for part in parts if part) or "nothing was missed"
        output.say(Styled(output.one_line(row.schedule), "bold"), f"  {said}")
