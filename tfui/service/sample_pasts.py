"""What the samples of the demo have been through: days of runs, a night of failures, a lid closed.

Everything follows from the schedules' own triggers and from the instant the demo begins.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tfui.core.catchup import Skipped
from tfui.core.states import AttemptOutcome, DependencyType, OnMissed, SkipReason
from tfui.model.past import Past, PastRun, PastTry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tfui.core.trigger import Trigger

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_TICK = timedelta(microseconds=1)
_ASLEEP = (70 * _MINUTE, 40 * _MINUTE)
"""Since when, and until when before the demo began, the machine slept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """How a sample has run so far."""

    age: timedelta
    """Since when it has been there."""
    seconds: float = 0.2
    """How long an attempt takes, more or less."""
    step: timedelta = _MINUTE
    """How far its letters are apart in time."""
    letters: str = "s"
    """One an occurrence, over and over: s succeeded, r at the second attempt, f failed, t timed out,
    o skipped for its overlap, d skipped for what it comes after."""
    attempts: int = 3
    """How often a failure is tried."""
    pause: float = 10.0
    """Seconds before it is tried again."""
    prints: str = ""
    groans: str = ""
    """What a failure prints."""
    exit_code: int = 1

    def letter(self, nominal: datetime) -> str:
        """Say how the run of an instant went."""
        place = (nominal - datetime(1970, 1, 1, tzinfo=UTC)) // self.step
        return self.letters[place % len(self.letters)]


HABITS = {
    "billing-export": Habit(
        age=16 * _DAY, seconds=42, step=_DAY, letters="sssfss", prints="412 invoices written\n",
        groans="bank.example.org:443 connection refused\n", exit_code=69,
    ),
    "invoice-mail": Habit(
        age=15 * _DAY, seconds=9, step=_DAY, letters="sssdss", prints="412 sent\n"
    ),
    "board-pack-render": Habit(age=70 * _DAY, seconds=95, prints="rendered 48 pages\n"),
    "legacy-sync": Habit(age=12 * _DAY, seconds=3, prints="nothing to do\n"),
    "audit-log-ship": Habit(age=3 * _DAY, seconds=4, prints="shipped 2.1 MB\n"),
    "cache-evict": Habit(
        age=2 * _DAY, seconds=2.5, step=6 * _MINUTE, letters="ssssssssrssss",
        prints="evicted 1,204 entries\n", groans="the cache is locked\n",
    ),
    "schema-upgrade": Habit(age=26 * _HOUR, seconds=12, prints="version 41\n"),
    "risk-recompute": Habit(
        age=130 * _MINUTE, seconds=30, letters="s" * 17 + "o" + "s" * 20,
        prints="".join(f"portfolio {number} of 10\n" for number in range(1, 11)),
    ),
    "warehouse-sync": Habit(
        age=100 * _MINUTE, seconds=10, step=timedelta(seconds=30), letters="sssssssrssss",
        prints="row batch 98\nrow batch 99\nrow batch 100\n", groans="lock wait timeout\n",
    ),
    "webhook-dispatch": Habit(
        age=80 * _MINUTE, step=timedelta(seconds=20), letters="r", pause=4, prints="delivered\n",
        groans="503, again later\n",
    ),
    "slow-report": Habit(
        age=35 * _MINUTE, seconds=8, letters="t", attempts=1, prints="collecting\n"
    ),
    "api-canary": Habit(age=25 * _MINUTE, prints="200 OK in 37 ms\n"),
    "cert-expiry-check": Habit(
        age=18 * _MINUTE, letters="f", attempts=2, pause=3, prints="checking 3 certificates\n",
        groans="api.example.org: connection refused\n", exit_code=69,
    ),
    "heartbeat": Habit(age=8 * _MINUTE, seconds=0.01, prints="beat\n"),
    "stock-report": Habit(age=95 * _MINUTE, seconds=1.1, prints="3 pages\n"),
    "risk-report": Habit(age=125 * _MINUTE, seconds=1.1, prints="7 pages\n"),
    "risk-alarm": Habit(age=125 * _MINUTE, seconds=0.02, prints="watching\n"),
    "wallboard-refresh": Habit(age=15 * _MINUTE, seconds=0.03, prints="drawn\n"),
}  # fmt: skip
"""Every sample that has a past."""


