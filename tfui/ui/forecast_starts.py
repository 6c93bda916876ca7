"""What starts, or started, in one cell of the forecast: a line each, with when and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from tfui.core import instants
from tfui.core.forecast import BEGINNING, Fate
from tfui.core.forecast_words import FATES
from tfui.core.health import LATE_AFTER
from tfui.core.reasons import WORDS
from tfui.core.states import JobStatus
from tfui.core.words import counted
from tfui.ui import spans
from tfui.ui.forecast_cells import HUM, STARTS, of_hum, of_start
from tfui.ui.glyphs import OF_JOB, SKIPPED, Glyph
from tfui.ui.plain import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from uuid import UUID

    from tfui.model.forecast import PastRange, PastRun
    from tfui.ui.forecast_reading import Look


@dataclass(frozen=True, slots=True)
class StartLine:
    """One start, run or range."""

    at: datetime
    lane: int
    glyph: Glyph
    words: str
    job_id: UUID | None = None
    """Of what has run."""


def lines(look: Look, column: int, lanes: Iterable[int]) -> list[StartLine]:
    """Give what lies in a cell, by time."""
    found = [line for lane in lanes for line in _of_lane(look, column, lane)]
    return sorted(found, key=lambda line: (line.at, line.lane))


def _of_lane(look: Look, column: int, lane: int) -> Iterator[StartLine]:
    window, outlook = look.window, look.forecast.outlook
    for one in look.ranges.get(lane, ()):
        if window.column(one.from_at) <= column <= window.column(one.to_at):
            at = max(one.from_at, window.at(column))
            yield StartLine(at, lane, SKIPPED, _why_not(one))
    for run in look.runs.get(lane, ()):
        if window.column(run.nominal_at) == column:
            glyph = OF_JOB[run.status] if run.skip is None else SKIPPED
            yield StartLine(run.nominal_at, lane, glyph, _ran(run, look), run.job_id)
    begin, end = instants.micros(window.at(column)), instants.micros(window.at(column + 1))
    for row in outlook.rows[lane]:
        due = outlook.starts.due[row]
        if begin <= due < end:
            yield StartLine(instants.instant(due), lane, of_start(look, row), _will(look, row))
    row_of = look.forecast.lanes[lane]
    if row_of.folded and window.at(column + 1) > look.forecast.begin:
        at = max(window.at(column), look.forecast.begin)
        total = counted(row_of.folded, "start")
        glyph, words = of_hum(look, lane)
        drawn = HUM if glyph is STARTS else glyph
        yield StartLine(at, lane, drawn, f"{words}: {total} to the end of this view")


def _will(look: Look, row: int) -> str:
    """Say what will become of a coming start."""
    outlook = look.forecast.outlook
    starts, lane = outlook.starts, look.forecast.lanes[outlook.starts.lane[row]]
    fate = starts.fate[row]
    if fate not in BEGINNING:
        return FATES[fate]
    delay = timedelta(microseconds=starts.begin[row] - starts.due[row])
    takes = f"about {spans.took(lane.p50_seconds)}"
    if lane.p95_seconds > lane.p50_seconds:
        takes = f"{takes}, at worst {spans.took(lane.p95_seconds)}"
    if not lane.is_measured:
        takes = f"{takes} (assumed)"
    if fate in {Fate.BUFFERED, Fate.REPLACES}:
        return f"{FATES[fate]}; {takes}"
    if delay > LATE_AFTER:
        return f"waits {spans.long(delay)} for a place in {lane.queue}; {takes}"
    if fate is Fate.BESIDE:
        return f"{FATES[fate]}; {takes}"
    return f"runs on time, {takes}"


def _ran(run: PastRun, look: Look) -> str:
    """Say what became of a job."""
    if run.skip is not None:
        return f"skipped: {WORDS[run.skip[0]]} ({plain(run.skip[1])})"
    word = OF_JOB[run.status].word
    if run.started_at is None:
        return word
    took = (run.finished_at or look.forecast.now) - run.started_at
    said = (
        f"{word} {'for' if run.finished_at is None else 'after'} {spans.took(took.total_seconds())}"
    )
    late = run.started_at - run.nominal_at
    if late > LATE_AFTER:
        said = f"{said}, {spans.long(late)} late"
    return f"{said}: {run.error}" if run.error and run.status is JobStatus.FAILED else said


def _why_not(one: PastRange) -> str:
    times = "" if one.count == 1 else f", {one.count:,} times"
    return f"skipped: {WORDS[one.reason]}{times}" + (
        f" ({plain(one.detail)})" if one.detail else ""
    )
