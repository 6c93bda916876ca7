"""What stands in the editor's fields, as texts, and the draft it means.

Only syntax is read here, so that every keystroke can be; ranges, names and rights are for the
service, whose problems arrive under the same names.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from tfui.core import once
from tfui.core.duration import format_duration, parse_duration
from tfui.core.zone import zone as find_zone
from tfui.errors import Invalid, Problem
from tfui.model.schedule import ScheduleDraft
from tfui.ui.widgets import editor_payload
from tfui.ui.widgets.editor_spec import AFTER, EXPRESSION, FORM, JSON, MODE, PER_KIND, RAW, SHELL

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from zoneinfo import ZoneInfo

WHOLE = ("priority", "max_attempts", "max_catchup")
WHOLE_OR_NONE = ("max_runs", "pause_after_failures")
SPANS = ("catchup_window", "jitter", "timeout", "retry_base", "retry_cap")
INSTANTS = ("starts_at", "ends_at")
CODES = ("retry_on", "no_retry_on")

EMPTY = ScheduleDraft(
    name="",
    schedule_type="cron",
    schedule_expression="",
    job_type=SHELL,
    payload={},
)
"""What a new schedule begins as."""

_LONGEST_NUMBER = 12
_PICTURES = {code: chr(0x2400 + code) for code in range(32)} | {127: "\N{SYMBOL FOR DELETE}"}


def write_sheet(draft: ScheduleDraft) -> dict[str, str]:
    """Write a draft as the texts of all fields; what it comes after is not in it, and left empty."""
    texts = dict.fromkeys((*PER_KIND.values(), AFTER), "")
    texts |= {
        "name": one_line(draft.name),
        "schedule_type": str(draft.schedule_type),
        f"{EXPRESSION}.{draft.schedule_type}": one_line(draft.schedule_expression),
        "timezone": one_line(draft.timezone),
        "job_type": draft.job_type,
        "queue": one_line(draft.queue),
        "overlap": str(draft.overlap),
        "on_missed": str(draft.on_missed or ""),
        "retry_factor": f"{draft.retry_factor:g}",
    }
    texts |= {key: str(getattr(draft, key)) for key in WHOLE}
    for key in (*WHOLE_OR_NONE, *SPANS, *INSTANTS, *CODES):
        value = getattr(draft, key)
        texts[key] = "" if value is None else _shown(key, value, draft.timezone)
    for key in ("description", "tags"):
        texts[f"metadata.{key}"] = _note(draft.metadata.get(key))
    return texts | _write_payload(draft)


def read_sheet(
    texts: Mapping[str, str], *, base: ScheduleDraft, now: datetime
) -> tuple[ScheduleDraft, dict[str, Problem]]:
    """Read the texts; what was not touched stays as in `base`, down to its type.

    Problems are named by field. Where there are any, the draft holds the value of `base` instead.
    """
    before = write_sheet(base)
    problems: dict[str, Problem] = {}
    values: dict[str, Any] = {}

    def take(key: str, read: Callable[[str], Any]) -> None:
        text = texts.get(key, before[key])
        values[key] = getattr(base, key)
        if text != before[key]:
            try:
                values[key] = read(text.strip())
            except Invalid as bad:
                problems[key] = next(iter(bad.fields.values()))

    for key in ("name", "job_type", "overlap", "schedule_type"):
        take(key, str)
    take("timezone", lambda text: text or "UTC")
    take("queue", lambda text: text or "default")
    take("on_missed", lambda text: text or None)
    take("retry_factor", lambda text: _number(text or "2"))
    for key, unset in zip(WHOLE, ("0", "3", "100"), strict=True):
        take(key, lambda text, unset=unset: _whole(text or unset))  # type: ignore[misc]
    for key in WHOLE_OR_NONE:
        take(key, lambda text: _whole(text) if text else None)
    for key in SPANS:
        take(key, _span)
    for key in CODES:
        take(key, _codes)
    for key in INSTANTS:
        take(key, lambda text: _instant(text, values["timezone"], now))
    values[EXPRESSION] = _expression(texts, before, base)
    values["metadata"] = _read_notes(texts, before, base)
    try:
        values["payload"] = _read_payload(texts, base)
    except Invalid as bad:
        values["payload"] = base.payload
        problems |= bad.fields
    return ScheduleDraft(**values), problems


def one_line(text: str) -> str:
    """Show control characters as pictures, so that a text takes one line and does nothing."""
    return text if text.isprintable() else text.translate(_PICTURES)


def _shown(key: str, value: Any, zone: str) -> str:  # noqa: ANN401  # whatever the draft holds
    if isinstance(value, timedelta):
        whole = not value.microseconds and value >= timedelta(0)
        return format_duration(value) if whole else f"{value.total_seconds():g}s"
    if isinstance(value, datetime):
        return write_instant(value, zone)
    if key in CODES:
        return ", ".join(str(code) for code in value)
    return str(value)


def write_instant(at: datetime, zone: str) -> str:
    """Write an instant on a zone's wall clock with its offset, as `once` reads it again."""
    try:
        where: ZoneInfo | Any = find_zone(zone).wall(int(at.timestamp())).tzinfo
    except Invalid:
        where = UTC
    wall = at.astimezone(where)
    seconds = "minutes" if not (wall.second or wall.microsecond) else "auto"
    return wall.isoformat(" ", seconds)


