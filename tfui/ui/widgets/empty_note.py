"""What stands in place of the list when there is nothing in it, and what to do about that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from tfui.ui.plain import plain
from tfui.ui.segments import Segment

if TYPE_CHECKING:
    from tfui.ui.filters import Filter

_WORDS = {
    Segment.ALL: "there",
    Segment.OK: "ok",
    Segment.FAIL: "failing",
    Segment.RUN: "running or waiting",
    Segment.OFF: "off",
    Segment.LATE: "late",
    Segment.PROBLEMS: "in trouble",
}


class EmptyNote(Static, can_focus=True):
    """A sentence and its keys, in the middle of the list's place."""

    def __init__(self, *, id: str) -> None:  # noqa: A002  # Textual's own name
        super().__init__("", id=id, markup=False)

    def say_opening(self) -> None:
        """Say that the store is being opened."""
        self.update(Content.styled("opening the store …", "$dim"))

    def say_none(self, *, may_write: bool) -> None:
        """Say that there are no schedules at all."""
        keys = (("a", "add one"), ("I", "import a crontab"), ("?", "every key"))
        offered = keys if may_write else keys[2:]
        self.update(
            Content.assemble(
                ("Nothing scheduled yet", "bold"),
                "\n\n",
                Content("    ").join(
                    Content.assemble((key, "bold $footer-key-foreground"), f" {word}")
                    for key, word in offered
                ),
            )
        )

    def say_no_match(self, chosen: Filter) -> None:
        """Say that the filter leaves nothing."""
        search = plain(chosen.search.strip())
        by = f"Nothing matches {search!r}" if search else f"Nothing is {_WORDS[chosen.segment]}"
        part = f" among what is {_WORDS[chosen.segment]}" if search else ""
        part = "" if chosen.segment is Segment.ALL else part
        self.update(
            Content.assemble(
                (f"{by}{part}", "bold"),
                "\n\n",
                ("esc", "bold $footer-key-foreground"),
                " clears the filter",
            )
        )
