"""What the detail says of a schedule, as facts: its state, its times, its runs, its policies."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from textual.content import Content

from tfui.core.health import Condition
from tfui.core.states import ScheduleStatus, ScheduleType
from tfui.ui import glyphs, spans
from tfui.ui.detail_policies import policies, work
from tfui.ui.plain import plain, to_ascii
from tfui.ui.signs import condition_of
from tfui.ui.widgets.facts import BLANK, Fact

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, tzinfo

    from tfui.model.schedule import ScheduleDetail, ScheduleRow
    from tfui.ui.detail_reading import DetailLook


def overview(
    look: DetailLook,
    now: datetime,
    zone: tzinfo | None,
    *,
    ascii: bool,  # noqa: A002  # the option's name
) -> list[Fact]:
    """Tell the whole schedule, the pressing first."""
    detail = look.detail
    facts = [
        *_state(detail, now, zone, ascii=ascii),
        BLANK,
        *_times(look, now, zone),
        BLANK,
        *_runs(detail, ascii=ascii),
        BLANK,
        *work(detail),
        BLANK,
        *policies(detail.schedule),
        *_words(detail),
        Fact("made", _made(detail, now)),
    ]
    if not ascii:
        return facts
    return [Fact(fact.label, _ascii(fact.value)) for fact in facts]


def _ascii(value: Content) -> Content:
    twin = to_ascii(value.plain)
    return (
        Content(twin, spans=list(value.spans)) if len(twin) == len(value.plain) else Content(twin)
    )


def _state(
    detail: ScheduleDetail,
    now: datetime,
    zone: tzinfo | None,
    *,
    ascii: bool,  # noqa: A002  # the option's name
) -> list[Fact]:
    row = detail.row
    state = condition_of(row, now)
    glyph = glyphs.OF_CONDITION[state]
    parts = [(f"{glyph.drawn(ascii=ascii)} {glyph.word}", f"bold {glyph.style}")]
    if state is Condition.OK and row.last_outcome is None:
        parts = [("has not run yet", "$dim")]
    if state is Condition.FAILED and row.consecutive_failures > 1:
        parts.append((f"  {row.consecutive_failures} times in a row", "$dim"))
    if detail.queue_paused:
        parts.append((f"  queue {plain(detail.queue)} is paused", "$st-blocked"))
    facts = [Fact("state", Content.assemble(*parts))]
    if row.status is ScheduleStatus.PAUSED:
        facts.append(Fact("paused", _pause(detail, now, zone)))
    if row.status_note:
        facts.append(Fact("note", Content.styled(plain(row.status_note), "$st-fail")))
    if detail.last_error:
        code = "" if detail.last_exit_code is None else f"exit {detail.last_exit_code}: "
        error = plain(detail.last_error)
        code = "" if error.startswith(code.rstrip(": ")) else code
        facts.append(Fact("error", Content.styled(f"{code}{error}", "$st-fail")))
    return facts


def _pause(detail: ScheduleDetail, now: datetime, zone: tzinfo | None) -> Content:
    schedule = detail.schedule
    by = f"by {plain(schedule.paused_by)}" if schedule.paused_by else ""
    since = f"{spans.short(now - schedule.paused_at)} ago" if schedule.paused_at else ""
    until = (
        f"until {spans.moment(schedule.paused_until, zone, now)}" if schedule.paused_until else ""
    )
    note = f"“{plain(schedule.pause_note)}”" if schedule.pause_note else ""
    return Content.styled(" ".join(part for part in (by, since, until, note) if part), "$st-paused")


def _times(look: DetailLook, now: datetime, zone: tzinfo | None) -> list[Fact]:
    row = look.detail.row
    facts = [Fact("when", Content.styled(_when(row), "bold"))]
    if not row.after:
        facts.append(Fact("", Content.assemble(plain(look.meaning), (_clock_of(row), "$dim"))))
    if row.next_run_at is not None:
        away = row.next_run_at - now
        distance = (
            f"in {spans.countdown(away)}" if away >= timedelta(0) else f"{spans.short(-away)} ago"
        )
        moment = Content(spans.moment(row.next_run_at, zone, now))
        facts.append(Fact("next", moment, aside=Content.styled(distance, "bold")))
    else:
        facts.append(Fact("next", Content.styled(_no_next(row), "$dim")))
    if row.last_run_at is not None:
        ago = Content.styled(f"{spans.short(now - row.last_run_at)} ago", "$dim")
        facts.append(Fact("last", Content(spans.moment(row.last_run_at, zone, now)), aside=ago))
    return facts


def _when(row: ScheduleRow) -> str:
    parents = ", ".join(plain(name) for name in row.after)
    return f"after {parents}" if parents else plain(row.schedule_expression)


def _clock_of(row: ScheduleRow) -> str:
    """Name the zone whose clock it follows; none where it follows a period."""
    is_period = row.schedule_type is ScheduleType.RECURRING
    return "" if is_period else f"  {plain(row.timezone)}"


def _no_next(row: ScheduleRow) -> str:
    if row.status is ScheduleStatus.ACTIVE and row.after:
        return "whenever that happens"
    words = {
        ScheduleStatus.PAUSED: "not while it is paused",
        ScheduleStatus.FAILED: "not before it is resumed",
    }
    return words.get(row.status, "never again")


def _runs(detail: ScheduleDetail, *, ascii: bool) -> list[Fact]:  # noqa: A002  # the option's name
    row = detail.row
    count = f"{row.runs_count:,}" + (f" of {row.max_runs:,}" if row.max_runs else "")
    facts = []
    if row.recent:
        bars = [(text, f"${role}") for text, role in glyphs.bars(row.recent, ascii=ascii)]
        facts.append(Fact("runs", Content.assemble(*bars, (f"  {count} in all", "$dim"))))
    else:
        facts.append(Fact("runs", Content.styled("none yet", "$dim")))
    if detail.success_rate is not None:
        rate = detail.success_rate
        role = "$st-ok" if rate >= 0.95 else "$st-retry" if rate >= 0.5 else "$st-fail"
        lasting = (
            ""
            if detail.p50_seconds is None
            else f"   half within {spans.took(detail.p50_seconds)}"
            f", 95% within {spans.took(detail.p95_seconds)}"
        )
        facts.append(
            Fact("success", Content.assemble((f"{rate:.0%}", f"bold {role}"), (lasting, "$dim")))
        )
    return facts


def _words(detail: ScheduleDetail) -> list[Fact]:
    """Tell the user's own words, whatever keys they have."""
    found = []
    for key, value in list(detail.schedule.metadata_.items())[:8]:
        if text := _in_words(key, value):
            found.append(Fact(plain(str(key))[:12], Content(plain(text))))
    return found


