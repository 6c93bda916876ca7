"""What the view of the runs says when its list is empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfui.ui.plain import plain
from tfui.ui.run_filters import RunSegment

if TYPE_CHECKING:
    from tfui.ui.run_filters import RunFilter

_NONE = {
    RunSegment.ALL: "Nothing has run yet",
    RunSegment.OK: "No run has succeeded yet",
    RunSegment.FAIL: "No run has failed",
    RunSegment.LIVE: "Nothing is running or waiting",
    RunSegment.SKIP: "Nothing was skipped, missed or cancelled",
}


def nothing(chosen: RunFilter) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    """Say why it is empty, what would be there, and what each action leads to."""
    search, segment = plain(chosen.search.strip()), chosen.segment
    clear = ("close", "clears the filter")
    if search:
        among = "" if segment is RunSegment.ALL else f" among [{segment}]"
        return f"Nothing matches {search!r}{among}", "", (clear,)
    if chosen.is_narrow:
        return _NONE[segment], "", (("runs.segment", "shows the next status"), clear)
    about = "Every run is listed here, and what did not run with its reason"
    return (
        _NONE[segment],
        about,
        (("view.schedules", "the schedules"), ("run", "there runs one now")),
    )
