"""Runs every benchmark, one after the other, and prints the table of ratios.

`python -m tests.benchmarks` runs all; names choose some: `python -m tests.benchmarks fire run`. Each
script's own JSON line is printed as it comes, to standard error, and kept in `measured.jsonl`. At the
end comes the table of targets; `--table` prints the README's from what is kept, `--readme` puts it there.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.benchmarks import targets

HERE = Path(__file__).parent
SHARED = {"__init__", "__main__", "measure", "targets"}
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


def main(chosen: list[str]) -> int:
    """Run the chosen benchmarks, or all; 2 when a name is unknown."""
    if chosen == ["--table"]:
        print(targets.markdown())
        return 0
    if chosen == ["--readme"]:
        targets.write_readme(HERE.parents[1] / "README.md")
        return 0
    known = names()
    unknown = sorted(set(chosen) - set(known))
    if unknown:
        print(f"unknown: {', '.join(unknown)}; there are {', '.join(known)}")
        return 2
    lines = [line for name in chosen or known for line in run(name)]
    targets.keep(lines)
    ran = {targets.name_of(line): line for line in lines}
    rows = [row for row in targets.table(ran) if row[-1] != "not measured"]
    widths = [max(map(len, column)) for column in zip(targets.HEADINGS, *rows, strict=True)]
    for row in (targets.HEADINGS, *rows):
        print("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
