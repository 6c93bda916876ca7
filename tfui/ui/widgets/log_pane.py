"""One job's log with all that can be done in it: follow, search, save, copy; it reads for itself."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Static

from tfui.core.words import counted
from tfui.errors import TfuiError
from tfui.ui import clipboard, log_file, log_reading
from tfui.ui.keys import Where, bindings
from tfui.ui.log_lines import LogReader
from tfui.ui.log_reading import NO_LOG, LogLook, same_job
from tfui.ui.log_search import LogSearch
from tfui.ui.log_window import KEPT
from tfui.ui.log_words import log_heading
from tfui.ui.parts import is_here
from tfui.ui.plain import plain, to_ascii
from tfui.ui.reading import Reader
from tfui.ui.widgets.log_view import LogView

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from tfui.model.run import RunRow
    from tfui.ui.log_lines import LogLine
    from tfui.ui.office import Office

ROLES = ("st-run", "st-ok", "st-retry", "st-blocked")
"""The colours of logs that stand side by side, in their order."""


class LogPane(Vertical):
    """A log, its heading, and the line to search it with."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.LOGS)]
    DEFAULT_CSS = """
    LogPane { width: 1fr; height: 1fr; }
    LogPane .log-head { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    LogPane .log-search { height: 1; display: none; }
    LogPane.-searching .log-search { display: block; }
    LogPane .log-search Static { width: auto; }
    """

    def __init__(self, office: Office, row: RunRow, *, role: str | None, ascii: bool) -> None:  # noqa: A002  # the option's name
        super().__init__(classes=f"log-pane -{role}" if role else "log-pane")
        assert row.line.job is not None  # noqa: S101  # only jobs have logs
        self._office = office
        self._ascii = ascii
        self._role = role
        self._row = row
        self.job_id: UUID = row.line.job.id
        self._last: LogLook = NO_LOG
        self._lines = LogReader()
        self._looks: Reader[LogLook] = Reader(self, "log", then=self._take, failed=self._failed)
        self._parts: Reader[tuple[int, list[LogLine], int]] = Reader(
            self, "log-part", then=self._put, failed=self._failed
        )
        self._found = LogSearch()

    def compose(self) -> ComposeResult:
        """Lay out name, state, log and search line."""
        yield Static("", classes="log-head log-state", markup=False)
        yield LogView()
        with Horizontal(classes="log-search"):
            yield Static("/", classes="log-mark", markup=False)
            field = Input(placeholder="find in the log", compact=True)
            field.cursor_blink = False
            yield field

    def on_mount(self) -> None:
        """Begin to read."""
        if self._role is not None:
            self.log_view.prefix = ("# " if self._ascii else "▌ ", self._role)
        self.tick(self._office.clock.now())
        self.reread()

    @property
    def log_view(self) -> LogView:
        """The lines."""
        return self.query_one(LogView)

    @property
    def is_at_rest(self) -> bool:
        """Whether no reading is under way."""
        return not self._looks.is_busy and not self._parts.is_busy

    @property
    def is_searching(self) -> bool:
        """Whether a search is open or shown."""
        return self.has_class("-searching") or bool(self._found.needle)

    # Readings

    @property
    def _is_whole(self) -> bool:
        """Whether it has been laid out, and is not being taken away."""
        return is_here(self) and bool(self.query(LogView))

    def focus_content(self) -> None:
        """Give the keys to the lines."""
        if self._is_whole:
            self.log_view.focus()

    def reread(self) -> None:
        """Read what was printed since."""
        if not self._is_whole:
            return
        caller, job_id, last = self._office.caller, self.job_id, self._last
        self._looks.ask(lambda: log_reading.look(caller, job_id, last))

    def _take(self, log: LogLook) -> None:
        self._last = same_job(log)
        begins_at = self.log_view.window.total
        lines = list(self._lines.read(log.chunks))
        if lines or log.chunks:
            self.log_view.take(lines, self._lines.pending())
        self._found.follow(lines, begins_at)
        self.tick(self._office.clock.now())
        if log.has_more:
            self.call_later(self.reread)

    def _failed(self, trouble: TfuiError) -> None:
        if not self._is_whole:
            return
        self.query_one(".log-state", Static).update(Content.styled(plain(str(trouble)), "$st-fail"))

    @on(LogView.Beyond)
    def _beyond(self, event: LogView.Beyond) -> None:
        """Read the part of the log around a line that is not held."""
        event.stop()
        caller, job_id = self._office.caller, self.job_id
        total = self.log_view.window.total
        first = max(0, min(event.line - KEPT // 2, total - KEPT))
        self._parts.ask(lambda: (first, log_reading.part(caller, job_id, first, KEPT), event.line))

    def _put(self, found: tuple[int, list[LogLine], int]) -> None:
        self.log_view.put(*found)
        self.tick(self._office.clock.now())

    def tick(self, now: datetime) -> None:
        """Say how it goes."""
        if not self._is_whole:
            return
        job = self._last.job or self._row.line.job
        zone = self._office.zones.common
        view = self.log_view
        is_read = self._last.job is not None
        state = log_heading(job, now, zone, is_empty=is_read and view.is_empty, ascii=self._ascii)
        self.border_title = Content(self._title())
        is_plain = not self._ascii or state.plain.isascii()
        self.query_one(".log-state", Static).update(
            state if is_plain else Content(to_ascii(state.plain))
        )

    def _title(self) -> str:
        """Name it, and say which match is shown and which part of a long log is held."""
        bar = "" if self._role is None else "# " if self._ascii else "▌ "
        name = plain(self._row.schedule or "a job without a schedule")
        said = self._found.words()
        found = f"{bar}{name}  {said}".rstrip()
        window = self.log_view.window
        if window.first or not window.is_at_end:
            found += f"  lines {window.first + 1:,}-{window.end:,} of {window.total:,}"
        return found

    # Searching

    def action_search(self) -> None:
        """Type what to find."""
        self.add_class("-searching")
        self.screen.set_focus(self.query_one(Input))  # at once: what is typed ahead belongs to it

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.log_view.focus()
        self.remove_class("-searching")
        if event.value and event.value == self._found.needle:
            self.action_match(1)  # the whole log was read for it
        else:
            self._search(event.value)

    def close_search(self) -> None:
        """Search for nothing any more."""
        self.remove_class("-searching")
        self.query_one(Input).value = ""
        self._found.begin("")
        self.log_view.highlight("")
        self.log_view.focus()
        self.tick(self._office.clock.now())

    @work(group="log-search", exclusive=True)
    async def _search(self, needle: str) -> None:
        """Find every line of the whole log, and go to the last: it is the newest."""
        self._found.begin(needle)
        self.log_view.highlight(needle)
        self.tick(self._office.clock.now())
        if not needle:
            return
        places: list[int] = []
        try:
            places = await asyncio.to_thread(
                log_reading.places, self._office.caller, self.job_id, needle
            )
        except TfuiError as trouble:
            self._failed(trouble)
        if self._is_whole and self._found.needle == needle:
            self._found.found(places, self.log_view.window.total)
            self._show(self._found.newest())

    def _show(self, line: int | None) -> None:
        if line is not None:
            self.log_view.follows = False
            self.log_view.go_to(line)
        self.tick(self._office.clock.now())

    def action_match(self, by: int) -> None:
        """Go to the next or the previous match, going round."""
        self._show(self._found.step(by))

    # Taking away

    def action_times(self) -> None:
        """Show when each line was printed, or hide it."""
        view = self.log_view
        zone = self._office.zones.common
        view.show_times(zone, on=not view.has_times)

    @work(group="log-text")
    async def action_save(self) -> None:
        """Save all that was printed as a file in the present folder."""
        try:
            name = log_file.file_name(self._row.schedule, self._row.line.nominal_at)
            texts = log_reading.texts(self._office.caller, self.job_id)
            path = await asyncio.to_thread(log_file.save, name, texts)
        except (TfuiError, OSError) as trouble:
            self.notify(f"Not saved: {trouble}", severity="error", markup=False)
        else:
            self.notify(f"Saved {path}", timeout=3, markup=False)

    @work(group="log-text")
    async def action_copy(self) -> None:
        """Copy all that was printed."""
        try:
            texts = log_reading.texts(self._office.caller, self.job_id)
            text = await asyncio.to_thread("".join, texts)
        except TfuiError as trouble:
            self.notify(f"Not copied: {trouble}", severity="error", markup=False)
            return
        by = await clipboard.copy(self.app, text)
        lines = counted(text.count("\n"), "line")
        self.notify(f"Copied {lines}{by}", timeout=3, markup=False)
