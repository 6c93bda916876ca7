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
    starts = counted(found.starts, "start")
    said = f"peak {_clock(found.at, look, zone)}: {starts}"
    at_worst = spans.long(found.worst_delay)
    if found.held:
        return f"{said}, {found.held} held up", True
    if found.delay >= _SECOND:
        said = f"{said}, the last waits {spans.long(found.delay)}"
        if found.worst_delay - found.delay >= _SECOND:
            said = f"{said}, at worst {at_worst}"
    else:
        said = f"{said} in that minute, {places} {'is' if forecast.seats == 1 else 'are'} enough"
        if found.worst_delay >= _SECOND:
            said = f"{said}; at worst the last waits {at_worst}"
    return said, found.worst_delay > LATE_AFTER


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
    many = len(look.overlaps)
    said = f"{counted(many, 'schedule')} will overlap {'itself' if many == 1 else 'themselves'}"
    first = "" if many == 1 else "first "
    return f"{said}: {first}{worst.schedule} ({worst.outcome} of {counted(worst.starts, 'run')})"


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
        parts.append(f"at most {level.running} of {counted(seats, 'seat')} taken")
    if level.delay >= _SECOND:
        parts.append(f"{level.waiting} wait up to {spans.long(level.delay)}")
    if level.held:
        parts.append(f"{level.held} held up")
    said = ", ".join(parts)
    return f"{said} (as it was)" if is_past else said


def of_lane(cell: Cell) -> str:
    """Say in words what a schedule's cell shows."""
    if not cell.starts:
        return next(iter(cell.words), cell.glyph.word)
    said = counted(cell.starts, "start")
    parts = sorted(cell.words.items(), key=lambda part: -part[1])
    if len(parts) == 1:
        (word, _), *_ = parts
        return (
            said if word == STARTS.word else f"{said}, {'' if cell.starts == 1 else 'all '}{word}"
        )
    return f"{said}: " + ", ".join(f"{count:,} {word}" if count else word for word, count in parts)


def _clock(at: datetime, look: Look, zone: tzinfo | None) -> str:
    wall, now = at.astimezone(zone), look.forecast.now.astimezone(zone)
    if wall.date() == now.date() or look.window.span.days < 1:
        return f"{wall:%H:%M}"
    return f"{wall:%a %H:%M}"
