"""What the forecast's view says above its grid and of the cell under the cursor."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tfui.core.health import LATE_AFTER
from tfui.core.words import counted
from tfui.ui import spans
from tfui.ui.forecast_cells import STARTS
from tfui.ui.plain import plain

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from tfui.ui.forecast_cells import Cell
    from tfui.ui.forecast_reading import Level, Look

_QUIET = 3  # gaps that are named
_SECOND = timedelta(seconds=1)


def stretch(span: timedelta) -> str:
    """Name a span that can be zoomed to, or a cell: `24 h`, `7 d`, `20 min`."""
    hours = span.total_seconds() / 3600
    if hours >= 48:
        return f"{hours / 24:.0f} d"
    if hours >= 1:
        return f"{hours:.0f} h"
    return f"{hours * 60:.0f} min" if hours * 60 >= 1 else f"{hours * 3600:.0f} s"


def title(look: Look, zone: tzinfo | None) -> str:
    """Say which stretch is shown."""
    window = look.window
    first, last = window.begin.astimezone(zone), window.end.astimezone(zone)
    end = f"{last:%a %d %b %H:%M}" if last.date() != first.date() else f"{last:%H:%M}"
    return (
        f"{first:%a %d %b %H:%M} – {end} {spans.offset(last)}"
        f"   {stretch(window.span)}, a cell {stretch(window.cell)}"
    )


def phrases(look: Look, zone: tzinfo | None) -> list[tuple[str, str]]:
    """Say what is to be known of it all, each phrase with its style; the first matter most."""
    if not look.forecast.lanes:
        return []
    said, is_hot = peak(look, zone)
    told = [
        (said, "$st-late" if is_hot else ""),
        (plain(overlaps(look)), "$st-skip"),
        (quiet(look, zone), "$dim"),
        (assumptions(look), "$dim"),
    ]
    return [(text, style) for text, style in told if text]


def peak(look: Look, zone: tzinfo | None) -> tuple[str, bool]:
    """Say when most starts are due and how long they wait; and whether that is much."""
    found, forecast = look.peak, look.forecast
    if found is None:
        return "nothing is planned here", False
    places = counted(forecast.seats, "seat")
    said = f"peak {_clock(found.at, look, zone)}  {counted(found.starts, 'start')} / {places}"
    if found.held:
        return f"{said}, {found.held} held up", True
    if found.worst_delay < _SECOND:
        return f"{said}, no wait", False
    wait = f"{spans.long(found.delay)} wait" if found.delay >= _SECOND else "no wait"
    if found.worst_delay - found.delay >= _SECOND:
        wait = f"{wait}, at worst {spans.long(found.worst_delay)}"
    return f"{said}, {wait}", found.worst_delay > LATE_AFTER


def quiet(look: Look, zone: tzinfo | None) -> str:
    """Name the longest idle stretches."""
    if not look.quiet:
        return "no quiet time of ten minutes"
    named = [
        f"{_clock(gap.begin, look, zone)}–{_clock(gap.end, look, zone)} "
        f"({spans.long(gap.end - gap.begin)})"
        for gap in look.quiet[:_QUIET]
    ]
    return f"quiet {', '.join(named)}"


def overlaps(look: Look) -> str:
    """Say how many schedules will meet their own runs, and which most."""
    if not look.overlaps:
        return ""
    worst = look.overlaps[0]
    said = f"{counted(len(look.overlaps), 'schedule')} will overlap"
    return f"{said}: {worst.schedule} {worst.count}×"


def assumptions(look: Look) -> str:
    """Say what the figures rest on."""
    parts = []
    forecast = look.forecast
    if not forecast.engines:
        parts.append("as if an engine ran")
    hidden = len(forecast.lanes) - len(look.lanes)
    if hidden:
        parts.append(f"{counted(hidden, 'schedule')} with nothing here")
    if forecast.left_out:
        parts.append(f"{forecast.left_out:,} due later left out")
    if forecast.past is not None and forecast.past.begin > look.window.begin:
        parts.append("older runs left out")
    return " · ".join(parts)


def nothing(*, may_write: bool) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    """Say that nothing is scheduled, what would be there, and what each action leads to."""
    add = (("forecast.add", "add one"),) if may_write else ()
    about = "A line a schedule, and above them the load against the seats"
    keys = (*add, ("view.schedules", "the schedules"))
    return "Nothing is scheduled, so nothing is coming", about, keys


def of_cell(look: Look, column: int, zone: tzinfo | None) -> str:
    """Say which stretch a cell is."""
    begin, end = look.window.at(column).astimezone(zone), look.window.at(column + 1)
    return f"{begin:%a %d %b %H:%M}–{end.astimezone(zone):%H:%M}"


def of_level(level: Level, seats: int, *, is_past: bool) -> str:
    """Say the load of a cell in words."""
    parts = [counted(level.starts, "start")]
    if level.running:
        parts.append(f"{level.running}/{counted(seats, 'seat')} taken")
    if level.delay >= _SECOND:
        parts.append(f"{level.waiting} wait up to {spans.long(level.delay)}")
    if level.held:
        parts.append(f"{level.held} held up")
    said = ", ".join(parts)
    return f"{said} (as it was)" if is_past else said


def of_lane(cell: Cell) -> str:
    """Say in words what a schedule's cell shows."""
    if not cell.starts:
        return cell.glyph.word
    if cell.glyph is STARTS:
        return counted(cell.starts, "start")
    times = "" if cell.starts == 1 else f", {counted(cell.starts, 'start')}"
    return f"{cell.glyph.word}{times}"


def _clock(at: datetime, look: Look, zone: tzinfo | None) -> str:
    wall, now = at.astimezone(zone), look.forecast.now.astimezone(zone)
    if wall.date() == now.date() or look.window.span.days < 1:
        return f"{wall:%H:%M}"
    return f"{wall:%a %H:%M}"
