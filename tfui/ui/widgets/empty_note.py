"""What stands in place of the list when there is nothing in it, and what to do about that."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content

from tfui.ui.key_map import key_map_of
from tfui.ui.plain import plain
from tfui.ui.segments import Segment
from tfui.ui.widgets.absence import KEY, Absence

if TYPE_CHECKING:
    from collections.abc import Callable

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

_ELSEWHERE = (
    "\n\n",
    ("tfui --demo", "bold"),
    (" shows a throw-away store, full of life", "$dim"),
)


class EmptyNote(Absence):
    """What is said of the list of schedules."""

    def __init__(self, *, id: str) -> None:  # noqa: A002  # Textual's own name
        super().__init__(id=id)
        self._no_match: Callable[[], None] | None = None
        """Says again that nothing matches, where that is what was said last."""

    def on_focus(self) -> None:
        """Name the key that works now that nothing is typed any more."""
        if self._no_match is not None:
            self._no_match()

    def say_opening(self) -> None:
        """Say that the store is being opened."""
        self.update(Content.styled("opening the store …", "$dim"))

    def say_none(self, *, may_write: bool) -> None:
        """Say that there are no schedules at all."""
        self._no_match = None
        name = key_map_of(self).name
        keys = (
            (name("add"), "add one"),
            (name("import"), "import a crontab"),
            (name("help"), "every key"),
        )
        offered = keys if may_write else keys[2:]
        self.update(
            Content.assemble(
                ("Nothing scheduled yet", "bold"),
                "\n\n",
                Content("    ").join(
                    Content.assemble((key, KEY), f" {word}") for key, word in offered
                ),
                *(_ELSEWHERE if may_write else ()),
            )
        )

    def say_no_match(self, chosen: Filter, *, elsewhere: int) -> None:
        """Say that the filter leaves nothing, and how many there are in other segments."""
        self._no_match = partial(self.say_no_match, chosen, elsewhere=elsewhere)
        search = plain(chosen.search.strip())
        by = f"Nothing matches {search!r}" if search else f"Nothing is {_WORDS[chosen.segment]}"
        part = f" among what is {_WORDS[chosen.segment]}" if search else ""
        part = "" if chosen.segment is Segment.ALL else part
        name, key = key_map_of(self).name, KEY
        some = f"{elsewhere:,} that match{'es' if elsewhere == 1 else ''}"
        # What is typed belongs to the filter until Enter brings the keys here.
        way = name("segment") if self.has_focus else f"{name('open')} {name('segment')}"
        others = ((way, key), f" shows {some} in other segments    ")
        self.update(
            Content.assemble(
                (f"{by}{part}", "bold"),
                "\n\n",
                *(others if elsewhere else ()),
                (name("close"), key),
                " clears the filter",
            )
        )
