"""What each cell of a schedule's line says at a given instant: text and a role, no drawing yet."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from tfui.core.health import Condition
from tfui.core.states import JobStatus, ScheduleStatus, ScheduleType, WaitReason
from tfui.ui import glyphs, spans
from tfui.ui.plain import fit, to_ascii
from tfui.ui.signs import condition_of
from tfui.ui.widgets.schedule_columns import Column

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from typing import TypeAlias

    from tfui.model.schedule import LiveJob, ScheduleRow
    from tfui.ui.widgets.schedule_columns import Place

    Cell: TypeAlias = tuple[tuple[str, str], ...]
    """A column's pieces, (text, role), together as wide as the column."""

_MOVED_BY_TIME = frozenset({Column.STATUS, Column.NAME, Column.NEXT, Column.LAST})
"""The columns that may say something else of the same row later; the name is dimmed by its state."""

_WAITS = {
    WaitReason.DEPENDENCY: "waits",
    WaitReason.OVERLAP: "waits",
    WaitReason.QUEUE_PAUSED: "queue off",
    WaitReason.RATE: "rate limit",
    WaitReason.CONCURRENCY: "waits",
    WaitReason.NO_WORKER: "no engine",
}


def cells(
    row: ScheduleRow,
    places: tuple[Place, ...],
    now: datetime,
    *,
    ascii: bool,  # noqa: A002  # the option's name
    said: tuple[Cell, ...] | None = None,
) -> tuple[Cell, ...]:
    """Say every cell of a line; equal answers draw equal lines.

    Of a row that has not been read anew since it `said` something, only what the time changes is
    said anew.
    """
    state = condition_of(row, now)
    return tuple(
        _SAYS[place.column](row, state, now, place.width, ascii)
        if said is None or place.column in _MOVED_BY_TIME
        else said[number]
        for number, place in enumerate(places)
    )


def _status(
    row: ScheduleRow,  # noqa: ARG001  # every column is asked the same way
    state: Condition,
    now: datetime,  # noqa: ARG001  # as above
    width: int,
    ascii_only: bool,  # noqa: FBT001  # as above
) -> Cell:
    glyph = glyphs.OF_CONDITION[state]
    return ((fit(glyph.drawn(ascii=ascii_only), width), glyph.role),)


def _text(
    say: Callable[[ScheduleRow, Condition, datetime, int], tuple[str, str]],
) -> Callable[[ScheduleRow, Condition, datetime, int, bool], Cell]:
    def cell(
        row: ScheduleRow,
        state: Condition,
        now: datetime,
        width: int,
        ascii_only: bool,  # noqa: FBT001  # every column is asked the same way
    ) -> Cell:
        text, role = say(row, state, now, width)
        if ascii_only:
            return ((to_ascii(fit(to_ascii(text), width)), role),)
        return ((fit(text, width), role),)

    return cell


def _name(row: ScheduleRow, state: Condition, now: datetime, width: int) -> tuple[str, str]:  # noqa: ARG001
    return row.name, "off-name" if state in {Condition.PAUSED, Condition.DISABLED} else "name"


def _expression(row: ScheduleRow, state: Condition, now: datetime, width: int) -> tuple[str, str]:  # noqa: ARG001
    if row.schedule_type is ScheduleType.RECURRING:
        return f"every {row.schedule_expression}", "dim"
    if row.schedule_type is ScheduleType.ONCE:
        return f"once {row.schedule_expression}", "dim"
    if row.schedule_type is ScheduleType.CHAINED:
        return after_words(row.after, width), "dim"
    return row.schedule_expression, "dim"


def after_words(names: tuple[str, ...], width: int) -> str:
    """Say what a chained schedule comes after in `width` cells: one name, and how many more."""
    if not names:
        return "by hand"  # what it came after is gone
    more = f" +{len(names) - 1}" if len(names) > 1 else ""
    return f"{fit(f'after {names[0]}', max(1, width - len(more))).rstrip()}{more}"


