"""The cells of the forecast: what each says of a schedule in one stretch of time, in one character."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from tfui.core import instants
from tfui.core.forecast import Fate
from tfui.core.health import LATE_AFTER, Condition
from tfui.core.reasons import WORDS
from tfui.core.states import JobStatus
from tfui.ui.glyphs import OF_CONDITION, OF_JOB, SKIPPED, Glyph

if TYPE_CHECKING:
    from datetime import datetime

    from tfui.model.forecast import PastRange, PastRun
    from tfui.ui.forecast_reading import Level, Look

STARTS = Glyph("◆", "*", "on time", "plain")
LATE = Glyph("◔", "w", "waiting for a place", "st-wait")
BUFFERED = Glyph("◔", "w", "waiting for the run before it", "st-wait")
BESIDE = Glyph("∥", "&", "side by side with the run before it", "st-retry")
OVERLAPS = Glyph("⊘", "/", "skipped (the run before it still runs)", "st-skip")
UNMET = Glyph("⊘", "/", "skipped (what it comes after does not run)", "st-skip")
REPLACES = Glyph("⊗", "c", "cancelling the run before it", "st-paused")
CANCELLED = Glyph("⊗", "c", "cancelled by the next one", "st-paused")
HELD = Glyph("⊟", "b", "held up: nothing lets it begin", "st-blocked")
HUM = Glyph("·", ".", "starts all the time", "dim")
BUSY = Glyph("▒", "=", "runs", "st-run")
MAYBE = Glyph("░", "-", "may still run", "dim")
EMPTY = Glyph(" ", " ", "nothing", "dim")
NOW = Glyph("┊", "|", "now", "mark")

OF_FATE = {
    Fate.RUNS: STARTS,
    Fate.BUFFERED: BUFFERED,
    Fate.REPLACES: REPLACES,
    Fate.HELD: HELD,
    Fate.CANCELLED: CANCELLED,
    Fate.SKIP_OVERLAP: OVERLAPS,
    Fate.SKIP_DEPENDENCY: UNMET,
    Fate.BESIDE: BESIDE,
}
_WORST_FIRST = (
    OF_JOB[JobStatus.FAILED],
    HELD,
    OVERLAPS,
    UNMET,
    SKIPPED,
    REPLACES,
    CANCELLED,
    LATE,
    BUFFERED,
    BESIDE,
    OF_JOB[JobStatus.RUNNING],
    OF_CONDITION[Condition.QUEUED],
    OF_JOB[JobStatus.BLOCKED],
    OF_JOB[JobStatus.CANCELLED],
    OF_JOB[JobStatus.SUCCEEDED],
    STARTS,
)
_RANK = {glyph: rank for rank, glyph in reversed(list(enumerate(_WORST_FIRST)))}
_HEIGHTS, _ASCII_HEIGHTS = "▁▂▃▄▅▆▇█", ".,:-=+%#"
TAKEN = Glyph(_HEIGHTS[4], _ASCII_HEIGHTS[4], "seats taken", "st-run")
WAITS = Glyph(_HEIGHTS[-1], _ASCII_HEIGHTS[-1], "something waits long", "st-late")


@dataclass(slots=True)
class Cell:
    """What happens to a schedule within one cell."""

    glyph: Glyph = EMPTY
    starts: int = 0
    words: dict[str, int] = field(default_factory=dict)
    """What becomes of its starts, each with how many."""

    def meet(self, glyph: Glyph, starts: int = 1, words: str = "") -> None:
        """Add a start; the worst decides how the cell looks."""
        self.starts += starts
        words = words or glyph.word
        self.words[words] = self.words.get(words, 0) + starts
        if _RANK.get(glyph, 99) < _RANK.get(self.glyph, 99):
            self.glyph = glyph

    def cover(self, glyph: Glyph) -> None:
        """Have a run last over it, unless something else is to be seen there."""
        if self.glyph in {EMPTY, MAYBE} and not self.starts:
            self.glyph = glyph

    def drawn(self, *, hums: bool, ascii: bool) -> tuple[str, str]:  # noqa: A002  # the option's name
        """Give the character and its role; several plain starts are a number."""
        if hums and self.glyph in {STARTS, OF_JOB[JobStatus.SUCCEEDED]}:
            return HUM.drawn(ascii=ascii), "dim" if self.glyph is STARTS else "st-ok"
        if self.glyph is STARTS and self.starts > 1:
            return (str(self.starts) if self.starts < 10 else "+"), self.glyph.role
        return self.glyph.drawn(ascii=ascii), self.glyph.role


def cells(look: Look, lane: int) -> tuple[Cell, ...]:
    """Lay one lane into the window."""
    found = tuple(Cell() for _ in range(look.window.columns))
    for one in look.ranges.get(lane, ()):
        _skip(look, found, one)
    for run in look.runs.get(lane, ()):
        _ran(look, found, run)
    outlook, row = look.forecast.outlook, look.forecast.lanes[lane]
    starts = outlook.starts
    p95 = timedelta(seconds=row.p95_seconds)
    for place in (*look.standing.get(lane, ()), *outlook.rows[lane]):
        column = look.window.column(instants.instant(starts.due[place]))
        if place >= starts.standing and 0 <= column < len(found):
            found[column].meet(of_start(look, place))
        if starts.begin[place] >= 0:
            begin, end = instants.instant(starts.begin[place]), instants.instant(starts.end[place])
            _cover(look, found, begin, end, BUSY)
            _cover(look, found, end, max(end, begin + p95), MAYBE)
    if row.folded:
        glyph, words = of_hum(look, lane)
        for column in range(max(0, look.window.column(look.forecast.begin)), len(found)):
            found[column].meet(glyph, 0, words)
    return found


def of_hum(look: Look, lane: int) -> tuple[Glyph, str]:
    """Say what becomes of a lane that starts all the time: of most, if they meet its own runs."""
    row = look.forecast.lanes[lane]
    ahead = next((one for one in look.forecast.outlook.overlaps if one.lane == lane), None)
    if ahead is None or not row.folded:
        return STARTS, HUM.word
    fate, count = next(iter(ahead.fates.items()))
    share = max(1, round(100 * count / ahead.starts))
    return OF_FATE[fate], f"{HUM.word}, about {share}% {OF_FATE[fate].word}"


def of_start(look: Look, place: int) -> Glyph:
    """Say what becomes of a coming start."""
    starts = look.forecast.outlook.starts
    fate = starts.fate[place]
    if fate in {Fate.RUNS, Fate.BESIDE}:
        waits = timedelta(microseconds=starts.begin[place] - starts.due[place])
        return LATE if waits > LATE_AFTER else OF_FATE[fate]
    return OF_FATE[fate]


def hums(look: Look, found: tuple[Cell, ...], lane: int) -> bool:
    """Whether a lane has starts in so many of its cells that they only make noise."""
    if look.forecast.lanes[lane].folded:
        return True
    # What is yet to come decides, unless it is little: a new schedule has no past.
    now = look.window.column(look.forecast.now)
    coming = found[max(0, now) :] if now < len(found) // 2 else found
    return sum(cell.starts > 0 for cell in coming) * 10 >= len(coming) * 7


def height(level: Level, seats: int, *, ascii: bool) -> tuple[str, str]:  # noqa: A002
    """Draw the load of a cell against the seats: a full block where something waits long."""
    heights = _ASCII_HEIGHTS if ascii else _HEIGHTS
    if level.held:
        return HELD.drawn(ascii=ascii), HELD.role
    if level.delay > LATE_AFTER:
        return WAITS.drawn(ascii=ascii), WAITS.role
    if level.running:
        step = -(-level.running * (len(heights) - 1) // max(1, seats))
        return heights[min(step, len(heights) - 1) - 1], TAKEN.role
    if level.starts:
        return heights[0], "spark"
    return EMPTY.drawn(ascii=ascii), EMPTY.role


def _skip(look: Look, found: tuple[Cell, ...], one: PastRange) -> None:
    first, last = look.window.column(one.from_at), look.window.column(one.to_at)
    for column in range(max(0, first), min(len(found) - 1, last) + 1):
        starts = one.count if column == max(0, first) else 0
        found[column].meet(SKIPPED, starts, f"skipped ({WORDS[one.reason]})")


def _ran(look: Look, found: tuple[Cell, ...], run: PastRun) -> None:
    column = look.window.column(run.nominal_at)
    if 0 <= column < len(found):
        if run.skip is None:
            found[column].meet(OF_JOB[run.status])
        else:
            found[column].meet(SKIPPED, words=f"skipped ({WORDS[run.skip[0]]})")
    if run.started_at is not None:
        _cover(look, found, run.started_at, run.finished_at or look.forecast.now, BUSY)


def _cover(
    look: Look, found: tuple[Cell, ...], begin: datetime, end: datetime, glyph: Glyph
) -> None:
    first, last = look.window.column(begin), look.window.column(end)
    for column in range(max(0, first), min(len(found) - 1, last) + 1):
        if look.window.at(column) < end:
            found[column].cover(glyph)
