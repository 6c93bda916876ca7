"""A long list whose rows are read as they are looked at: all identifiers, and the rows near the view.

What a line says is its subclasses' business; they share where the cursor is and what is missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic

from textual.message import Message

from tfui.ui.widgets.line_list import LineList
from tfui.ui.widgets.schedule_rows import PAGE, Row, Rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID


class RowTable(LineList, Generic[Row]):
    """Lines with identifiers; any number of them."""

    @dataclass
    class RowsMissed(Message):
        """Lines that are or will soon be seen have not been read yet."""

        ids: Sequence[UUID]

        def can_replace(self, message: Message) -> bool:
            """Let the newest view be the one that is read for."""
            return isinstance(message, RowTable.RowsMissed)

    def __init__(self, *, id: str) -> None:  # noqa: A002  # Textual's own name
        super().__init__(id=id)
        self._rows: Rows[Row] = Rows()

    @property
    def cursor_id(self) -> UUID | None:
        """What is under the cursor, by its identifier."""
        return self._rows.ids[self.cursor] if self._rows.ids else None

    @property
    def cursor_row(self) -> Row | None:
        """Its row, once read."""
        return self._rows.at(self.cursor) if self._rows.ids else None

    @property
    def span(self) -> tuple[int, int]:
        """The first and last line that are seen or one page away from it."""
        top = self.scroll_offset.y
        return max(0, top - self.page_height), top + 2 * self.page_height

    def line_count(self) -> int:
        """How many lines are listed."""
        return len(self._rows.ids)

    def put(self, rows: Iterable[Row]) -> None:
        """Take rows that were missed."""
        self._rows.put(rows)
        self.refresh()

    def report_missing(self) -> None:
        """Ask for rows that are seen, or are one page away in either direction."""
        missing = self._rows.missing(*self.span)
        if missing:
            self.post_message(self.RowsMissed(missing[: 4 * PAGE]))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Read ahead of the view."""
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) != round(new_value) and self._rows.ids:
            self.report_missing()