def _next_try(live: LiveJob, now: datetime, width: int) -> str:
    """Say which attempt comes next, and when, in as many words as there is room for."""
    tries = f"{live.attempt + 1}/{live.max_attempts}"
    wait = spans.countdown(live.available_at - now)
    said = (f"try {tries}, next in {wait}", f"try {tries} in {wait}", f"try {tries} {wait}")
    return next(
        (words for words in (*said, f"{tries} {wait}") if len(words) <= width), f"try {tries}"
    )


def next_words(
    row: ScheduleRow, state: Condition, now: datetime, width: int = 10
) -> tuple[str, str]:
    """Say what comes next for a schedule in at most `width` (9 or more) cells, and in which role."""
    live = row.live
    role = glyphs.OF_CONDITION[state].role
    if state is Condition.RUNNING and live is not None and live.started_at is not None:
        return f"run {spans.short(now - live.started_at)}", role
    if state is Condition.RETRYING and live is not None:
        return _next_try(live, now, width), role
    if state is Condition.BLOCKED and live is not None:
        return _WAITS.get(live.wait_reason or WaitReason.DEPENDENCY, "waits"), role
    if state is Condition.LATE:
        due = live.available_at if live is not None else row.next_run_at
        return f"late {spans.short(now - (due or now))}", role
    if state is Condition.QUEUED:
        return "queued", role
    if state is Condition.PAUSED:
        until = row.paused_until
        words = f"til {spans.day_or_clock(until, UTC, now)}" if until else "paused"
        return words if len(words) <= width else words.removeprefix("til "), role
    if row.status is ScheduleStatus.FAILED:
        return "stopped", role
    if row.after and row.status is ScheduleStatus.ACTIVE:
        return "waits", "dim"  # for what it is chained to: it has no time of its own
    if row.next_run_at is None:
        return "—", "dim"
    words = f"in {spans.countdown(row.next_run_at - now)}"
    return words if len(words) <= width else f"in {spans.short(row.next_run_at - now)}", "plain"


def _last(row: ScheduleRow, state: Condition, now: datetime, width: int) -> tuple[str, str]:  # noqa: ARG001
    if row.last_run_at is None:
        return "—", "dim"
    words = spans.short(now - row.last_run_at)
    return words if width < 7 else f"{words} ago", "dim"


def _duration(row: ScheduleRow, state: Condition, now: datetime, width: int) -> tuple[str, str]:  # noqa: ARG001
    for run in reversed(row.recent):
        if run.status is JobStatus.SUCCEEDED and run.duration_seconds is not None:
            return spans.took(run.duration_seconds), "dim"
    return "—", "dim"


def _runs(
    row: ScheduleRow,
    state: Condition,  # noqa: ARG001  # every column is asked the same way
    now: datetime,  # noqa: ARG001  # as above
    width: int,
    ascii_only: bool,  # noqa: FBT001  # as above
) -> Cell:
    drawn = glyphs.bars(row.recent[-width:], ascii=ascii_only)
    return (*drawn, (" " * (width - len(drawn)), "dim"))


def _zone(row: ScheduleRow, state: Condition, now: datetime, width: int) -> tuple[str, str]:  # noqa: ARG001
    return row.timezone.rsplit("/", 1)[-1].replace("_", " "), "dim"


_SAYS: dict[Column, Callable[[ScheduleRow, Condition, datetime, int, bool], Cell]] = {
    Column.STATUS: _status,
    Column.NAME: _text(_name),
    Column.SCHEDULE: _text(_expression),
    Column.ZONE: _text(_zone),
    Column.NEXT: _text(next_words),
    Column.LAST: _text(_last),
    Column.DURATION: _text(_duration),
    Column.RUNS: _runs,
    Column.QUEUE: _text(lambda row, _state, _now, _width: (row.queue, "dim")),
    Column.COMMAND: _text(lambda row, _state, _now, _width: (row.command, "dim")),
}
