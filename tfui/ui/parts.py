"""Whether a widget still has its parts: what is called by a timer or a thread asks before it looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.widget import Widget


def is_here(widget: Widget) -> bool:
    """Say whether a widget is shown somewhere, and not being taken away.

    Textual marks all that it takes away, then ends the innermost parts first: for a moment their
    owners are attached and run, and have no parts any more.
    """
    return widget.is_attached and not widget._pruning  # noqa: SLF001  # the mark has no other name
