"""One line of a schedule's history in words: a run, or occurrences that did not become one and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len

from tfui.core.health import Condition
from tfui.core.reasons import WORDS, unfired
from tfui.core.states import JobKind, JobStatus, WaitReason
from tfui.ui import glyphs, spans
from tfui.ui.plain import plain
from tfui.ui.queue_words import WAITS

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from tfui.model.job import HistoryRow, JobRow

NONE = "—"
"""In place of a figure that there is not."""


@dataclass(frozen=True, slots=True)
class HistoryWords:
    """A history line's cells."""

    glyph: str
    role: str
    planned: str
    lately: str
    """Planned, in twelve cells."""
    lag: str
    took: str
    tries: str
    reason: str

    @property
    def is_gap(self) -> bool:
        """Whether nothing ran: there are no figures."""
        return self.tries == NONE

    def told(self, room: int) -> str:
        """Say what happened where no column tells the attempt: of a later one, which, if it fits."""
        longer = ", ".join(part for part in (self.reason, f"try {self.tries}") if part)
        is_later = not self.is_gap and not self.tries.startswith("1/")
        return longer if is_later and cell_len(longer) <= room else self.reason


def history_words(
    row: HistoryRow,
    now: datetime,
    zone: tzinfo | None,
    *,
    ascii: bool,  # noqa: A002  # the option's name
) -> HistoryWords:
    """Say one line."""
    planned = f"{row.nominal_at.astimezone(zone):%d %b %H:%M:%S}"
    lately = spans.lately(row.nominal_at, zone, now)
    if row.job is None:
        return HistoryWords(
            glyphs.SKIPPED.drawn(ascii=ascii),
            glyphs.SKIPPED.role,
            planned,
            lately,
            NONE,
            NONE,
            NONE,
            _skipped(row, zone),
        )
    job = row.job
    is_retrying = job.wait_reason is WaitReason.RETRY and job.status is JobStatus.QUEUED
    skip = unfired(job.status, job.attempt, job.error)
    glyph = glyphs.OF_CONDITION[Condition.RETRYING] if is_retrying else glyphs.OF_JOB[job.status]
    glyph = glyph if skip is None else glyphs.SKIPPED
    started = job.started_at
    first = row.first_started_at
    lag = NONE if first is None else spans.took((first - job.nominal_at).total_seconds())
    ended = job.finished_at or (now if job.status is JobStatus.RUNNING else None)
    seconds = None if started is None or ended is None else (ended - started).total_seconds()
    return HistoryWords(
        glyph.drawn(ascii=ascii),
        glyph.role,
        planned,
        lately,
        lag,
        spans.took(seconds),
        NONE
        if skip is not None
        else f"{job.attempt + 1 if is_retrying else max(job.attempt, 1)}/{job.max_attempts}",
        _said(job, now) if skip is None else f"{WORDS[skip[0]]} ({plain(skip[1])})",
    )


def _skipped(row: HistoryRow, zone: tzinfo | None) -> str:
    reason = WORDS[row.reason] if row.reason is not None else "did not run"
    times = f"{row.count:,}×  " if row.count > 1 else ""
    since = (
        f", from {row.from_at.astimezone(zone):%d %b %H:%M}"
        if row.from_at is not None and row.count > 1
        else ""
    )
    detail = f" ({plain(row.detail)})" if row.detail else ""
    return f"{times}{reason}{since}{detail}"


def _said(job: JobRow, now: datetime) -> str:
    """Say what is to be said of a run besides its figures."""
    if job.wait_reason is WaitReason.RETRY and job.status is JobStatus.QUEUED:
        why = f" after {plain(job.error)}" if job.error else ""
        return f"again in {spans.countdown(job.available_at - now)}{why}"
    if job.error:
        return plain(job.error)
    by_hand = "" if job.kind is JobKind.SCHEDULED else job.kind.value
    if job.status is JobStatus.SUCCEEDED:
        return by_hand
    if job.cancel_requested_at is not None and job.finished_at is None:
        return "being cancelled"
    if job.wait_reason is not None and job.status is not JobStatus.RUNNING:
        return f"waits: {WAITS[job.wait_reason]}"
    if job.exit_code:
        return f"exit {job.exit_code}"
    return by_hand
