"""The views there are, in the order of their keys; imported one by one when they are first opened."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tfui.ui.views.view import View

HOME = "schedules"


@dataclass(frozen=True, slots=True)
class Entry:
    """A view that can be opened."""

    id: str
    word: str
    """Its name on the strip."""
    module: str
    class_name: str

    def load(self) -> type[View]:
        """Import the view's class."""
        found: type[View] = getattr(import_module(self.module), self.class_name)
        return found

    @property
    def action(self) -> str:
        """The id of the action that brings it to the front."""
        return f"view.{self.id}"


VIEWS = (
    Entry(HOME, "Schedules", "tfui.ui.views.schedules", "SchedulesView"),
    Entry("forecast", "Forecast", "tfui.ui.views.forecast", "ForecastView"),
    Entry("runs", "Runs", "tfui.ui.views.runs", "RunsView"),
    Entry("graph", "Graph", "tfui.ui.views.graph", "GraphView"),
    Entry("audit", "Audit", "tfui.ui.views.audit", "AuditView"),
    Entry("engine", "Engine", "tfui.ui.views.engine", "EngineView"),
)

BY_ID = {entry.id: entry for entry in VIEWS}
