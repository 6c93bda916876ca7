"""The keys that say which stretch of time the forecast shows, and where in it the cursor is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on

from tfui.ui.forecast_stretch import Stretch
from tfui.ui.views.view import View
from tfui.ui.widgets.forecast_grid import ForecastGrid

if TYPE_CHECKING:
    from tfui.ui.forecast_reading import Look
    from tfui.ui.office import Office
    from tfui.ui.options import Options


class ForecastTime(View):
    """Zooms, pans and goes to what is worth a look; a view reads what is then to be shown."""

    def __init__(self, office: Office, options: Options) -> None:
        super().__init__(office, options)
        self.stretch = Stretch()
        self.look: Look | None = None
        """What is shown."""
        self._quiet = -1

    @property
    def grid(self) -> ForecastGrid:
        """The grid."""
        return self.query_one(ForecastGrid)

    def read(self) -> None:
        """Read the stretch that is to be shown."""
        raise NotImplementedError

    def action_zoom(self, steps: int) -> None:
        """Show a shorter stretch, or (negative) a longer one, around the cursor."""
        grid, now = self.grid, self.office.clock.now()
        if self.stretch.zoom(steps, grid.column, now, grid.room):
            if self.stretch.is_following:
                grid.aim = now
            self.read()

    def action_pan(self, thirds: int) -> None:
        """Go a third of the stretch back or on."""
        window = self.stretch.pan(thirds, self.office.clock.now())
        if window is not None:
            self.grid.aim = window.at(self.grid.column)
            self.read()

    @on(ForecastGrid.Left)
    def _left(self, event: ForecastGrid.Left) -> None:
        event.stop()
        aim = self.grid.aim
        self.action_pan(event.columns)
        self.grid.aim = aim

    def action_now(self) -> None:
        """Go to the present and go on with it."""
        self.stretch.follow()
        self.grid.aim = self.office.clock.now()
        self.read()

    def action_peak(self) -> None:
        """Put the cursor on the busiest time."""
        if self.look is not None and self.look.peak is not None:
            self.grid.put_at(self.look.window.column(self.look.peak.at))

    def action_quiet(self) -> None:
        """Put the cursor on the next longest quiet time."""
        look = self.look
        if look is not None and look.quiet:
            self._quiet = (self._quiet + 1) % len(look.quiet)
            gap = look.quiet[self._quiet]
            self.grid.put_at(look.window.column(gap.begin + (gap.end - gap.begin) / 2))
