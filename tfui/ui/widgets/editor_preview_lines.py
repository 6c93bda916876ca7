"""What the editor's preview says, as lines: the coming runs, a week of starts, and what a save would change."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from textual.content import Content

from tfui.core import words
from tfui.core.chained import Chained
from tfui.core.zone import zone as find_zone
from tfui.ui import spans
from tfui.ui.widgets.editor_changes import shown
from tfui.ui.widgets.editor_lines import hanging

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tfui.ui.widgets.editor_changes import FieldChange
    from tfui.ui.widgets.editor_outlook import Day, Outlook, Run, Shift

_ARROW = "\N{RIGHTWARDS ARROW}"
_STARTS = " \N{MIDDLE DOT}\N{LOWER HALF BLOCK}\N{LOWER THREE QUARTERS BLOCK}\N{FULL BLOCK}"
_TWO_CLOCKS_FROM = 62  # cells: from this width on there is room for a second clock


def draw_runs(outlook: Outlook, width: int) -> Content:
    """Draw the coming runs, one a line, with offset and relative time."""
    now = outlook.now
    here = find_zone(outlook.zone).wall(int(now.timestamp()))
    lines = [
        hanging("", f"{outlook.zone}, now {here:%a %H:%M} {spans.offset(here)}", width, "$dim")
    ]
    if outlook.jitter:
        known = "included" if outlook.runs and outlook.runs[0].delay is not None else "not included"
        said = f"jitter up to {words.span(outlook.jitter)}, {known}"
        lines.append(hanging("", said, width, "$dim"))
    if isinstance(outlook.trigger, Chained):
        return Content.assemble(("It has no time of its own.", "$dim"))
    if not outlook.runs:
        lines.append(
            Content.assemble(("! No run is left within start, end and limit.", "$text-warning"))
        )
    starts = [_start(run) for run in outlook.runs]
    clock = "%H:%M:%S" if any(start.second for start in starts) else "%H:%M"
    for number, (run, start) in enumerate(zip(outlook.runs, starts, strict=True), start=1):
        year = "" if start.year == here.year else f" {start.year}"
        moment = f"{start:%a %d %b}{year} {start:{clock}} {spans.offset(start)}"
        lines.append(_run(number, run, moment, outlook, width))
    return Content("\n").join(lines)


def _whole(span: timedelta) -> timedelta:
    return timedelta(seconds=int(span.total_seconds()))


def _start(run: Run) -> datetime:
    # Added in UTC: a wall clock that is set forward in between would make it an hour wrong.
    start = run.nominal_at.astimezone(UTC) + _whole(run.delay or timedelta(0))
    return start.astimezone(run.nominal_at.tzinfo)


def _run(number: int, run: Run, moment: str, outlook: Outlook, width: int) -> Content:
    away = spans.long(_start(run) - outlook.now)
    parts: list[tuple[str, str]] = [
        (f"{number:>2}  ", "$dim"),
        (moment, "bold" if number == 1 else ""),
        (f"  in {away:<8}", "$text-accent" if number == 1 else ""),
    ]
    if width >= _TWO_CLOCKS_FROM and run.delay is not None:
        if run.delay >= timedelta(seconds=1):
            parts.append((f" {run.nominal_at:%H:%M} +{spans.long(_whole(run.delay))}", "$dim"))
        elif outlook.zone != "UTC":
            parts.append((f" {run.nominal_at.astimezone(UTC):%H:%M} UTC", "$dim"))
    return Content.assemble(*parts)


def draw_week(days: Sequence[Day]) -> Content:
    """Draw a week of starts, a row a day and a cell an hour."""
    if not days:
        return Content("")
    lines = [
        Content.assemble(("Seven days, a cell an hour", "bold")),
        Content.assemble(("        00    06    12    18", "$dim")),
    ]
    for day in days:
        cells = [_cell(count) for count in day.hours]
        lines.append(Content.assemble((f"{day.at:%a %d}  ", "$dim"), *cells))
    return Content("\n").join(lines)


def _cell(count: int | None) -> tuple[str, str]:
    if count is None:
        return _STARTS[0], ""
    height = 1 if count == 0 else 2 if count == 1 else 3 if count <= 4 else 4
    return _STARTS[height], "$dim" if count == 0 else "$text-accent"


def draw_changes(
    changes: Sequence[FieldChange], shift: Shift | None, outlook: Outlook | None, width: int
) -> Content:
    """Draw what a save would change: old and new of each field, then the runs that come and go."""
    lines = [Content.assemble(("Saving changes", "bold"))]
    for change in changes:
        text = f"{shown(change.old)} {_ARROW} {shown(change.new)}"
        lines.append(hanging(f"{change.label}  ", text, width, ""))
    if shift is not None and outlook is not None:
        lines += [hanging(sign, text, width, "") for sign, text in _shift(shift, outlook)]
    return Content("\n").join(lines)


def _shift(shift: Shift, outlook: Outlook) -> list[tuple[str, str]]:
    window = "in 24 hours" if shift.window <= timedelta(days=1) else f"in {shift.window.days} days"
    if shift.is_counted:
        return [("  ", f"{shift.removed:,} {_ARROW} {shift.added:,} runs {window}")]
    if not (shift.added or shift.removed):
        return [("  ", f"the same runs {window}")]
    where = outlook.runs[0].nominal_at.tzinfo if outlook.runs else UTC
    found = []
    for sign, count, first in (
        ("+ ", shift.added, shift.first_added),
        ("- ", shift.removed, shift.first_removed),
    ):
        if first is not None:
            runs = "run" if count == 1 else "runs"
            at = spans.moment(first, where, outlook.now)
            found.append((sign, f"{count} {runs} {window}, first {at}"))
    return found
