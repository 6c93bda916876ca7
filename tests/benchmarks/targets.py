"""What every benchmark has to reach, and the table of what it has reached.

The last line of each benchmark is kept in `measured.jsonl`; the README's table is made from it. Where
a target is an amount (milliseconds, megabytes), the ratio is to that amount, for the table has no times.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

KEPT = Path(__file__).parent / "measured.jsonl"
HEADINGS = ("benchmark", "held against", "ratio", "target", "")


@dataclass(frozen=True, slots=True)
class Target:
    """One figure of one benchmark, and how high or low its ratio must be."""

    line: str
    """The name of the benchmark's line, with its zone if it has one."""
    what: str
    against: str
    path: tuple[str, ...]
    """Where the spread of the figure, or its median, is in the line."""
    least: float | None = None
    most: float | None = None
    allowed: float = 1
    """The amount that the figure is divided by."""

    def reached(self, line: dict[str, Any]) -> float | None:
        """Give the median ratio; None when the line lacks it, as without a peer to measure against."""
        found: Any = line
        for key in self.path:
            if key not in found:
                return None
            found = found[key]
        return float(found["median"] if isinstance(found, dict) else found) / self.allowed

    def is_met(self, ratio: float) -> bool:
        """Whether the ratio, as it is printed, is high or low enough."""
        shown = float(_shown(ratio))
        return (self.least is None or shown >= self.least) and (
            self.most is None or shown <= self.most
        )

    @property
    def wanted(self) -> str:
        """The target in words."""
        return f"≥ {self.least:g}" if self.least is not None else f"≤ {self.most:g}"


_FIRE = "10,000 due at once, planned per second"
TARGETS = (
    Target("fire", _FIRE, "APScheduler 3", ("ratio", "apscheduler"), least=20),
    Target("fire", _FIRE, "huey", ("ratio", "huey"), least=1.5),
    Target("fire", _FIRE, "sqlite3 alone", ("ratio", "raw"), least=0.4),
    Target(
        "cron-cold@UTC", "cron, parsed and stepped", "cronsim", ("ratio", "tfui/cronsim"), least=3
    ),
    Target("cron-warm@UTC", "cron, stepped on", "cronsim", ("ratio", "tfui/cronsim"), least=8),
    Target("cron-hard@UTC", "cron, hard ones", "cronsim", ("ratio", "tfui/cronsim"), least=30),
    Target(
        "lateness", "processor while waiting", "APScheduler 3",
        ("ratio_to_apscheduler", "cpu_percent"), most=1,
    ),
    Target(
        "lateness", "lateness, median", "APScheduler 3",
        ("ratio_to_apscheduler", "p50_ms"), most=1.5,
    ),
    Target(
        "lateness", "lateness, 99th percentile", "APScheduler 3",
        ("ratio_to_apscheduler", "p99_ms"), most=1.5,
    ),
    Target("run", "no-op jobs, carried out per second", "huey", ("ratio", "huey"), least=1),
    Target("shell", "commands, run per second", "subprocess.Popen", ("ratio", "popen"), least=0.8),
    Target(
        "list", "list of 100,000, read and drawn", "sqlite3 alone, reading",
        ("ratios", "load_over_sqlite3"), most=1.5,
    ),
    Target(
        "list", "key to frame at 100,000", "the same at 100",
        ("ratios", "key_many_over_few"), most=1.2,
    ),
    Target("list", "filter key to frame", "50 ms", ("figures", "many_filter"), most=1, allowed=50),
    Target("list", "memory of 100,000", "25 MB", ("figures", "many_memory"), most=1, allowed=25),
    Target(
        "first_frame", "start to first frame", "a trivial Textual app",
        ("ratios", "first_frame_over_trivial"), most=1.6,
    ),
    Target(
        "first_frame", "start to first rows", "posting's first frame",
        ("ratios", "first_rows_over_posting"), most=1,
    ),
    Target("start", "`tfui next`", "importing croniter and typer", ("ratio",), most=1.5),
    Target(
        "ui_load", "tick with 100 no-op jobs/s, 95th", "20 ms",
        ("milliseconds", "noop_p95"), most=1, allowed=20,
    ),
    Target(
        "ui_load", "tick with 100 no-op jobs/s, 99th", "50 ms",
        ("milliseconds", "noop_p99"), most=1, allowed=50,
    ),
    Target(
        "ui_load", "tick with 100 commands/s, 95th", "20 ms",
        ("milliseconds", "shell_p95"), most=1, allowed=20,
    ),
    Target(
        "ui_load", "tick with 100 commands/s, 99th", "50 ms",
        ("milliseconds", "shell_p99"), most=1, allowed=50,
    ),
    Target(
        "idle", "idle with its engine, 40 countdowns", "2 % of a core",
        ("percent_of_a_core", "tfui"), most=1, allowed=2,
    ),
    Target(
        "keystroke", "key in the editor, with preview", "50 ms",
        ("milliseconds", "cron"), most=1, allowed=50,
    ),
    Target(
        "scale", "a turn with 1,000,000 stored", "the same with 1,000",
        ("ratio_to_smallest", "1000000"), most=1.3,
    ),
    Target(
        "history", "summary after 1,000,000 jobs", "20 ms",
        ("milliseconds", "summary, many"), most=1, allowed=20,
    ),
    Target(
        "history", "detail after 1,000,000 jobs", "30 ms",
        ("milliseconds", "detail, many"), most=1, allowed=30,
    ),
)  # fmt: skip


def name_of(line: dict[str, Any]) -> str:
    """Give the name that a benchmark's line is kept under."""
    return f"{line['name']}@{line['zone']}" if "zone" in line else str(line["name"])


def kept() -> dict[str, dict[str, Any]]:
    """Give the last line of every benchmark."""
    if not KEPT.exists():
        return {}
    lines = map(json.loads, KEPT.read_text(encoding="utf-8").splitlines())
    return {name_of(line): line for line in lines}


def keep(lines: list[dict[str, Any]]) -> None:
    """Let these lines take the place of the ones before them."""
    found = kept() | {name_of(line): line for line in lines}
    KEPT.write_text(
        "".join(f"{json.dumps(found[name])}\n" for name in sorted(found)), encoding="utf-8"
    )


def table(lines: dict[str, dict[str, Any]]) -> list[tuple[str, ...]]:
    """Give a row for each target: what, against what, the ratio, the target, met or missed."""
    rows: list[tuple[str, ...]] = []
    for target in TARGETS:
        ratio = target.reached(lines[target.line]) if target.line in lines else None
        verdict = "not measured" if ratio is None else "met" if target.is_met(ratio) else "missed"
        shown = "" if ratio is None else _shown(ratio)
        rows.append((target.what, target.against, shown, target.wanted, verdict))
    return rows


def markdown() -> str:
    """Give the table of what was measured last, as the README has it."""
    rule = tuple("---" for _ in HEADINGS)
    rows = [HEADINGS, rule, *table(kept())]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def write_readme(path: Path) -> None:
    """Put the table into its place in the README."""
    before, heading, after = path.read_text(encoding="utf-8").partition("\n## Measured\n")
    section, rule, rest = after.partition("\n## ")
    text = section[: section.index("| benchmark")]
    path.write_text(f"{before}{heading}{text}{markdown()}\n{rule}{rest}", encoding="utf-8")


def _shown(ratio: float) -> str:
    return f"{ratio:.2f}" if ratio < 10 else f"{ratio:.0f}"
