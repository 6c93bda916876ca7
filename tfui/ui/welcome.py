"""The welcome: a first start on a store of one's own with nothing in it is asked about, once.

It is over for good when it was answered, or when there is something scheduled.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tfui.ui import leaving, own_crontab, state
from tfui.ui.permits import Permits
from tfui.ui.screens.main import MainScreen

if TYPE_CHECKING:
    from tfui.ui.app import TfuiApp
    from tfui.ui.list_reading import ListLook


class Welcome:
    """What one app owes a newcomer."""

    def __init__(self, app: TfuiApp) -> None:
        self._app = app
        options = app.options
        keeps_choices = options.state_path is not None
        self._is_owed = (
            keeps_choices
            and options.engine
            and not options.read_only
            and not app.choices.is_welcomed
        )

    def consider(self, look: ListLook) -> None:
        """Ask, if this reading of the list shows that it is a first start."""
        if not self._is_owed or look.filter.is_narrow:
            return
        if look.ids:
            self._app.choices.is_welcomed = True
        self._is_owed = False
        if not look.ids and Permits(self._app.office, read_only=False).why_not_write() is None:
            self._app.run_worker(self._ask(), group="dialog")

    async def _ask(self) -> None:
        from tfui.ui.screens import welcoming

        lines = await asyncio.to_thread(_crontab_lines)
        home = self._app.screen
        if not isinstance(home, MainScreen):  # somebody was quicker, and knows how to begin
            self._is_owed = True
            return
        answer = await self._app.push_screen_wait(
            welcoming.WelcomeScreen(
                self._app.key_map,
                crontab_lines=lines,
                has_demo=not self._app.is_web,
            )
        )
        self._app.choices.is_welcomed = True
        state.save(self._app.options.state_path, self._app.choices)
        if answer == welcoming.IMPORT:
            home.home.action_import_crontab(own_crontab.COMMAND)
        elif answer == welcoming.DEMO:
            self._app.leads_to_demo = True
            await leaving.leave(self._app, "hand_back")


def _crontab_lines() -> int:
    """Count the lines of one's own crontab that cron runs, those among them that an import refuses too."""
    from tfui.core import crontab

    read = crontab.parse(own_crontab.read() or "")
    return len(read.entries) + len(read.refusals)
