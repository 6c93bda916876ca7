"""A forecast in words and numbers: its peak, its quiet times, its overlaps, and minute by minute."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from tfui.core import forecast_words, instants
from tfui.core.forecast import OVERLAPPING, Fate

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from tfui.core.outlook import Load
    from tfui.core.states import Overlap
    from tfui.model.forecast import Forecast


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueMinute:
    """What is due in one queue within a bucket."""

    queue: str
    starts: int
    delay: timedelta
    """How long the one that waits longest waits, when runs take as long as usual."""
    worst_delay: timedelta
    """The same when they take as long as one in twenty does."""
    held: int
    """How many have nothing that lets them begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlapping:
    """Starts of one schedule within a bucket that meet its previous run."""

    schedule: str
    starts: int
    fate: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Minute:
    """A bucket in which something starts, runs or waits."""

    at: datetime
    starts: int
    running: int
    waiting: int
    delay: timedelta
    worst_delay: timedelta
    held: int
    queues: tuple[QueueMinute, ...]
    """Those in which something starts."""
    overlaps: tuple[Overlapping, ...]
    """Those that are due while their schedule's previous run lasts, unless their starts are folded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """A stretch in which nothing starts and nothing runs, but for what starts all the time."""

    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A schedule that is due while its previous run is live."""

    schedule: str
    starts: int
    """All of its starts, of which so many (`count`) meet the previous run."""
    count: int
    first_at: datetime
    overlap: Overlap
    outcome: str
    """What becomes of them: `30 skipped, 29 waiting for the one before`."""
    fates: dict[str, int]
    """How many are skipped (`skip_overlap`), wait (`buffered`), run side by side (`beside`), or
    cancel the previous run (`replaces`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one schedule contributes."""

    schedule: str
    queue: str
    starts: int
    is_folded: bool
    """Its starts are counted and not played through one by one."""
    p50_seconds: float
    p95_seconds: float
    is_measured: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """Everything that `tfui forecast` says."""

    now: datetime
    begin: datetime
    end: datetime
    bucket: timedelta
    seats: int
    engines: int
    left_out: int
    starts: int
    held: int
    peak: Minute | None
    slowest: Minute | None
    """In which the longest wait begins; None when nothing waits."""
    quiet: tuple[Quiet, ...]
    """The longest first."""
    overlaps: tuple[Meeting, ...]
    schedules: tuple[Share, ...]
    minutes: tuple[Minute, ...]


def digest(found: Forecast) -> Digest:
    """Sum a forecast up."""
    outlook = found.outlook
    delays, met = outlook.total.delay, _met(found)
    longest = max(delays, default=0)
    return Digest(
        now=found.now,
        begin=found.begin,
        end=found.end,
        bucket=_span(outlook.grid.width),
        seats=found.seats,
        engines=found.engines,
        left_out=found.left_out,
        starts=sum(outlook.total.starts),
        held=sum(outlook.total.held),
        peak=busiest(found),
        slowest=_minute(found, delays.index(longest), met) if longest else None,
        quiet=quiet(found),
        overlaps=meetings(found),
        schedules=_shares(found),
        minutes=tuple(
            _minute(found, place, met)
            for place in range(outlook.grid.count)
            if outlook.total.starts[place] or outlook.running[place] or outlook.waiting[place]
        ),
    )


def _met(found: Forecast) -> dict[int, Counter[tuple[int, Fate]]]:
    """Count, by bucket, the starts of each lane that meet its previous run, by what becomes of them."""
    outlook, starts = found.outlook, found.outlook.starts
    counted: dict[int, Counter[tuple[int, Fate]]] = {}
    for lane, rows in enumerate(outlook.rows):
        for row in rows:
            fate = starts.fate[row]
            if fate in OVERLAPPING:
                place = (starts.due[row] - outlook.grid.begin) // outlook.grid.width
                counted.setdefault(place, Counter())[lane, fate] += 1
    return counted


def _minute(found: Forecast, place: int, met: Mapping[int, Counter[tuple[int, Fate]]]) -> Minute:
    """Tell one bucket."""
    outlook, load = found.outlook, found.outlook.total
    return Minute(
        at=max(found.begin, instants.instant(outlook.grid.at(place))),
        starts=load.starts[place],
        running=outlook.running[place],
        waiting=outlook.waiting[place],
        delay=_span(load.delay[place]),
        worst_delay=_span(load.worst_delay[place]),
        held=load.held[place],
        queues=tuple(
            _queue_minute(queue.name, outlook.queues[queue.id], place)
            for queue in found.queues
            if outlook.queues[queue.id].starts[place]
        ),
        overlaps=tuple(
            Overlapping(
                schedule=found.lanes[lane].name,
                starts=count,
                fate=fate.name.lower(),
                outcome=forecast_words.FATES[fate],
            )
            for (lane, fate), count in met.get(place, {}).items()
        ),
    )


def busiest(found: Forecast) -> Minute | None:
    """Tell the bucket in which most starts are due."""
    peak = found.outlook.peak
    if peak is None:
        return None
    return _minute(found, found.outlook.total.starts.index(peak.starts), _met(found))


def quiet(found: Forecast) -> tuple[Quiet, ...]:
    """Tell the idle stretches."""
    return tuple(
        Quiet(begin=max(found.begin, instants.instant(gap.begin)), end=instants.instant(gap.end))
        for gap in found.outlook.gaps
    )


def meetings(found: Forecast) -> tuple[Meeting, ...]:
    """Tell which schedules will meet their own previous runs, the most frequent first."""
    return tuple(
        Meeting(
            schedule=found.lanes[one.lane].name,
            starts=one.starts,
            count=one.count,
            first_at=instants.instant(one.first),
            overlap=found.lanes[one.lane].overlap,
            outcome=forecast_words.told(one.fates),
            fates={fate.name.lower(): count for fate, count in one.fates.items()},
        )
        for one in found.outlook.overlaps
    )


def _queue_minute(name: str, load: Load, place: int) -> QueueMinute:
    return QueueMinute(
        queue=name,
        starts=load.starts[place],
        delay=_span(load.delay[place]),
        worst_delay=_span(load.worst_delay[place]),
        held=load.held[place],
    )


def _shares(found: Forecast) -> tuple[Share, ...]:
    return tuple(
        Share(
            schedule=lane.name,
            queue=lane.queue,
            starts=len(rows) if lane.folded is None else lane.folded,
            is_folded=lane.folded is not None,
            p50_seconds=lane.p50_seconds,
            p95_seconds=lane.p95_seconds,
            is_measured=lane.is_measured,
        )
        for lane, rows in zip(found.lanes, found.outlook.rows, strict=True)
    )


def _span(micros: int) -> timedelta:
    return timedelta(microseconds=micros)
