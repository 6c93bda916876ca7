"""View 5, the record: who changed what, field by field, and taking any one change back."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Horizontal, Vertical
from textual.widgets import Input

from tfui.core import record_filter
from tfui.ui import audit_reading
from tfui.ui.audit_reading import AuditLook, ChainLook, Wanted
from tfui.ui.keys import Where, bindings
from tfui.ui.plain import plain
from tfui.ui.reading import Reader
from tfui.ui.styles import sheet
from tfui.ui.views.audit_actions import AuditActions
from tfui.ui.widgets.absence import Absence
from tfui.ui.widgets.audit_bar import AuditBar
from tfui.ui.widgets.audit_detail import AuditDetail
from tfui.ui.widgets.audit_list import AuditList
from tfui.ui.widgets.column_names import ColumnNames

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from tfui.core.record_filter import RecordFilter
    from tfui.errors import TfuiError
    from tfui.model.journal import JournalRow
    from tfui.ui.office import Office
    from tfui.ui.options import Options

_ABOUT = "Every change is listed here: who made it, how, and field by field"
_SCHEDULES, _CLEAR = ("view.schedules", "the schedules"), ("close", "clears the filter")


class AuditView(AuditActions):
    """Coordinates the filter, the list and the entry beside or over it."""

    DEFAULT_CSS: ClassVar[str] = sheet("audit")
    SCOPED_CSS: ClassVar[bool] = False
    PLACES = (Where.AUDIT,)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*PLACES)]

    def __init__(self, office: Office, options: Options) -> None:
        super().__init__(office, options)
        self._filter = record_filter.EVERYTHING
        self._look: AuditLook | None = None
        self._chain: ChainLook | None = None
        self._trouble = ""
        self._reader: Reader[AuditLook] = Reader(
            self, "audit", then=self._take, failed=self._failed
        )
        self._rows: Reader[list[JournalRow]] = Reader(
            self, "audit-rows", then=self._take_rows, failed=self._failed
        )
        self._checker: Reader[ChainLook] = Reader(
            self, "audit-chain", then=self._take_chain, failed=self._failed
        )

    def compose(self) -> ComposeResult:
        """Lay out the bar over the panes."""
        ascii_only = self.options.ascii
        yield AuditBar(ascii=ascii_only, id="audit-bar")
        with Horizontal(id="audit-panes"):
            with Vertical(id="audit-list-pane") as pane:
                pane.border_title = "Audit"
                entries = AuditList(self.office.clock, ascii=ascii_only, id="audit-list")
                yield ColumnNames(entries.heading, id="audit-heading")
                yield entries
                yield Absence(id="audit-empty")
            yield AuditDetail(ascii=ascii_only, id="audit-detail")

    @property
    def field(self) -> Input:
        """What the filter is typed into."""
        return self.query_one(AuditBar).field

    # Readings

    @property
    def is_at_rest(self) -> bool:
        """Whether no reading is under way."""
        return not self._reader.is_busy and not self._checker.is_busy

    def reread(self) -> None:
        """Read the record anew; its chain is recounted whole once, then on from there."""
        if not self.office.is_open or not self.is_mounted:
            return
        caller, entries = self.office.caller, self.entries
        wanted = Wanted(
            filter=self._filter, cursor_id=entries.cursor_id, top=entries.scroll_offset.y
        )
        self._reader.ask(lambda: audit_reading.read(caller, wanted))
        before = self._chain
        self._checker.ask(lambda: audit_reading.chain(caller, before))

    def _take(self, look: AuditLook) -> None:
        if look.filter != self._filter:
            return  # asked for before the filter was changed; the right one is on its way
        self._look, self._trouble = look, ""
        has_keys = self.screen.focused in {None, self.query_one(Absence), self.entries}
        self.entries.show(look.ids, look.rows, look.cursor, self.office.zones.of("UTC"))
        self._show_whether_empty()
        if has_keys and self.display:
            self.focus_content()
        self.refresh_bindings()

    def _take_chain(self, look: ChainLook) -> None:
        self._chain = look
        self._show_bar()

    def _failed(self, trouble: TfuiError) -> None:
        self._trouble = str(trouble)
        self._show_whether_empty()

    @on(AuditList.RowsMissed)
    def _rows_missed(self, event: AuditList.RowsMissed) -> None:
        event.stop()
        caller, ids = self.office.caller, event.ids
        self._rows.ask(lambda: audit_reading.rows(caller, ids))

    def _take_rows(self, rows: list[JournalRow]) -> None:
        self.entries.put(rows)

    # What is shown

    def _show_whether_empty(self) -> None:
        """Put a sentence in the place of a list with nothing in it."""
        absence, count = self.query_one(Absence), self.entries.line_count()
        for part in (self.entries, self.query_one(ColumnNames)):
            part.display = bool(count)
        absence.display = not count
        if self._trouble:
            absence.say_trouble(self._trouble)
        elif self._filter != record_filter.EVERYTHING:
            typed = plain(self.field.value.strip())
            absence.say(f"Nothing on record matches {typed!r}", "", (_CLEAR,))
        else:
            absence.say("Nothing is on record yet", _ABOUT, (_SCHEDULES,))
        if not count:
            self._tell(None)
        self._show_bar()

    def _show_bar(self) -> None:
        """Say how many entries there are, and whether the chain holds."""
        bar = self.query_one(AuditBar)
        _, problem = record_filter.parse(self.field.value)
        if problem is not None:
            bar.say_problem(problem.text)
        else:
            bar.say_chain(0 if self._look is None else len(self._look.ids), self._chain)

    @on(AuditList.Moved)
    def _moved(self, event: AuditList.Moved) -> None:
        event.stop()
        self._tell(self.entries.cursor_row)
        self.refresh_bindings()

    def _tell(self, row: JournalRow | None) -> None:
        now = self.office.clock.now()
        why_not = None if row is None else self.why_not_revert(row)
        self.query_one(AuditDetail).show(row, why_not, self._zone(), now)

    def _zone(self) -> tzinfo | None:
        return self.office.zones.of("UTC")

    def tick(self, now: datetime) -> None:  # noqa: ARG002  # the signature is View's
        """Tell the entry anew: how long ago it was has changed."""
        if self.is_mounted and self.office.is_open:
            self._tell(self.entries.cursor_row)

    # The filter

    @on(Input.Changed, "#audit-filter")
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        chosen, _ = record_filter.parse(event.value)
        self._show_bar()
        if chosen != self._filter:
            self._look_by(chosen)

    def _look_by(self, chosen: RecordFilter) -> None:
        self._filter = chosen
        self.reread()

    @on(Input.Submitted, "#audit-filter")
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.focus_content()

    def action_filter(self) -> None:
        """Type a filter."""
        # At once, not after what was typed ahead: that belongs to the filter.
        self.screen.set_focus(self.field)

    # Going about

    def focus_content(self) -> None:
        """Give the keys to the list, to what stands in its place, or to the entry over it."""
        if self.has_class("-open"):
            self.query_one(AuditDetail).focus()
        elif self.entries.display:
            self.entries.focus()
        else:
            self.query_one(Absence).focus()

    @on(AuditList.Chosen)
    def action_open(self) -> None:
        """Show the entry whole, over the list where there is no room beside it."""
        if self.entries.cursor_row is not None:
            self.add_class("-open")
            self.call_after_refresh(self.query_one(AuditDetail).focus)

    @property
    def can_close(self) -> bool:
        """Whether Escape would close the entry or clear the filter."""
        return self.has_class("-open") or bool(self.field.value) or self.field.has_focus

    def close_one(self) -> bool:
        """Close the entry, then clear the filter."""
        if self.has_class("-open"):
            self.remove_class("-open")
        elif self.field.value or self.field.has_focus:
            self.field.value = ""
        else:
            return False
        self.call_after_refresh(self.focus_content)
        return True
