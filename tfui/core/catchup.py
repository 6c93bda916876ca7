"""Catch-up: what becomes of a schedule's due occurrences when the engine sees them late.

An occurrence is missed when it is first seen more than `grace` after its time. If none of those
due is missed, all run. If one is, everything due is one backlog, and the policy picks from it:

    latest     the newest runs and stands for the rest (`coalesced`)
    earliest   the oldest inside the window runs and stands for the rest (`coalesced`)
    all        the newest `cap` inside the window run; older ones are `missed_cap`
    skip       missed ones are skipped for the reason the engine was away (`missed_down`, ...);
               the newest still runs if it is within the grace, and stands for others that are

Except under `skip`, what is older than `window` is `missed_deadline`, and nothing is caught up once the
schedule's end has passed: that would begin outside of its window (`skip_window`). A once always runs.
Only ranges and counts are worked out, so a year away from a one-second schedule costs milliseconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tfui.core.once import Once
from tfui.core.states import OnMissed, SkipReason

if TYPE_CHECKING:
    from tfui.core.trigger import Trigger

GRACE = timedelta(seconds=60)
WINDOW = timedelta(hours=24)
CAP = 100

_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Skipped:
    """Occurrences in a row that will not run, for one reason."""

    from_at: datetime
    """The first of them."""
    to_at: datetime
    """The last of them."""
    count: int
    reason: SkipReason


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of everything due; runs and skipped ranges are ascending and disjoint."""

    runs: tuple[datetime, ...]
    """Nominal times to run."""
    skipped: tuple[Skipped, ...]
    cursor_at: datetime
    """The last occurrence decided: everything up to it is in `runs` or `skipped`."""
    next_run_at: datetime | None


def decide(
    trigger: Trigger,
    *,
    first: datetime,
    now: datetime,
    on_missed: OnMissed,
    grace: timedelta = GRACE,
    window: timedelta = WINDOW,
    cap: int = CAP,
    missed_reason: SkipReason = SkipReason.MISSED_DOWN,
    ends_at: datetime | None = None,
) -> Decision:
    """Decide about every occurrence from `first` (an occurrence, `<= now`) to `now`.

    After `ends_at` the trigger has none, and what was missed before it is not caught up.
    """
    until = now if ends_at is None else min(now, ends_at)
    last = max(trigger.last_at_or_before(until) or first, first)
    next_run_at = trigger.next_after(now)
    if next_run_at is not None and ends_at is not None and next_run_at > ends_at:
        next_run_at = None
    if first == last and (isinstance(trigger, Once) or first >= now - grace):
        return Decision((first,), (), first, next_run_at)
    backlog = _Backlog(trigger, first, last)
    opening = now - max(window, grace)
    if first >= now - grace:
        backlog.run_newest(first, cap)
    elif on_missed is OnMissed.SKIP:
        backlog.skip_until(now - grace, missed_reason)
        backlog.run_one(last)
    else:
        backlog.skip_until(opening, SkipReason.MISSED_DEADLINE)
        if ends_at is not None and ends_at < now - grace:
            backlog.skip_until(last + _TICK, SkipReason.SKIP_WINDOW)
        elif on_missed is OnMissed.ALL:
            backlog.run_newest(opening, cap)
        elif on_missed is OnMissed.LATEST:
            backlog.run_one(last)
        else:
            backlog.run_one(backlog.at)
    return Decision(tuple(backlog.runs), tuple(backlog.skipped), last, next_run_at)


class _Backlog:
    """Occurrences from `at` to `last`, taken from the front until none is left."""

    def __init__(self, trigger: Trigger, first: datetime, last: datetime) -> None:
        self.at: datetime | None = first
        self.runs: list[datetime] = []
        self.skipped: list[Skipped] = []
        self._trigger = trigger
        self._last = last

    def skip_until(self, bound: datetime, reason: SkipReason) -> None:
        """Skip all that lie before `bound`."""
        if self.at is None or self.at >= bound:
            return
        end = self._last
        if end >= bound:
            # `at` lies before the bound, so there is one; were there not, it would be `at`.
            end = self._trigger.previous_before(bound) or self.at
        count = 1 + self._trigger.count(self.at, end)
        self.skipped.append(Skipped(self.at, end, count, reason))
        self._move_past(end)

    def run_one(self, chosen: datetime | None) -> None:
        """Run `chosen`, if it is still there, and let it stand for all others left."""
        if self.at is None or chosen is None:
            return
        self.skip_until(chosen, SkipReason.COALESCED)
        self.runs.append(chosen)
        self._move_past(chosen)
        self.skip_until(self._last + _TICK, SkipReason.COALESCED)

    def run_newest(self, since: datetime, cap: int) -> None:
        """Run the newest `cap` of what is left, none before `since`."""
        newest: list[datetime] = []
        step: datetime | None = self._last
        floor = None if self.at is None else max(self.at, since)
        while floor is not None and step is not None and step >= floor and len(newest) < cap:
            newest.append(step)
            step = self._trigger.previous_before(step)
        newest.reverse()
        self.skip_until(newest[0] if newest else self._last + _TICK, SkipReason.MISSED_CAP)
        self.runs.extend(newest)
        self.at = None

    def _move_past(self, instant: datetime) -> None:
        following = self._trigger.next_after(instant) if instant < self._last else None
        self.at = following