def _in_words(key: str, value: object) -> str:
    """Say a value of the metadata; of what an import keeps there, only the file it came from."""
    from tfui.service.crontab_entry import ORIGIN

    if isinstance(value, dict):
        if key == ORIGIN and value.get("source"):
            return str(value["source"])
        return ", ".join(f"{name} {part}" for name, part in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _made(detail: ScheduleDetail, now: datetime) -> Content:
    schedule = detail.schedule
    by = f" by {plain(detail.created_by)}" if detail.created_by else ""
    age = spans.short(now - schedule.created_at)
    return Content.styled(f"{age} ago{by}, revision {schedule.revision}", "$dim")


def coming(
    upcoming: Sequence[datetime],
    now: datetime,
    zone: tzinfo | None,
    *,
    jitter_seconds: int,
) -> list[Fact]:
    """Tell the next runs, each with its distance; a change of the clock between two is pointed out."""
    if not upcoming:
        return [Fact("", Content.styled("Nothing more will start.", "$dim"))]
    facts = []
    before: timedelta | None = None
    for number, at in enumerate(upcoming, 1):
        wall = at.astimezone(zone)
        change = before is not None and wall.utcoffset() != before
        before = wall.utcoffset()
        facts.append(
            Fact(
                f"{number:>2}",
                Content.assemble(
                    (spans.moment(at, zone, now), "bold" if number == 1 else ""),
                    (f"  in {_away(at - now)}", "$dim"),
                    ("  the clock has changed" if change else "", "$st-retry"),
                ),
            )
        )
    if jitter_seconds:
        spread = spans.short(timedelta(seconds=jitter_seconds))
        facts.append(Fact("", Content.styled(f"each starts up to {spread} later", "$dim")))
    return facts


def _away(span: timedelta) -> str:
    """Say how far off it is, in few enough cells to stand beside its instant."""
    return spans.countdown(span) if span < timedelta(days=1) else spans.short(span)
