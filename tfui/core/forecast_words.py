"""What a forecast says, in the few words that the command line and the dashboard share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfui.core.forecast import Fate

if TYPE_CHECKING:
    from collections.abc import Mapping

FATES: Mapping[Fate, str] = {
    Fate.RUNS: "runs",
    Fate.BUFFERED: "waits for the run before it",
    Fate.REPLACES: "cancels the run before it",
    Fate.HELD: "is held up without an end",
    Fate.CANCELLED: "is cancelled by the next one",
    Fate.SKIP_OVERLAP: "is skipped: the run before it still runs",
    Fate.SKIP_DEPENDENCY: "is skipped: what it comes after does not run",
    Fate.BESIDE: "runs side by side with the run before it",
}
"""What becomes of a start."""

OVERLAPS: Mapping[Fate, str] = {
    Fate.SKIP_OVERLAP: "skipped",
    Fate.BUFFERED: "waiting for the one before",
    Fate.BESIDE: "side by side",
    Fate.REPLACES: "cancelling the one before",
}
"""What becomes of runs that meet the one before, after their number: `8 skipped`."""


def told(fates: Mapping[Fate, int]) -> str:
    """Say how many become what: `30 skipped, 29 waiting for the one before`."""
    return ", ".join(f"{count:,} {OVERLAPS[fate]}" for fate, count in fates.items())
