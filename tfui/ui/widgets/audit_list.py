"""The record, newest first: any number of entries, drawn line by line, read a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.message import Message
from textual.strip import Strip

from tfui.ui import audit_words
from tfui.ui.audit_reading import PAGE
from tfui.ui.plain import fit, to_ascii
from tfui.ui.widgets.line_list import LineList

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import tzinfo

    from tfui.clock import Clock
    from tfui.model.journal import JournalRow
    from tfui.ui.widgets.line_styles import Ground

_KEPT = 64 * PAGE  # entries remembered; a few MB
_WHEN, _SHORT_WHEN, _GAP = 12, 8, 2
_ROOMY = 100  # cells from which on a day comes with its time
_LONG_VERB = 13  # cells: `queue created`


class AuditList(LineList):
    """One line an entry; the cursor stays with its entry while newer ones come in above it."""

    @dataclass
    class RowsMissed(Message):
        """Lines that are seen have not been read yet."""

        ids: Sequence[int]

        def can_replace(self, message: Message) -> bool:
            """Let the newest view be the one that is read for."""
            return isinstance(message, AuditList.RowsMissed)

    def __init__(self, clock: Clock, *, ascii: bool, id: str) -> None:  # noqa: A002  # their own names
        super().__init__(id=id)
        self._clock = clock
        self._ascii = ascii
        self._ids: Sequence[int] = ()
        self._rows: dict[int, JournalRow] = {}
        self._zone: tzinfo | None = None

    @property
    def cursor_id(self) -> int | None:
        """The entry under the cursor."""
        return self._ids[self.cursor] if self._ids else None

    @property
    def cursor_row(self) -> JournalRow | None:
        """It whole, once read."""
        return None if self.cursor_id is None else self._rows.get(self.cursor_id)

    def line_count(self) -> int:
        """How many entries there are."""
        return len(self._ids)

    def show(
        self,
        ids: Sequence[int],
        rows: Iterable[JournalRow],
        cursor: int | None,
        zone: tzinfo | None,
    ) -> None:
        """Take a new reading; `cursor` is where the cursor's entry is now, if it is."""
        was_first = self.cursor == 0
        seen = self.cursor - self.scroll_offset.y
        self._ids, self._zone = ids, zone
        self._rows = {}
        self._remember(rows)
        if cursor is not None and not was_first:
            self.cursor = cursor
        self.recount()
        if not self.scroll_offset.y <= self.cursor < self.scroll_offset.y + self.page_height:
            self._jump(self.cursor - seen)
        self.post_message(self.Moved(self))

    def put(self, rows: Iterable[JournalRow]) -> None:
        """Take entries that were missing."""
        self._remember(rows)
        self.refresh()
        self.post_message(self.Moved(self))

    def _remember(self, rows: Iterable[JournalRow]) -> None:
        if len(self._rows) > _KEPT:
            self._rows.clear()
        self._rows |= {row.id: row for row in rows}

    def widths(self, width: int) -> tuple[int, int, int]:
        """Give the cells of who, what and the subject in lines of `width`; the change has the rest."""
        if width < 66:
            return 0, 8, 18
        if width < _ROOMY:
            return 10, 8, 17
        return (12, 14, 20) if width < 120 else (14, 16, 24)

    def draw(self, index: int, width: int, ground: Ground) -> Strip:
        """Draw an entry's line, or a placeholder while it is being read."""
        styles = self.styles_now
        row = self._rows.get(self._ids[index])
        if row is None:
            self.call_later(self._report_missing)
            return Strip([Segment(fit("    …", width), styles.of("dim", ground))], width)
        arrow = (">" if self._ascii else "›") if index == self.cursor else " "
        segments = [Segment(f"{arrow} ", styles.of("mark", ground))]
        cells = list(self._cells(row, width))
        for text, role in cells:
            drawn = to_ascii(text) if self._ascii else text
            segments.append(Segment(drawn, styles.of(role, ground)))
        return Strip(segments).adjust_cell_length(width, styles.of("plain", ground))

    def _cells(self, row: JournalRow, width: int) -> Iterator[tuple[str, str]]:
        now = self._clock.now()
        who, what, subject = self.widths(width)
        clock = audit_words.clock if width >= _ROOMY else audit_words.short_clock
        when = clock(row.at, self._zone, now)
        verb = audit_words.verb(row)
        more = max(0, min(len(verb), _LONG_VERB) - what)  # a long verb takes from its subject
        stands = row.undone_by is None
        yield when + " " * _GAP, "dim"
        if who:
            yield fit(audit_words.who(row), who) + " " * _GAP, "plain" if stands else "dim"
        yield fit(verb, what + more) + " " * _GAP, _role(row)
        yield fit(row.subject, subject - more) + " " * _GAP, "name" if stands else "off-name"
        left = width - 2 - len(when) - (who + _GAP if who else 0) - what - subject - 3 * _GAP
        yield fit(audit_words.summary(row, self._zone, now), max(0, left)), "dim"

    def heading(self, width: int) -> str:
        """Name the columns that lines of `width` cells have."""
        who, what, subject = self.widths(width)
        when = _WHEN if width >= _ROOMY else _SHORT_WHEN
        words = [f"  {'when':<{when}}", f"{'who':<{who}}" if who else ""]
        words += [f"{'what':<{what}}", f"{'on':<{subject}}", "change"]
        return (" " * _GAP).join(word for word in words if word)

    def _report_missing(self) -> None:
        top = self.scroll_offset.y
        first = max(0, top - self.page_height)
        wanted = self._ids[first : top + 2 * self.page_height]
        missing = [one for one in wanted if one not in self._rows]
        if missing:
            self.post_message(self.RowsMissed(missing))


def _role(row: JournalRow) -> str:
    """Colour what was done: by its word, and always beside it."""
    if row.undone_by is not None:
        return "off-name"
    _, _, done = row.verb.partition(".")
    return {
        "created": "st-ok",
        "added": "st-ok",
        "restored": "st-ok",
        "resumed": "st-ok",
        "started": "st-run",
        "backfilled": "st-run",
        "retried": "st-retry",
        "paused": "st-paused",
        "deleted": "st-fail",
        "removed": "st-fail",
        "failed": "st-fail",
        "cancelled": "st-off",
    }.get(done, "plain")
