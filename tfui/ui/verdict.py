"""The verdict: that all is well, or the one trouble that matters most, with the key that leads to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from tfui.core.crowding import LATEST
from tfui.core.health import Condition
from tfui.core.states import SkipReason
from tfui.core.words import counted
from tfui.ui import absence_words, spans
from tfui.ui.cause_words import cause_words
from tfui.ui.glyphs import OF_CONDITION, SKIPPED
from tfui.ui.keys import BY_ID
from tfui.ui.missed_words import tally_words
from tfui.ui.plain import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from uuid import UUID

    from tfui.core.crowding import Crowded
    from tfui.core.likely_cause import Cause
    from tfui.model.backlog import PausedQueue
    from tfui.model.missed import MissedTally
    from tfui.model.schedule import Pulse
    from tfui.ui.absence_words import Absence
    from tfui.ui.engine_words import EngineWords
    from tfui.ui.glyphs import Glyph
    from tfui.ui.key_map import KeyMap

STEP_MATTERS = timedelta(minutes=10)
"""How long a step of the clock is told of before what fails; the summary bar tells of it longer."""

ENGINE, PROBLEMS, MISSED = "view.engine", "problems", "missed"
"""Actions that a verdict leads to, by their ids."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One sentence, its glyph, its colour, the keys that help, and the action that leads there."""

    glyph: Glyph | None
    text: str
    role: str
    hint: str = ""
    leads: str = ""
    shows: UUID | None = None
    """The schedule to show instead, where it speaks of one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is judged: everything that may be wrong at one moment."""

    pulse: Pulse
    troubled: Sequence[str]
    """A few names of what fails or is late."""
    engine: EngineWords
    engine_error: str | None
    store_trouble: str | None
    """Why the store cannot be read, or written by anybody here; None when it can."""
    clock_step: Absence | None
    paused: Sequence[PausedQueue]
    causes: Sequence[Cause]
    crowded: Sequence[Crowded]
    missed: MissedTally
    drafts: Sequence[str]
    """Names of schedules with unsaved work; empty for one that has no name yet."""
    are_problems_shown: bool
    """Whether only problems are listed: the key for them leads back then."""
    now: datetime


def judge(standing: Standing, key_map: KeyMap) -> Verdict:
    """Choose the trouble that matters most."""
    for look in _LOOKS:
        verdict = look(standing, key_map)
        if verdict is not None:
            return verdict
    return _well(standing)


def _engine(standing: Standing, keys: KeyMap) -> Verdict | None:
    if not standing.engine.starts_nothing:
        return None
    why = f": {plain(standing.engine_error)}" if standing.engine_error else ""
    text = f"no engine is running{why}; nothing will start here"
    return _at_engine(text, standing.engine.role, keys)


def _store(standing: Standing, keys: KeyMap) -> Verdict | None:
    if standing.store_trouble is None:
        return None
    return _at_engine(f"the store: {plain(standing.store_trouble)}", "st-fail", keys)


def _clock(standing: Standing, keys: KeyMap) -> Verdict | None:
    step = standing.clock_step
    if step is None or abs(standing.now - step.at) > STEP_MATTERS:
        return None
    ago = absence_words.ago(step.at, standing.now)
    text = f"the clock was {absence_words.step_words(step)}, {ago}"
    return _at_engine(f"{text}; nothing runs twice", "st-late", keys)


def _paused(standing: Standing, keys: KeyMap) -> Verdict | None:
    holding = [queue for queue in standing.paused if queue.waiting]
    if not holding:
        return None
    jobs = sum(queue.waiting for queue in holding)
    held = counted(jobs, "job")
    names = ", ".join(plain(queue.name) for queue in holding[:2])
    more = f" and {len(holding) - 2} more" if len(holding) > 2 else ""
    queues = "the paused queue" if len(holding) == 1 else "the paused queues"
    glyph = OF_CONDITION[Condition.PAUSED]
    text = f"{queues} {names}{more} {'holds' if len(holding) == 1 else 'hold'} {held}"
    return Verdict(glyph, text, "st-late", _hint(keys, ENGINE), ENGINE)


