"""Between a draft and the columns it is kept in: names, units, and what None stands for."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from tfui.core import unknown
from tfui.core.catchup import WINDOW
from tfui.core.retry import RetryPolicy
from tfui.core.states import OnMissed, Overlap, ScheduleType
from tfui.model.schedule import ScheduleDraft

if TYPE_CHECKING:
    from uuid import UUID

    from tfui.model.schedule import ScheduledJob

FIELDS = tuple(field.name for field in fields(ScheduleDraft))
TRIGGER = ("schedule_type", "schedule_expression", "timezone", "starts_at")
"""Fields of which a change sets a new trigger in force."""

_RETRY = RetryPolicy()
_SPANS = ("catchup_window", "jitter", "timeout", "retry_base", "retry_cap")
_SAME = frozenset(FIELDS) - {*_SPANS, "queue", "metadata", "on_missed"}
"""Fields that are columns of the same name and type."""


def columns_of(draft: ScheduleDraft, queue_id: UUID) -> dict[str, Any]:
    """Give the columns, by attribute, that a draft which was found good asks for."""
    columns: dict[str, Any] = {name: getattr(draft, name) for name in _SAME}
    kind = ScheduleType(draft.schedule_type)
    columns |= {
        "queue_id": queue_id,
        "schedule_type": kind,
        "overlap": Overlap(draft.overlap),
        "on_missed": OnMissed(draft.on_missed or _usual_missed(kind)),
        "payload": dict(draft.payload),
        "metadata_": dict(draft.metadata),
        "starts_at": _utc(draft.starts_at),
        "ends_at": _utc(draft.ends_at),
        "retry_factor": float(draft.retry_factor),
        "timeout_seconds": None if draft.timeout is None else draft.timeout.total_seconds(),
        "retry_base_seconds": _seconds(draft.retry_base, _RETRY.base),
        "retry_cap_seconds": _seconds(draft.retry_cap, _RETRY.cap),
        "catchup_window_seconds": int(_seconds(draft.catchup_window, WINDOW)),
        "jitter_seconds": int(_seconds(draft.jitter, timedelta(0))),
    }
    return columns


def draft_of(schedule: ScheduledJob, queue: str) -> ScheduleDraft:
    """Give the draft that would make a stored schedule again; what was left to us is spelled out."""
    values: dict[str, Any] = {name: getattr(schedule, name) for name in _SAME}
    for name in _SPANS:
        seconds = getattr(schedule, f"{name}_seconds")
        values[name] = None if seconds is None else timedelta(seconds=seconds)
    values |= {
        "queue": queue,
        "schedule_type": unknown.read(ScheduleType, schedule.schedule_type),
        "overlap": unknown.read(Overlap, schedule.overlap),
        "on_missed": unknown.read(OnMissed, schedule.on_missed),
        "metadata": schedule.metadata_,
    }
    return ScheduleDraft(**values)


def spelled_out(draft: ScheduleDraft) -> ScheduleDraft:
    """Say what was left to us, as a stored schedule's draft does."""
    kind = ScheduleType(draft.schedule_type)
    return replace(
        draft,
        on_missed=draft.on_missed or _usual_missed(kind),
        retry_base=_RETRY.base if draft.retry_base is None else draft.retry_base,
        retry_cap=_RETRY.cap if draft.retry_cap is None else draft.retry_cap,
        catchup_window=WINDOW if draft.catchup_window is None else draft.catchup_window,
        jitter=draft.jitter or timedelta(0),
    )


def _usual_missed(kind: ScheduleType) -> OnMissed:
    return OnMissed.SKIP if kind is ScheduleType.RECURRING else OnMissed.LATEST


def _utc(instant: datetime | None) -> datetime | None:
    return None if instant is None else instant.astimezone(UTC)


def _seconds(span: timedelta | None, usual: timedelta) -> float:
    return (usual if span is None else span).total_seconds()
