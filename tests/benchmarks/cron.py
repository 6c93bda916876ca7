"""The next instant of cron expressions, against croniter and cronsim, in UTC and Europe/Berlin.

Prints one JSON line a comparison. In each, the libraries take turns (A B A B ...) on the same
expressions and starting points, so that the machine's moods fall on all of them.

    cold       parse, then one next instant, for 200 varied expressions. Our caches of texts are
               emptied before each run; what the 200 have in common is still read only once.
    cold-each  the same with our caches emptied before each single expression.
    warm       200 parsed expressions, 20 steps each, datetime in and datetime out.
    epoch      as warm, through `next_epoch`, as the engine does it.
    hard       as warm, for leap days.
    rare       as warm, for days that are rarer still.

croniter and cronsim get aware datetimes, as their users pass them; croniter is left out where a
single run of it would take seconds.
"""

from __future__ import annotations

import json
import platform
import random
import statistics
import time
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from croniter import croniter
from cronsim import CronSim

from tfui.core import cron_field, cron_text, trigger
from tfui.core.trigger import Cron, parse

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

RUNS = 7
STEPS = 20
START = datetime(2026, 3, 5, 12, 34, 56, tzinfo=UTC)
ZONES = ("UTC", "Europe/Berlin")
HARD = ("0 0 29 2 *", "30 5 29 2 *")
RARE = ("0 12 29 2 */2", "15 4 * 2 1#5", "0 0 29 2 */3")

# Forms in the proportions in which crontabs have them; every one means the same to all three.
FORMS = (
    "*/{step} * * * *",
    "{minute} * * * *",
    "{minute} {hour} * * *",
    "{minute} {hour} * * *",
    "{minute} {hour} * * {weekday}",
    "{minute} {hour} * * 1-5",
    "{minute} {hour} {day} * *",
    "{minute} {hour} {day},{later} * *",
    "{minute} */{hours} * * *",
    "*/{step} {early}-{late} * * 1-5",
    "{minute},{other} {early}-{late} * * *",
    "{minute} {hour} {day} {month} *",
    "{minute} {hour} 1 */{months} *",
    "{minute} {hour} {day} * {weekday}",
    "* {early}-{late} * * *",
    "{minute}-{other} {hour} * {month}-12 *",
)


def varied(number: int, *, seed: int = 7) -> list[str]:
    """Make expressions by filling the forms at random, the same ones each time."""
    draw = random.Random(seed)
    return [
        draw.choice(FORMS).format(
            step=draw.choice([2, 5, 10, 15, 20, 30]),
            minute=draw.randrange(30),
            other=draw.randrange(31, 60),
            hour=draw.randrange(24),
            hours=draw.choice([2, 3, 4, 6, 8, 12]),
            early=draw.randrange(12),
            late=draw.randrange(13, 24),
            day=draw.randrange(1, 15),
            later=draw.randrange(16, 29),
            month=draw.randrange(1, 12),
            months=draw.choice([2, 3, 4, 6]),
            weekday=draw.randrange(7),
        )
        for _ in range(number)
    ]


def forget() -> None:
    """Empty our caches of everything read from a text."""
    for kept in (
        trigger._cron,
        cron_text._restricted,
        cron_field._values,
        cron_field._month_days,
        cron_field._week_days,
    ):
        kept.cache_clear()


def ours(expressions: Sequence[str], zone: str) -> list[Cron]:
    """Parse all with tfui."""
    found = [parse("cron", text, zone=zone, anchor=START) for text in expressions]
    return [each for each in found if isinstance(each, Cron)]