def _failing(standing: Standing, keys: KeyMap) -> Verdict | None:
    count = standing.pulse.failing
    if not count:
        return None
    failed = OF_CONDITION[Condition.FAILED]
    if standing.causes:
        text = cause_words(standing.causes[0], count)
    else:
        text = _counted(count, "failing", standing.troubled)
    return Verdict(failed, text, failed.role, _problem_hint(standing, keys), PROBLEMS)


def _late(standing: Standing, keys: KeyMap) -> Verdict | None:
    count = standing.pulse.late
    if not count:
        return None
    late = OF_CONDITION[Condition.LATE]
    text = _counted(count, "late", standing.troubled)
    return Verdict(late, text, late.role, _problem_hint(standing, keys), PROBLEMS)


def _crowded(standing: Standing, keys: KeyMap) -> Verdict | None:
    """Tell of schedules that skip most of their runs; `core.crowding` says when that is."""
    if not standing.crowded:
        return None
    first, others = standing.crowded[0], len(standing.crowded) - 1
    name = plain(first.schedule)
    some = "" if first.skipped == LATEST else f"{first.skipped} of "
    skips = f"{name} skipped {some}its last {LATEST} runs"
    if others:
        text = f"{name} and {others} more skip most of their runs: each overlaps itself or a limit"
    elif first.by is SkipReason.SHED_RATE:
        text = f"{skips}: a rate limit holds it up"
    else:
        text = f"{skips}: it overlaps itself"
    hint = _problem_hint(standing, keys, "its runs")
    return Verdict(SKIPPED, text, SKIPPED.role, hint, PROBLEMS, first.schedule_id)


def _missed(standing: Standing, keys: KeyMap) -> Verdict | None:
    if not standing.missed.runs:
        return None
    hint = _hint(keys, MISSED)
    return Verdict(SKIPPED, tally_words(standing.missed), SKIPPED.role, hint, MISSED)


def _draft(standing: Standing, keys: KeyMap) -> Verdict | None:
    if not standing.drafts:
        return None
    name = plain(standing.drafts[0])
    more = f" and {len(standing.drafts) - 1} more" if len(standing.drafts) > 1 else ""
    text = f"unsaved work on {name or 'a new schedule'}{more}"
    hint = _hint(keys, "edit" if name else "add")
    return Verdict(OF_CONDITION[Condition.RETRYING], text, "st-late", hint)


_LOOKS: tuple[Callable[[Standing, KeyMap], Verdict | None], ...] = (
    _engine,
    _store,
    _clock,
    _paused,
    _failing,
    _late,
    _crowded,
    _missed,
    _draft,
)
"""What may be wrong, what matters most first."""


def _well(standing: Standing) -> Verdict:
    pulse = standing.pulse
    if not pulse.summary.active:
        return Verdict(None, "nothing is on" if pulse.summary.total else "", "dim")
    well = OF_CONDITION[Condition.OK]
    text = f"all {pulse.summary.active:,} on time" if pulse.summary.active > 1 else "on time"
    if pulse.next_run_at is not None and pulse.next_name:
        wait = spans.countdown(pulse.next_run_at - standing.now)
        text = f"{text}, next {plain(pulse.next_name)} in {wait}"
    return Verdict(well, text, well.role)


def _at_engine(text: str, role: str, keys: KeyMap) -> Verdict:
    return Verdict(OF_CONDITION[Condition.LATE], text, role, _hint(keys, ENGINE), ENGINE)


def _hint(keys: KeyMap, action: str, word: str = "") -> str:
    return f"{keys.name(action)} {word or BY_ID[action].word}"


def _problem_hint(standing: Standing, keys: KeyMap, word: str = "") -> str:
    """Name the key that shows problems, after that for what was missed: both wait for somebody."""
    hint = _hint(keys, PROBLEMS, "all schedules" if standing.are_problems_shown else word)
    missed = standing.missed.runs
    return f"{_hint(keys, MISSED)} ({missed:,})  {hint}" if missed else hint


def _counted(count: int, what: str, names: Sequence[str]) -> str:
    """Say how many, and name a few of them."""
    shown = [plain(name) for name in names[:3]]
    more = f" and {count - len(shown)} more" if count > len(shown) else ""
    return f"{count} {what}" + (f": {', '.join(shown)}{more}" if shown else "")
