"""What is behind the tabs of a schedule's detail; made only after the first frame is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical, VerticalScroll
from textual.widgets import ContentSwitcher, Static

from tfui.ui.detail_facts import coming, overview
from tfui.ui.log_words import log_heading
from tfui.ui.widgets.column_names import ColumnNames
from tfui.ui.widgets.dependency_list import DependencyList
from tfui.ui.widgets.facts import Facts
from tfui.ui.widgets.ledger_view import LedgerView
from tfui.ui.widgets.log_view import LogView
from tfui.ui.widgets.run_list import RunList

if TYPE_CHECKING:
    from datetime import tzinfo

    from textual.app import ComposeResult
    from textual.widget import Widget

    from tfui.clock import Clock
    from tfui.ui.detail_reading import DetailLook
    from tfui.ui.log_reading import LogLook


_ALONE = "It comes after no other schedule, and none comes after it."


class DetailTabs(ContentSwitcher):
    """Overview, next and past runs, ledger, neighbours and output; one of them is in front."""

    lists = (RunList, DependencyList)
    """Those whose lines can be opened."""

    def __init__(self, clock: Clock, *, ascii: bool, id: str) -> None:  # noqa: A002  # their own names
        super().__init__(initial="tab-overview", id=id)
        self._clock = clock
        self._ascii = ascii
        self._look: DetailLook | None = None
        self._zone: tzinfo | None = None

    def compose(self) -> ComposeResult:
        """Lay out what is behind each tab."""
        with VerticalScroll(id="tab-overview"):
            yield Facts(id="overview")
        with VerticalScroll(id="tab-next"):
            yield Facts(id="coming")
        with Vertical(id="tab-runs"):
            runs = RunList(self._clock, ascii=self._ascii, id="runs")
            yield ColumnNames(runs.heading, id="runs-heading")
            yield runs
        yield LedgerView(ascii=self._ascii, id="tab-ledger")
        with Vertical(id="tab-deps"):
            yield Static(_ALONE, id="deps-none", markup=False)
            yield DependencyList(self._clock, ascii=self._ascii, id="deps")
        with Vertical(id="tab-log"):
            yield Static("", id="log-heading", markup=False)
            yield LogView(id="log")

    @property
    def run_list(self) -> RunList:
        """The list of runs."""
        return self.query_one(RunList)

    @property
    def dependency_list(self) -> DependencyList:
        """What the schedule comes after, and what comes after it."""
        return self.query_one(DependencyList)

    def show(self, look: DetailLook, zone: tzinfo | None) -> None:
        """Take a new reading."""
        if (look, zone) == (self._look, self._zone):
            self.tick()
            return
        self._look, self._zone = look, zone
        self.query_one(RunList).show(look.history, zone, look.detail.row.next_run_at)
        self.query_one(ColumnNames).refresh()
        self.query_one(LedgerView).show(look, self._clock.now(), zone)
        self._show_neighbours(look)
        self.query_one(LogView).show(look.log)
        self._head_log(look.log)
        self.tick()

    def clear(self) -> None:
        """Show nothing: there is no schedule under the cursor."""
        self._look = None
        self.query_one("#overview", Facts).show(())
        self.query_one("#coming", Facts).show(())
        self.query_one(RunList).show((), self._zone)
        self.query_one(LedgerView).clear()
        self.query_one(DependencyList).clear()

    def tick(self) -> None:
        """Tell what is in front anew as time goes by."""
        look = self._look
        if look is None:
            return
        now = self._clock.now()
        if self.current == "tab-overview":
            self.query_one("#overview", Facts).show(
                overview(look, now, self._zone, ascii=self._ascii)
            )
        elif self.current == "tab-next":
            jitter = look.detail.row.jitter_seconds
            self.query_one("#coming", Facts).show(
                coming(look.upcoming, now, self._zone, jitter_seconds=jitter)
            )
        elif self.current == "tab-runs" and look.detail.row.live is not None:
            self.query_one(RunList).refresh()
        elif self.current == "tab-deps":
            self.query_one(DependencyList).refresh()

    def open(self, tab: str) -> None:
        """Bring a tab to the front."""
        self.current = f"tab-{tab}"
        self.tick()

    def keyed(self) -> Widget:
        """Give what the keys go to in the tab in front."""
        if self.current == "tab-runs":
            return self.query_one(RunList)
        if self.current == "tab-log":
            return self.query_one(LogView)
        if self.current == "tab-deps":
            return self.query_one(DependencyList)
        return self.query_one(f"#{self.current}")

    def _show_neighbours(self, look: DetailLook) -> None:
        self.query_one(DependencyList).show(look)
        if look.neighbours is not None:
            self.query_one("#deps-none").display = not look.neighbours

    def _head_log(self, log: LogLook) -> None:
        is_empty = self.query_one(LogView).is_empty
        self.query_one("#log-heading", Static).update(
            log_heading(
                log.job, self._clock.now(), self._zone, is_empty=is_empty, ascii=self._ascii
            ),
            layout=False,  # one line as wide as the tab, whatever it says
        )
