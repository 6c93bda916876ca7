"""Checking a draft: every bad field at once, by the names that a ScheduleDraft has.

Field by field first (`draft_fields`), then what fields mean together: the trigger within its window,
the queue among those there are, the payload in the eyes of its runner.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING

from tfui.core import trigger as triggers
from tfui.core.chained import Chained
from tfui.core.once import Once
from tfui.core.states import ScheduleType
from tfui.core.words import moment
from tfui.core.zone import zone as find_zone
from tfui.errors import Invalid, Problem
from tfui.runners.catalog import Catalog
from tfui.service import draft_fields
from tfui.service.draft_columns import TRIGGER
from tfui.store.accounting import in_force_since

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from tfui.core.trigger import Trigger
    from tfui.model.schedule import ScheduleDraft

EXPRESSION = "schedule_expression"
_LONGEST_EXPRESSION = 1000
_TIMING = (*TRIGGER, "ends_at", "max_runs")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a draft is checked against."""

    now: datetime
    anchor_at: datetime
    """What it counts from unless it has a `starts_at`."""
    seed: str
    """The schedule's id, which decides what `H` stands for."""
    queues: Collection[str]
    is_trigger_new: bool = True
    """Whether something must be left to run; a completed schedule may still be renamed."""
    is_payload_new: bool = True


@lru_cache(maxsize=1)
def catalog() -> Catalog:
    """Give the job types of this process; the first call looks for plug-ins."""
    return Catalog()


def prepare(job_type: object) -> None:
    """Load the runner of a job type, which may take a while, before a lock is held."""
    if isinstance(job_type, str):
        with suppress(Invalid):  # told when the draft is checked
            catalog().runner(job_type)


def find_problems(draft: ScheduleDraft, setting: Setting) -> dict[str, Problem]:
    """Give what is wrong with every field; nothing, when the draft is good."""
    problems = draft_fields.find_problems(draft)
    if (problem := _queue_problem(draft.queue, setting.queues)) is not None:
        problems["queue"] = problem
    window = _window_problem(draft, setting, problems)
    if window is not None:
        problems["ends_at"] = window
    problems |= _trigger_problems(draft, setting, problems)
    if setting.is_payload_new:
        problems |= _payload_problems(draft, has_type="job_type" not in problems)
    return problems


def has_new_timing(old: ScheduleDraft, new: ScheduleDraft) -> bool:
    """Whether an edit changes when, or how often, a schedule runs."""
    return any(getattr(old, name) != getattr(new, name) for name in _TIMING)


def anchor_of(
    schedule_type: ScheduleType | str, *, created_at: datetime, now: datetime
) -> datetime:
    """Where a changed trigger counts from: a once duration from the change, a grid from creation.

    Whoever turns `30m` into `1h` means an hour from now; a grid must not move when its zone does.
    """
    return now if schedule_type == ScheduleType.ONCE else created_at


def trigger_of(draft: ScheduleDraft, *, anchor_at: datetime, seed: str) -> Trigger:
    """Read a draft's trigger. Raises Invalid."""
    return triggers.parse(
        draft.schedule_type,
        draft.schedule_expression,
        zone=draft.timezone,
        anchor=draft.starts_at or anchor_at,
        seed=seed,
    )


def _queue_problem(name: object, known: Collection[str]) -> Problem | None:
    if name in known:
        return None
    if not isinstance(name, str) or not name:
        return Problem("this must be the name of a queue")
    shown = name if len(name) <= draft_fields.LONGEST_NAME else name[:100] + "…"
    close = get_close_matches(shown, known, n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"there are {_some(known)}"
    return Problem(f"there is no queue {shown!r}; {hint}")


def _some(names: Collection[str]) -> str:
    few = sorted(names)[:10]
    more = f" and {len(names) - len(few)} more" if len(names) > len(few) else ""
    return ", ".join(repr(name) for name in few) + more


def _window_problem(
    draft: ScheduleDraft,
    setting: Setting,
    problems: dict[str, Problem],
) -> Problem | None:
    if draft.ends_at is None or "ends_at" in problems:
        return None
    starts_at = None if "starts_at" in problems else draft.starts_at
    if starts_at is not None and draft.ends_at <= starts_at:
        return Problem("this must be later than starts_at")
    if setting.is_trigger_new and draft.ends_at <= setting.now:
        return Problem("this has passed already")
    return None


def _trigger_problems(
    draft: ScheduleDraft,
    setting: Setting,
    problems: dict[str, Problem],
) -> dict[str, Problem]:
    zone_problems = _zone_problems(draft.timezone)
    if (text := _text_problem(draft.schedule_expression)) is not None:
        return {EXPRESSION: Problem(text)} | zone_problems
    if "schedule_type" in problems:
        return zone_problems
    if zone_problems:
        draft = replace(draft, timezone="UTC")
    is_window_good = "starts_at" not in problems and "ends_at" not in problems
    whole = draft if is_window_good else replace(draft, starts_at=None, ends_at=None)
    try:
        trigger = trigger_of(whole, anchor_at=setting.anchor_at, seed=setting.seed)
    except Invalid as bad:
        return bad.fields | zone_problems
    if zone_problems or not setting.is_trigger_new:
        return zone_problems
    problem = _nothing_left(trigger, whole, setting.now)
    return {} if problem is None else {EXPRESSION: problem}


def _nothing_left(trigger: Trigger, draft: ScheduleDraft, now: datetime) -> Problem | None:
    """Say why nothing would ever run, if so."""
    if isinstance(trigger, Chained):
        return None
    if isinstance(trigger, Once) and trigger.at <= now:
        return Problem(f"{_moment(trigger.at, draft.timezone)} has passed")
    first = trigger.next_after(in_force_since(now, draft.starts_at))
    if first is None and draft.starts_at is not None:
        return Problem("nothing would run after starts_at")
    if first is None:
        return Problem("nothing is left to run")
    if draft.ends_at is not None and first > draft.ends_at:
        at = _moment(first, draft.timezone)
        return Problem(f"nothing would run: the first run is {at}, after ends_at")
    return None


def _payload_problems(draft: ScheduleDraft, *, has_type: bool) -> dict[str, Problem]:
    text = draft_fields.json_problem(draft.payload, draft_fields.LARGEST_PAYLOAD)
    problems = {} if text is None else {"payload": Problem(text)}
    if not has_type:
        return problems
    try:
        runner = catalog().runner(draft.job_type)
        if not problems:
            runner.validate(draft.payload)
    except Invalid as bad:
        problems |= bad.fields
    return problems


def _text_problem(expression: object) -> str | None:
    if not isinstance(expression, str):
        return "this must be a text"
    if len(expression) > _LONGEST_EXPRESSION:
        return f"this has {len(expression):,} characters; it may have {_LONGEST_EXPRESSION:,}"
    return None


def _zone_problems(name: object) -> dict[str, Problem]:
    if not isinstance(name, str):
        return {"timezone": Problem("this must be the name of a time zone")}
    try:
        find_zone(name)
    except Invalid as bad:
        return bad.fields
    return {}


def _moment(at: datetime, zone: str) -> str:
    return moment(at.astimezone(find_zone(zone).wall(0).tzinfo))