def _note(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(one_line(str(word)) for word in value)
    return "" if value is None else one_line(str(value))


def turn_payload(texts: Mapping[str, str], *, base: ScheduleDraft) -> dict[str, str]:
    """Write the payload anew for the way in which it is edited now: as fields or as JSON.

    Invalid, when the JSON is none or has values for which there are no fields.
    """
    if texts[MODE] == JSON:
        payload = _read_payload({**texts, MODE: FORM}, base)
        return {**texts, RAW: editor_payload.raw_text(payload)}
    job_type = texts["job_type"]
    payload = _read_payload({**texts, MODE: JSON}, base)
    if not editor_payload.has_form(job_type, payload):
        raise Invalid({RAW: "the fields cannot show every value of this; it stays JSON"})
    return {**texts, **editor_payload.payload_texts(job_type, payload)}


def turn_job_type(texts: Mapping[str, str], *, base: ScheduleDraft) -> dict[str, str]:
    """Begin with an empty payload for a job type that is new to the schedule."""
    is_old = texts["job_type"] == base.job_type
    return {**texts, RAW: editor_payload.raw_text(base.payload if is_old else {})}


def _write_payload(draft: ScheduleDraft) -> dict[str, str]:
    texts: dict[str, str] = {}
    for job_type in editor_payload.FORMS:
        texts |= editor_payload.payload_texts(job_type, {})
    texts[RAW] = editor_payload.raw_text(draft.payload)
    if not editor_payload.has_form(draft.job_type, draft.payload):
        return texts | {MODE: JSON}
    return texts | editor_payload.payload_texts(draft.job_type, draft.payload) | {MODE: FORM}


def _read_payload(texts: Mapping[str, str], base: ScheduleDraft) -> Mapping[str, Any]:
    job_type, raw = texts["job_type"], texts[RAW]
    is_untouched = raw == editor_payload.raw_text(base.payload)
    written = base.payload if is_untouched else editor_payload.read_raw(raw)
    if texts[MODE] == JSON or job_type not in editor_payload.FORMS:
        return written
    return editor_payload.read_form(job_type, texts, kept=written)


def _expression(texts: Mapping[str, str], before: Mapping[str, str], base: ScheduleDraft) -> str:
    kind = texts["schedule_type"]
    key = f"{EXPRESSION}.{kind}"
    if kind == base.schedule_type and texts[key] == before[key]:
        return base.schedule_expression
    return texts[key]


def _read_notes(
    texts: Mapping[str, str], before: Mapping[str, str], base: ScheduleDraft
) -> dict[str, Any]:
    notes = dict(base.metadata)
    for key in ("description", "tags"):
        text = texts[f"metadata.{key}"]
        if text == before[f"metadata.{key}"]:
            continue
        words = [word.strip() for word in text.split(",") if word.strip()]
        notes[key] = words if key == "tags" else text.strip()
        if not notes[key]:
            del notes[key]
    return notes


def _whole(text: str) -> int:
    sign, digits = text[:1] == "-", text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > _LONGEST_NUMBER:
        raise Invalid({"": f"{text[:40]!r} is not a whole number"})
    return -int(digits) if sign else int(digits)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise Invalid({"": f"{text[:40]!r} is not a number"}) from None


def _span(text: str) -> timedelta | None:
    return parse_duration(text, least=timedelta(0)) if text else None


def _codes(text: str) -> list[int] | None:
    words = text.replace(",", " ").split()
    return [_whole(word) for word in words] or None


def _instant(text: str, zone: str, now: datetime) -> datetime | None:
    if not text:
        return None
    try:
        where = find_zone(zone)
    except Invalid:
        where = find_zone("UTC")  # the zone's own field says what is wrong with it
    return once.read(text, zone=where, anchor=now).at
