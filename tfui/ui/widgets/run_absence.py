"""What stands in place of the list of runs when there is nothing in it, and which key leads on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from tfui.ui.key_map import key_map_of
from tfui.ui.plain import plain
from tfui.ui.run_filters import RunSegment

if TYPE_CHECKING:
    from tfui.ui.run_filters import RunFilter

_KEY = "bold $footer-key-foreground"
_NONE = {
    RunSegment.ALL: "Nothing has run yet",
    RunSegment.OK: "No run has succeeded yet",
    RunSegment.FAIL: "No run has failed",
    RunSegment.LIVE: "Nothing is running or waiting",
    RunSegment.SKIP: "Nothing was skipped, missed or cancelled",
}


class RunAbsence(Static, can_focus=True):
    """A sentence and its keys; it takes the keys that the list would."""

    def __init__(self, *, id: str) -> None:  # noqa: A002  # Textual's own name
        super().__init__("", id=id, markup=False)

    def say_none(self) -> None:
        """Say that nothing ever ran, and how something does."""
        name = key_map_of(self).name
        self.update(
            Content.assemble(
                (_NONE[RunSegment.ALL], "bold"),
                ("\nEvery run is listed here, and what did not run with its reason", "$dim"),
                "\n\n",
                (name("view.schedules"), _KEY),
                " the schedules, where ",
                (name("run"), _KEY),
                " runs one now",
            )
        )

    def say_no_match(self, chosen: RunFilter) -> None:
        """Say that the filter leaves nothing."""
        search, segment = plain(chosen.search.strip()), chosen.segment
        among = "" if segment is RunSegment.ALL else f" among [{segment}]"
        said = f"Nothing matches {search!r}{among}" if search else _NONE[segment]
        name = key_map_of(self).name
        turn = () if search else ((name("runs.segment"), _KEY), " shows the next status    ")
        clear = ((name("close"), _KEY), " clears the filter")
        self.update(Content.assemble((said, "bold"), "\n\n", *turn, *clear))

    def say_trouble(self, trouble: str) -> None:
        """Say why nothing could be read."""
        self.update(Content.styled(plain(trouble), "$st-fail"))
