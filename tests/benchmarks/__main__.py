"""Runs every benchmark, one after the other, and prints the table of ratios.

`python -m tests.benchmarks` runs all; names choose some: `python -m tests.benchmarks fire run`. Each
script's own JSON line is printed as it comes, to standard error, so that a file of them can be kept.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SHARED = {"__init__", "__main__", "measure"}
"""Modules in this folder that measure nothing by themselves."""


def names() -> list[str]:
    """Give the benchmarks there are: the scripts that have a `main`."""
    return sorted(
        path.stem
        for path in HERE.glob("*.py")
        if path.stem not in SHARED and "\ndef main(" in path.read_text(encoding="utf-8")
    )


def run(name: str) -> list[dict[str, Any]]:
    """Run one in a process of its own; give its lines."""
    done = subprocess.run(
        [sys.executable, "-m", f"tests.benchmarks.{name}"],
        stdout=subprocess.PIPE,
        cwd=HERE.parents[1],
        text=True,
        check=False,
    )
    sys.stderr.write(done.stdout)
    if done.returncode:
        sys.stderr.write(f"{name} ended with {done.returncode}\n")
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def medians(figures: Any, path: str = "") -> list[tuple[str, float]]:
    """Give every median in a benchmark's figures with the words that lead to it."""
    if not isinstance(figures, dict):
        return []
    if "median" in figures:
        return [(path, figures["median"])]
    found: list[tuple[str, float]] = []
    for key, value in figures.items():
        found += medians(value, f"{path} {key}".strip())
    return found


def main(chosen: list[str]) -> int:
    """Run the chosen benchmarks, or all; 2 when a name is unknown."""
    known = names()
    unknown = sorted(set(chosen) - set(known))
    if unknown:
        print(f"unknown: {', '.join(unknown)}; there are {', '.join(known)}")
        return 2
    rows = [
        (line.get("name", name), what, median)
        for name in chosen or known
        for line in run(name)
        for what, median in medians(line)
    ]
    width = max((len(what) for _, what, _ in rows), default=0)
    for name, what, median in rows:
        print(f"{name:<12} {what:<{width}} {median:>14,.3f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
