"""The keys that say which of the runs are listed: by what is typed, and by status."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual import on
from textual.widgets import Input

from tfui.ui.run_filters import RunFilter, RunSegment
from tfui.ui.views.view import View
from tfui.ui.widgets.filter_bar import SegmentStrip
from tfui.ui.widgets.run_bar import RunBar

if TYPE_CHECKING:
    from tfui.ui.office import Office
    from tfui.ui.options import Options


class RunFiltering(View):
    """Holds the filter; a view reads what it lets through."""

    def __init__(self, office: Office, options: Options) -> None:
        super().__init__(office, options)
        self.filter = RunFilter()

    @property
    def bar(self) -> RunBar:
        """The line above the list."""
        return self.query_one(RunBar)

    def look_by(self, chosen: RunFilter) -> None:
        """Look at another part of the runs."""
        self.filter = chosen
        self.bar.show_segment(chosen.segment)

    @on(Input.Changed, "#runs-filter")
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.look_by(replace(self.filter, search=event.value))

    @on(Input.Submitted, "#runs-filter")
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.focus_content()

    @on(SegmentStrip.Picked)
    def _segment_picked(self, event: SegmentStrip.Picked) -> None:
        event.stop()
        self.look_by(replace(self.filter, segment=RunSegment(event.segment)))

    def action_filter(self) -> None:
        """Type a filter."""
        # At once, not after what was typed ahead: that belongs to the filter.
        self.screen.set_focus(self.bar.field)

    def action_cycle_segment(self) -> None:
        """Show the next segment."""
        self.look_by(replace(self.filter, segment=self.filter.segment.following()))

    def clear_filter(self) -> None:
        """Look at all runs."""
        self.bar.field.value = ""
        self.look_by(RunFilter())
