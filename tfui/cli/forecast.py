"""`tfui forecast`: the coming load, by minute, queue and predicted delay."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from tfui.cli import moments, output
from tfui.cli.arguments import JsonFlag
from tfui.cli.output import Styled
from tfui.cli.session import calling, zone_of
from tfui.core.words import counted

if TYPE_CHECKING:
    from datetime import datetime

    from tfui.service.forecast_digest import Digest, Minute

app = typer.Typer()

LONGEST = 14 * 24
_MINUTES, _GAPS, _OVERLAPS = 12, 4, 8  # lines of each


@app.command(
    epilog="""\b
Examples:
  tfui forecast
  tfui forecast --hours 168 --json
"""
)
def forecast(
    context: typer.Context,
    *,
    hours: Annotated[
        int, typer.Option("--hours", min=1, max=LONGEST, metavar="N", help="How far to look.")
    ] = 24,
    as_json: JsonFlag = False,
) -> None:
    """Predict the coming load. By minute, queue and delay, from plans, past runs and free places."""
    from tfui.service import forecast as service
    from tfui.service import forecast_digest

    with calling(context) as caller:
        now = caller.now()
        found = service.outlook(caller, begin=now, end=now + timedelta(hours=hours))
    digest = forecast_digest.digest(found)
    if as_json:
        output.print_json(digest)
        return
    zone_name = zone_of(context)
    _tell_head(digest, zone_name, hours)
    _tell_overlaps(digest, zone_name)
    _tell_minutes(digest, zone_name)
    _tell_assumptions(digest)


def _tell_head(digest: Digest, zone_name: str, hours: int) -> None:
    output.say(
        Styled(f"{counted(digest.starts, 'start')} in {counted(hours, 'hour')}", "bold"),
        f" on {counted(digest.seats, 'seat')}, "
        f"from {moments.absolute(digest.begin.replace(microsecond=0), zone_name)}",
    )
    lines: list[tuple[str, output.Cell]] = []
    if digest.peak is not None:
        starts = counted(digest.peak.starts, "start")
        lines.append(
            (
                "peak",
                f"{_at(digest.peak.at, zone_name)}  {starts} in that minute, {_wait(digest.peak)}",
            )
        )
    if digest.slowest is not None and digest.slowest != digest.peak:
        slowest = digest.slowest
        lines.append(("longest wait", f"{_at(slowest.at, zone_name)}  {_wait(slowest)}"))
    for number, gap in enumerate(digest.quiet[:_GAPS]):
        lasts = moments.span((gap.end - gap.begin).total_seconds())
        line = f"{_at(gap.begin, zone_name)} \N{EN DASH} {_at(gap.end, zone_name)}  {lasts}"
        lines.append(("" if number else "quiet", line))
    if digest.held:
        held = f"{counted(digest.held, 'start')} that nothing lets begin"
        lines.append(("held up", Styled(held, "red")))
    output.facts(lines)


def _tell_overlaps(digest: Digest, zone_name: str) -> None:
    if not digest.overlaps:
        return
    output.say()
    output.table(
        ["OVERLAPS ITSELF", "RUNS", "FROM", "POLICY", "THESE ARE"],
        [
            [
                one.schedule,
                f"{one.count:,} of {one.starts:,}",
                _at(one.first_at, zone_name),
                one.overlap,
                one.outcome,
            ]
            for one in digest.overlaps[:_OVERLAPS]
        ],
        flexible="OVERLAPS ITSELF",
    )
    _tell_more(len(digest.overlaps) - _OVERLAPS)


def _tell_minutes(digest: Digest, zone_name: str) -> None:
    busiest = sorted(
        (one for one in digest.minutes if one.starts),
        key=lambda one: (-one.starts, -one.delay, one.at),
    )
    if not busiest:
        return
    output.say()
    output.table(
        ["BUSIEST", "STARTS", "RUNNING", "WAITING", "WAIT", "AT WORST", "QUEUES"],
        [
            [
                _at(one.at, zone_name),
                str(one.starts),
                str(one.running),
                str(one.waiting),
                moments.span(one.delay.total_seconds()),
                moments.span(one.worst_delay.total_seconds()),
                ", ".join(f"{queue.queue} {queue.starts}" for queue in one.queues),
            ]
            for one in busiest[:_MINUTES]
        ],
        flexible="QUEUES",
    )
    _tell_more(len(busiest) - _MINUTES)


def _tell_more(number: int) -> None:
    if number > 0:
        output.say(Styled(f"{number:,} more; --json has them all", "dim"))


def _tell_assumptions(digest: Digest) -> None:
    """Say on standard error what the figures rest on where nothing was measured."""
    if not digest.engines:
        output.warn(f"no engine is running: {counted(digest.seats, 'seat')} assumed")
    guessed = sum(1 for one in digest.schedules if one.starts and not one.is_measured)
    if guessed:
        verb = "has" if guessed == 1 else "have"
        output.remark(f"{counted(guessed, 'schedule')} {verb} no ended run: durations assumed")
    folded = sum(one.is_folded for one in digest.schedules)
    if folded:
        verb = "starts" if folded == 1 else "start"
        output.remark(f"{counted(folded, 'schedule')} {verb} too often to be played through singly")
    if digest.left_out:
        output.remark(f"{counted(digest.left_out, 'schedule')} due later left out")


def _at(instant: datetime, zone_name: str) -> str:
    wall = moments.on_clock(instant, zone_name)
    return f"{wall:%a %d %b %H:%M}"


def _wait(minute: Minute) -> str:
    if not minute.delay and not minute.worst_delay:
        return "none waits"
    usual = moments.span(minute.delay.total_seconds())
    return f"waiting up to {usual}, {moments.span(minute.worst_delay.total_seconds())} at worst"
