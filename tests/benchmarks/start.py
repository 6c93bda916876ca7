"""How long `tfui next` takes to answer, beside a Python that only imports croniter and typer.

Whole processes, in turns, so that the machine's moods fall on both. One JSON line: seconds and ratio.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from importlib.metadata import version

COMMANDS = {
    "next": [
        sys.executable,
        "-m",
        "tfui",
        "next",
        "*/15 9-17 * * mon-fri",
        "--tz",
        "Europe/Berlin",
    ],
    "imports": [sys.executable, "-c", "import croniter, typer"],
}


def seconds(command: list[str]) -> float:
    """Run one process to its end and time it."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("PYTHON")
    }
    begun = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=environment)
    return time.perf_counter() - begun


def spread(values: list[float]) -> dict[str, float]:
    """Give min, median and max."""
    return {
        "min": round(min(values), 4),
        "median": round(statistics.median(values), 4),
        "max": round(max(values), 4),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=21)
    options = parser.parse_args()
    for command in COMMANDS.values():
        seconds(command)  # compiled files and a warm disk cache for both
    taken: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(options.rounds):
        for name, command in COMMANDS.items():
            taken[name].append(seconds(command))
    ratios = [ours / theirs for ours, theirs in zip(taken["next"], taken["imports"], strict=True)]
    json.dump(
        {
            "name": "start",
            "inputs": {"rounds": options.rounds},
            "versions": {
                "python": platform.python_version(),
                "typer": version("typer"),
                "croniter": version("croniter"),
            },
            "next_seconds": spread(taken["next"]),
            "imports_seconds": spread(taken["imports"]),
            "ratio": spread(ratios),
        },
        sys.stdout,
    )
    print()


if __name__ == "__main__":
    main()