def planned(
    habit: Habit, trigger: Trigger, policy: OnMissed, *, after: datetime, now: datetime
) -> Past:
    """Tell what became of everything a trigger planned in `(after, now]`.

    It ends before the first run that would not be over by then: that one is the engine's.
    """
    asleep = (now - _ASLEEP[0], now - _ASLEEP[1])
    runs: list[PastRun] = []
    gaps: list[Skipped] = []
    reached = now
    awake: list[datetime] = []
    slept: list[datetime] = []
    for nominal in trigger.between(after, now):
        (slept if asleep[0] <= nominal < asleep[1] else awake).append(nominal)
    late = _made_up_for(slept, policy, gaps)
    for place, nominal in enumerate(late):
        runs.append(_run(habit, nominal, asleep[1] + timedelta(seconds=1 + place * habit.seconds)))
    for nominal in awake:
        letter = habit.letter(nominal)
        if letter in "od":
            reason = SkipReason.SKIP_OVERLAP if letter == "o" else SkipReason.SKIP_DEPENDENCY
            gaps.append(Skipped(nominal, nominal, 1, reason))
            continue
        run = _run(habit, nominal, nominal + timedelta(milliseconds=12))
        if run.tries[-1].finished_at >= now:
            reached = nominal - _TICK
            break
        runs.append(run)
    runs.sort(key=lambda run: run.nominal_at)
    gaps.sort(key=lambda gap: gap.from_at)
    return Past(until=reached, runs=tuple(runs), gaps=tuple(gaps))


def followed(
    habit: Habit, parent: Sequence[PastRun], kind: DependencyType, *, since: datetime, now: datetime
) -> Past:
    """Tell what a schedule did that is chained to another, after each of that one's runs."""
    return Past(until=now, runs=tuple(_following(habit, parent, kind, since, now)))


def _following(
    habit: Habit, parent: Iterable[PastRun], kind: DependencyType, since: datetime, now: datetime
) -> Iterator[PastRun]:
    for one in parent:
        last = one.tries[-1]
        if kind is DependencyType.CONDITIONAL and last.outcome is not AttemptOutcome.SUCCEEDED:
            continue
        begun = last.started_at if kind is DependencyType.PARALLEL else last.finished_at
        run = _run(habit, one.nominal_at, begun + timedelta(milliseconds=20))
        if since < one.nominal_at and run.tries[-1].finished_at < now:
            yield run


def _made_up_for(
    slept: Sequence[datetime], policy: OnMissed, gaps: list[Skipped]
) -> Sequence[datetime]:
    """Give what ran late when the machine woke up; the rest is a gap."""
    if not slept or policy is OnMissed.ALL:
        return slept
    late = slept[-1:] if policy is OnMissed.LATEST else []
    missed = slept[: len(slept) - len(late)]
    reason = SkipReason.COALESCED if late else SkipReason.MISSED_SLEEP
    if missed:
        gaps.append(Skipped(missed[0], missed[-1], len(missed), reason))
    return late


def _run(habit: Habit, nominal: datetime, begun: datetime) -> PastRun:
    letter = habit.letter(nominal)
    bad = {"r": 1, "f": habit.attempts, "t": habit.attempts}.get(letter, 0)
    tries: list[PastTry] = []
    for number in range(max(bad, 1) + (letter == "r")):
        tries.append(_try(habit, begun, letter if number < bad else "s", nominal))
        begun = tries[-1].finished_at + timedelta(seconds=habit.pause * 2**number)
    return PastRun(nominal_at=nominal, tries=tuple(tries))


def _try(habit: Habit, begun: datetime, letter: str, nominal: datetime) -> PastTry:
    sway = zlib.crc32(nominal.isoformat().encode()) % 1000 / 1000 - 0.5
    seconds = habit.seconds if letter == "t" else habit.seconds * (1 + 0.4 * sway)
    outcome, exit_code, error = {
        "s": (AttemptOutcome.SUCCEEDED, 0, None),
        "t": (AttemptOutcome.TIMED_OUT, None, f"took longer than its {habit.seconds:g} s"),
    }.get(letter, (AttemptOutcome.FAILED, habit.exit_code, f"exit {habit.exit_code}"))
    printed = (
        [("stdout", habit.prints)] if habit.prints and (letter in "st" or not habit.groans) else []
    )
    if letter in "rf":
        printed.append(("stderr", habit.groans))
    return PastTry(
        started_at=begun,
        finished_at=begun + timedelta(seconds=seconds),
        outcome=outcome,
        exit_code=exit_code,
        error=error,
        printed=tuple(printed),
    )
