"""`tfui next`: the coming instants of an expression, from the rules alone. Opens no store."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated

import typer

from tfui.cli import moments, output
from tfui.cli.group import invocation
from tfui.clock import SystemClock
from tfui.core import lint, second_opinion, trigger
from tfui.core.cron import Cron
from tfui.core.states import ScheduleType
from tfui.errors import Invalid

app = typer.Typer()

_LIKE_A_DURATION = re.compile(
    r"[+-]?(?:P(?:[0-9.,]+[A-Z]|T)+"
    r"|(?:[0-9][0-9.,]*\s*(?:[wdhmsy]|ms|mo|(?:week|day|hour|hr|min|minute|sec|second|month|year)s?)"
    r"\s*)+)",
    re.IGNORECASE,
)


@app.command(
    "next",
    epilog="""\b
Examples:
  tfui next '*/15 9-17 * * mon-fri' --tz Europe/Berlin
  tfui next 1h30m --type recurring --from 2027-03-01T09:00:00Z
  tfui next '5-5 2 * * *' --compare
  tfui next '2027-03-28 02:30' --type once --tz Europe/Paris --json
""",
)
def next_(
    context: typer.Context,
    expression: Annotated[
        str, typer.Argument(metavar="EXPR", help="Cron fields, a duration or an instant.")
    ],
    *,
    kind: Annotated[
        ScheduleType | None,
        typer.Option(
            "--type", help="How to read EXPR; without it, what it looks like.", show_default=False
        ),
    ] = None,
    tz: Annotated[
        str, typer.Option("--tz", metavar="ZONE", help="The zone of the wall clock.")
    ] = "UTC",
    start: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="ISO",
            help="Look after this instant instead of now.",
            show_default=False,
        ),
    ] = None,
    count: Annotated[int, typer.Option(min=1, max=100_000, help="How many instants.")] = 8,
    seed: Annotated[
        str,
        typer.Option(
            metavar="ID", help="What H stands for depends on the schedule's id.", show_default=False
        ),
    ] = "",
    compare: Annotated[
        bool,
        typer.Option(
            "--compare", help="Also warn where croniter, which other programs use, reads otherwise."
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="An array of ISO 8601 texts.")] = False,
) -> None:
    """Show when an expression fires next. Warnings go to standard error."""
    invocation(context).texts["schedule_expression"] = expression
    now = SystemClock().now().replace(microsecond=0)
    after = now
    if start is not None:
        after = moments.read_instant(start, option="--from", now=now, zone_name=tz)
    found = trigger.parse(kind or guess(expression), expression, zone=tz, anchor=after, seed=seed)
    instants: list[datetime] = []
    step = found.next_after(after)
    while step is not None:
        instants.append(step)
        step = found.next_after(step) if len(instants) < count else None
    walls = [moments.on_clock(instant, found.zone) for instant in instants]
    if as_json:
        output.print_json([wall.isoformat() for wall in walls])
    else:
        for instant, wall in zip(instants, walls, strict=True):
            line = f"{wall:%a} {wall.isoformat(sep=' ')}"
            output.say(line, output.Styled(f"  {moments.relative(instant, now)}", "dim"))
        output.remark(output.Styled(f"{found.describe()} ({found.zone})", "dim"))
    if not instants:
        output.warn("it never fires after that instant")
    for warning in lint.warnings(found, now=after, until=instants[-1] if instants else None):
        output.warn(warning.text)
    if compare and isinstance(found, Cron):
        for difference in second_opinion.differences(found):
            output.warn(difference.text)


def guess(expression: str) -> ScheduleType:
    """Tell cron, a duration and an instant apart by their looks."""
    text = expression.strip()
    if _LIKE_A_DURATION.fullmatch(text):
        return ScheduleType.RECURRING  # also where it is none: then its own mistake is told
    if text.startswith("@") or len(text.split()) > 2:
        return ScheduleType.CRON
    try:
        trigger.parse(ScheduleType.RECURRING, text, anchor=SystemClock().now())
    except Invalid:
        return ScheduleType.ONCE if text[:4].isdigit() else ScheduleType.CRON
    return ScheduleType.RECURRING
