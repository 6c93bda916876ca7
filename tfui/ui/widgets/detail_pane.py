"""One schedule whole: overview, next runs, past runs, and the output of one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import ContentSwitcher, Static

from tfui.core.states import JobStatus
from tfui.ui import glyphs, spans
from tfui.ui.detail_facts import coming, overview
from tfui.ui.plain import plain
from tfui.ui.widgets.facts import Facts
from tfui.ui.widgets.log_view import LogView
from tfui.ui.widgets.run_list import RunHeading, RunList
from tfui.ui.widgets.tab_strip import TabStrip

if TYPE_CHECKING:
    from datetime import tzinfo
    from uuid import UUID

    from textual.app import ComposeResult
    from textual.widget import Widget

    from tfui.clock import Clock
    from tfui.ui.detail_reading import DetailLook, LogLook

TABS = ("overview", "next", "runs", "log")


class DetailPane(Vertical):
    """Shows the schedule under the list's cursor."""

    @dataclass
    class RunPicked(Message):
        """A run was opened: its output is wanted."""

        job_id: UUID

    @dataclass
    class TabChanged(Message):
        """Another tab is in front."""

        tab: str

    def __init__(self, clock: Clock, *, ascii: bool, id: str) -> None:  # noqa: A002  # their own names
        super().__init__(id=id)
        self._clock = clock
        self._ascii = ascii
        self._look: DetailLook | None = None
        self._zone: tzinfo | None = None

    def compose(self) -> ComposeResult:
        """Lay out the tabs and what is behind each."""
        yield TabStrip(TABS, ascii=self._ascii, id="tabs")
        with ContentSwitcher(initial="tab-overview", id="tab-content"):
            with VerticalScroll(id="tab-overview"):
                yield Facts(id="overview")
            with VerticalScroll(id="tab-next"):
                yield Facts(id="coming")
            with Vertical(id="tab-runs"):
                runs = RunList(self._clock, ascii=self._ascii, id="runs")
                yield RunHeading(runs, id="runs-heading")
                yield runs
            with Vertical(id="tab-log"):
                yield Static("", id="log-heading", markup=False)
                yield LogView(id="log")

    @property
    def tab(self) -> str:
        """Which tab is in front."""
        return self.query_one(TabStrip).current

    def show(self, look: DetailLook, zone: tzinfo | None) -> None:
        """Take a new reading."""
        self._look, self._zone = look, zone
        self.border_title = Content(plain(look.detail.row.name))
        self.query_one(RunList).show(look.history, zone)
        self.query_one(RunHeading).refresh()
        self.query_one(LogView).show(look.log)
        self._head_log(look.log)
        self.tick()

    def clear(self) -> None:
        """Show nothing: there is no schedule under the cursor."""
        self._look = None
        self.border_title = ""
        self.query_one("#overview", Facts).show(())
        self.query_one("#coming", Facts).show(())
        self.query_one(RunList).show((), self._zone)

    def tick(self) -> None:
        """Tell the facts anew as time goes by."""
        look = self._look
        if look is None or not self.display:
            return
        now = self._clock.now()
        if self.tab == "overview":
            self.query_one("#overview", Facts).show(
                overview(look, now, self._zone, ascii=self._ascii)
            )
        elif self.tab == "next":
            jitter = look.detail.row.jitter_seconds
            self.query_one("#coming", Facts).show(
                coming(look.upcoming, now, self._zone, jitter_seconds=jitter)
            )
        elif self.tab == "runs" and look.detail.row.live is not None:
            self.query_one(RunList).refresh()

    def open_tab(self, tab: str, *, focus: bool = True) -> None:
        """Bring a tab to the front."""
        self.query_one(TabStrip).show(tab)
        self.query_one(ContentSwitcher).current = f"tab-{tab}"
        self.tick()
        if focus:
            self.focus_content()
        self.post_message(self.TabChanged(tab))

    def turn(self, by: int) -> None:
        """Bring the next or previous tab to the front."""
        has_focus = self.has_focus_within
        self.open_tab(self.query_one(TabStrip).neighbour(by), focus=has_focus)

    def focus_content(self) -> None:
        """Give the keys to what is behind the tab in front."""
        self._content().focus()

    def _content(self) -> Widget:
        if self.tab == "runs":
            return self.query_one(RunList)
        if self.tab == "log":
            return self.query_one(LogView)
        return self.query_one(f"#tab-{self.tab}")

    def _head_log(self, log: LogLook) -> None:
        heading = self.query_one("#log-heading", Static)
        job = log.job
        if job is None:
            heading.update(Content.styled("Nothing has run yet.", "$dim"))
            return
        glyph = glyphs.OF_JOB[job.status]
        now = self._clock.now()
        ended = job.finished_at or (now if job.status is JobStatus.RUNNING else None)
        seconds = (ended - job.started_at).total_seconds() if ended and job.started_at else None
        code = "" if job.exit_code is None else f"  exit {job.exit_code}"
        heading.update(
            Content.assemble(
                (f"{glyph.drawn(ascii=self._ascii)} {glyph.word}", f"bold {glyph.style}"),
                (f"  {job.nominal_at.astimezone(self._zone):%d %b %H:%M:%S}", ""),
                (f"  attempt {max(1, job.attempt)}/{job.max_attempts}", "$dim"),
                (f"  {spans.took(seconds)}{code}", "$dim"),
                (
                    "  no output yet" if self.query_one(LogView).is_empty else "",
                    "$dim",
                ),
            )
        )

    @on(TabStrip.Picked)
    def _tab_picked(self, event: TabStrip.Picked) -> None:
        event.stop()
        self.open_tab(event.tab)

    @on(RunList.Chosen)
    def _run_chosen(self, event: RunList.Chosen) -> None:
        event.stop()
        self.open_run()

    def open_run(self) -> None:
        """Show the output of the run under the cursor."""
        row = self.query_one(RunList).cursor_row
        if row is not None and row.job is not None:
            self.post_message(self.RunPicked(row.job.id))
            self.open_tab("log")
