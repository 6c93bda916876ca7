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
    Fate.SKIP_OVERLAP: "is skipped: the run before it is live",
    Fate.SKIP_DEPENDENCY: "is skipped: what it comes after does not run",
}
"""What becomes of a start."""
