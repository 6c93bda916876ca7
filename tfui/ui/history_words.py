"""One line of a schedule's history in words: a run, or occurrences that did not become one and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tfui.core.health import Condition
from tfui.core.reasons import unfired
from tfui.core.states import JobKind, JobStatus, SkipReason, WaitReason
from tfui.core.unknown import Words
from tfui.ui import glyphs, spans
from tfui.ui.plain import plain
from tfui.ui.queue_words import WAITS

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from tfui.model.job import HistoryRow, JobRow

_REASONS = Words(
    {
        SkipReason.COALESCED: "a later run stands for it",
        SkipReason.MISSED_DOWN: "missed: no engine",
        SkipReason.MISSED_SLEEP: "missed: asleep",
        SkipReason.MISSED_CLOCK_STEP: "missed: clock set",
        SkipReason.MISSED_CAP: "missed: too many to catch up",
        SkipReason.MISSED_DEADLINE: "missed: too long ago",
        SkipReason.SKIP_OVERLAP: "skipped: still running",
        SkipReason.SKIP_PAUSED: "skipped: paused",
        SkipReason.SKIP_DEPENDENCY: "skipped: parent failed",
        SkipReason.SKIP_MAX_RUNS: "skipped: had all its runs",
        SkipReason.SKIP_WINDOW: "skipped: its end had passed",
        SkipReason.SHED_RATE: "skipped: rate limit held the last",
        SkipReason.SUPERSEDED: "edited or deleted first",
        SkipReason.RAN: "ran; the record was pruned",
    }
)


@dataclass(frozen=True, slots=True)
class HistoryWords:
    """A history line's cells."""

    glyph: str
    role: str
    planned: str
    lag: str
    took: str
    tries: str
    reason: str


def history_words(
    row: HistoryRow,
    now: datetime,
    zone: tzinfo | None,
    *,
    ascii: bool,  # noqa: A002  # the option's name
) -> HistoryWords:
    """Say one line."""
    planned = f"{row.nominal_at.astimezone(zone):%d %b %H:%M:%S}"
    if row.job is None:
        return HistoryWords(
            glyphs.SKIPPED.drawn(ascii=ascii),
            glyphs.SKIPPED.role,
            planned,
            "—",
            "—",
            f"{row.count:,}×" if row.count > 1 else "—",
            _skipped(row, zone),
        )
    job = row.job
    is_retrying = job.wait_reason is WaitReason.RETRY and job.status is JobStatus.QUEUED
    skip = unfired(job.status, job.attempt, job.error)
    glyph = glyphs.OF_CONDITION[Condition.RETRYING] if is_retrying else glyphs.OF_JOB[job.status]
    glyph = glyph if skip is None else glyphs.SKIPPED
    started = job.started_at
    first = row.first_started_at
    lag = "—" if first is None else spans.took((first - job.nominal_at).total_seconds())
    ended = job.finished_at or (now if job.status is JobStatus.RUNNING else None)
    seconds = None if started is None or ended is None else (ended - started).total_seconds()
    return HistoryWords(
        glyph.drawn(ascii=ascii),
        glyph.role,
        planned,
        lag,
        spans.took(seconds),
        "—"
        if skip is not None
        else f"{job.attempt + 1 if is_retrying else max(job.attempt, 1)}/{job.max_attempts}",
        _said(job, now) if skip is None else f"{_REASONS[skip[0]]} ({plain(skip[1])})",
    )


def _skipped(row: HistoryRow, zone: tzinfo | None) -> str:
    reason = _REASONS[row.reason] if row.reason is not None else "did not run"
    since = (
        f", from {row.from_at.astimezone(zone):%d %b %H:%M}"
        if row.from_at is not None and row.count > 1
        else ""
    )
    detail = f" ({plain(row.detail)})" if row.detail else ""
    return f"{reason}{since}{detail}"


def _said(job: JobRow, now: datetime) -> str:
    """Say what is to be said of a run besides its figures."""
    if job.wait_reason is WaitReason.RETRY and job.status is JobStatus.QUEUED:
        why = f" after {plain(job.error)}" if job.error else ""
        return f"next try in {spans.countdown(job.available_at - now)}{why}"
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
