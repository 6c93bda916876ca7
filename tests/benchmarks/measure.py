"""What the benchmark scripts share: interleaved rounds, one JSON line of figures, and scratch stores.

Machines are noisy, so only ratios of sides that ran in turns count: A B C, A B C, ...
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import sys
import tempfile
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tfui.store import migrations
from tfui.store.connection import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence


def interleaved(sides: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """Call every side once a round, after one call of each that does not count."""
    for side in sides.values():
        side()
    figures: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, side in sides.items():
            figures[name].append(side())
    return figures


def ratios(figures: Mapping[str, Sequence[float]], ours: str) -> dict[str, dict[str, float]]:
    """Give our figure over each other side's, round by round."""
    return {
        name: spread([mine / theirs for mine, theirs in zip(figures[ours], values, strict=True)])
        for name, values in figures.items()
        if name != ours
    }


def spread(values: Sequence[float]) -> dict[str, float]:
    """Give min, median and max."""
    return {
        "min": round(min(values), 3),
        "median": round(statistics.median(values), 3),
        "max": round(max(values), 3),
    }


def report(name: str, inputs: Mapping[str, Any], packages: Sequence[str], **figures: Any) -> None:
    """Print the one line of a benchmark."""
    versions = {"python": platform.python_version(), "cores": os.cpu_count()}
    line = {
        "name": name,
        "inputs": dict(inputs),
        "versions": versions | {package: version(package) for package in packages},
        **figures,
    }
    json.dump(line, sys.stdout)
    sys.stdout.write("\n")
    sys.stdout.flush()


@contextmanager
def folder() -> Iterator[Path]:
    """Give a folder that goes away."""
    with tempfile.TemporaryDirectory(prefix="tfui-bench-") as name:
        yield Path(name)


@contextmanager
def a_store(path: Path) -> Iterator[Store]:
    """Give a fresh, migrated SQLite store."""
    store = Store(str(path))
    migrations.upgrade(store)
    try:
        yield store
    finally:
        store.close()
