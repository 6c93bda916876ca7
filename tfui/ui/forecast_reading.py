"""What the forecast's view reads of the service, in a thread: the coming load and the past of a window."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from tfui.core import instants, load
from tfui.core.forecast import Grid

if TYPE_CHECKING:
    from tfui.model.forecast import Forecast, PastRange, PastRun
    from tfui.service.caller import Caller
    from tfui.service.forecast_digest import Meeting, Minute, Quiet
    from tfui.ui.forecast_window import Window


@dataclass(frozen=True, slots=True)
class Level:
    """The load of one cell."""

    starts: int
    running: int
    waiting: int
    held: int
    delay: timedelta
    """The longest wait of what is due in it."""


@dataclass(frozen=True, slots=True)
class Look:
    """A forecast laid into the cells of a window."""

    window: Window
    forecast: Forecast
    levels: tuple[Level, ...]
    lanes: tuple[int, ...]
    """The lanes that have something in the window, in the order they are shown."""
    runs: dict[int, list[PastRun]]
    """What ran, by lane."""
    ranges: dict[int, list[PastRange]]
    """What did not, by lane."""
    standing: dict[int, list[int]]
    """Rows of live jobs, by lane."""
    peak: Minute | None
    quiet: tuple[Quiet, ...]
    overlaps: tuple[Meeting, ...]


def read(caller: Caller, window: Window) -> Look:
    """Read a window."""
    from tfui.service import forecast, forecast_digest

    width = min(window.cell, forecast.MINUTE)
    found = forecast.outlook(caller, begin=window.begin, end=window.end, width=width)
    runs: dict[int, list[PastRun]] = {}
    ranges: dict[int, list[PastRange]] = {}
    if found.past is not None:
        for run in found.past.runs:
            runs.setdefault(run.lane, []).append(run)
        for one in found.past.ranges:
            ranges.setdefault(one.lane, []).append(one)
    starts = found.outlook.starts
    standing: dict[int, list[int]] = {}
    for row in range(starts.standing):
        standing.setdefault(starts.lane[row], []).append(row)
    return Look(
        window=window,
        forecast=found,
        levels=_levels(found, window),
        lanes=tuple(
            place
            for place, lane in enumerate(found.lanes)
            if found.outlook.rows[place]
            or place in runs
            or place in ranges
            or place in standing
            or lane.folded
        ),
        runs=runs,
        ranges=ranges,
        standing=standing,
        peak=forecast_digest.busiest(found),
        quiet=forecast_digest.quiet(found),
        overlaps=forecast_digest.meetings(found),
    )


_NO_TIME = timedelta(0)
_NOTHING = Level(0, 0, 0, 0, _NO_TIME)


def _levels(found: Forecast, window: Window) -> tuple[Level, ...]:
    """Sum the past and the coming buckets up by cell; the cell of now has both."""
    past, outlook = _past_levels(found, window), found.outlook
    starts = [level.starts for level in past]
    running = [level.running for level in past]
    waiting, held, delay = [0] * len(past), [0] * len(past), [0] * len(past)
    for place in range(outlook.grid.count):
        column = window.column(instants.instant(outlook.grid.at(place)))
        if 0 <= column < len(past):
            starts[column] += outlook.total.starts[place]
            held[column] += outlook.total.held[place]
            running[column] = max(running[column], outlook.running[place])
            delay[column] = max(delay[column], outlook.total.delay[place])
            waiting[column] = max(waiting[column], outlook.waiting[place])
    delays = (timedelta(microseconds=each) for each in delay)
    return tuple(map(Level, starts, running, waiting, held, delays))


def _past_levels(found: Forecast, window: Window) -> list[Level]:
    grid = Grid(
        instants.micros(window.begin),
        window.cell // timedelta(microseconds=1),
        window.columns,
    )
    if found.past is None:
        return [_NOTHING] * grid.count
    now = instants.micros(found.past.end)
    planned = load.tally(grid, [instants.micros(run.nominal_at) for run in found.past.runs])
    spans = [
        (instants.micros(run.started_at), instants.micros(run.finished_at or found.past.end))
        for run in found.past.runs
        if run.started_at is not None
    ]
    running = load.most_at_once(grid, [begin for begin, _ in spans], [end for _, end in spans])
    return [
        Level(count, level if grid.at(place) < now else 0, 0, 0, _NO_TIME)
        for place, (count, level) in enumerate(zip(planned, running, strict=True))
    ]