class Contest:
    """One kind of work on one zone, done by each library in turn."""

    def __init__(self, name: str, zone: str, expressions: Sequence[str], steps: int) -> None:
        self.name = name
        self.zone = zone
        self.expressions = expressions
        self.steps = steps
        self.start = START.astimezone(UTC if zone == "UTC" else ZoneInfo(zone))

    def cold(self) -> dict[str, Callable[[], float]]:
        """Parse and give one next instant; the caches are emptied outside of the time taken."""

        def tfui() -> float:
            forget()
            begun = time.perf_counter()
            for text in self.expressions:
                parse("cron", text, zone=self.zone, anchor=START).next_after(START)
            return time.perf_counter() - begun

        return {"tfui": tfui, "cronsim": self._cronsim_cold, "croniter": self._croniter_cold}

    def cold_each(self) -> dict[str, Callable[[], float]]:
        """As `cold`, with nothing shared between expressions."""

        def tfui() -> float:
            spent = 0.0
            for text in self.expressions:
                forget()
                begun = time.perf_counter()
                parse("cron", text, zone=self.zone, anchor=START).next_after(START)
                spent += time.perf_counter() - begun
            return spent

        return {"tfui": tfui, "cronsim": self._cronsim_cold}

    def warm(self) -> dict[str, Callable[[], float]]:
        """Step parsed expressions, datetimes in and out."""
        rules = ours(self.expressions, self.zone)

        def tfui() -> float:
            begun = time.perf_counter()
            for rule in rules:
                at: datetime | None = START
                for _ in range(self.steps):
                    if at is not None:
                        at = rule.next_after(at)
            return time.perf_counter() - begun

        return {"tfui": tfui, "cronsim": self._cronsim_warm, "croniter": self._croniter_warm}

    def epoch(self) -> dict[str, Callable[[], float]]:
        """Step parsed expressions in whole seconds."""
        rules = ours(self.expressions, self.zone)
        start = int(START.timestamp())

        def tfui() -> float:
            begun = time.perf_counter()
            for rule in rules:
                at: int | None = start
                for _ in range(self.steps):
                    if at is not None:
                        at = rule.next_epoch(at)
            return time.perf_counter() - begun

        return {"tfui": tfui, "cronsim": self._cronsim_warm}

    def hard(self) -> dict[str, Callable[[], float]]:
        """As `warm`; croniter would search for seconds."""
        contestants = self.warm()
        del contestants["croniter"]
        return contestants

    rare = hard

    def run(self) -> None:
        """Let all take turns and print the outcome."""
        contestants: dict[str, Callable[[], float]] = getattr(self, self.name.replace("-", "_"))()
        work = len(self.expressions) * self.steps
        rates: dict[str, list[float]] = {name: [] for name in contestants}
        for _ in range(RUNS):
            for name, contestant in contestants.items():
                rates[name].append(work / contestant())
        medians = {name: statistics.median(found) for name, found in rates.items()}
        print(
            json.dumps(
                {
                    "name": f"cron-{self.name}",
                    "zone": self.zone,
                    "inputs": {"expressions": len(self.expressions), "steps": self.steps},
                    "runs": RUNS,
                    "versions": {
                        "python": platform.python_version(),
                        **{name: version(name) for name in ("croniter", "cronsim")},
                    },
                    "per_second": {
                        name: {
                            "min": round(min(found)),
                            "median": round(medians[name]),
                            "max": round(max(found)),
                        }
                        for name, found in rates.items()
                    },
                    "ratio": {
                        f"tfui/{name}": round(medians["tfui"] / median, 2)
                        for name, median in medians.items()
                        if name != "tfui"
                    },
                }
            )
        )

    def _cronsim_cold(self) -> float:
        begun = time.perf_counter()
        for text in self.expressions:
            next(CronSim(text, self.start))
        return time.perf_counter() - begun

    def _croniter_cold(self) -> float:
        begun = time.perf_counter()
        for text in self.expressions:
            croniter(text, self.start).get_next(datetime)
        return time.perf_counter() - begun

    def _cronsim_warm(self) -> float:
        iterators = [CronSim(text, self.start) for text in self.expressions]
        begun = time.perf_counter()
        for iterator in iterators:
            for _ in range(self.steps):
                next(iterator)
        return time.perf_counter() - begun

    def _croniter_warm(self) -> float:
        iterators = [croniter(text, self.start) for text in self.expressions]
        begun = time.perf_counter()
        for iterator in iterators:
            for _ in range(self.steps):
                iterator.get_next(datetime)
        return time.perf_counter() - begun


def main() -> None:
    """Run every contest."""
    expressions = varied(200)
    for zone in ZONES:
        Contest("cold", zone, expressions, 1).run()
        Contest("cold-each", zone, expressions, 1).run()
        Contest("warm", zone, expressions, STEPS).run()
        Contest("epoch", zone, expressions, STEPS).run()
        Contest("hard", zone, HARD * 20, STEPS).run()
        Contest("rare", zone, RARE * 5, STEPS).run()


if __name__ == "__main__":
    main()
