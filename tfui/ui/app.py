"""The dashboard's application: themes, the first screen, keys that work everywhere, and quitting.

It holds no data. Screens read through the office, which is opened after the first frame is drawn.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on, work
from textual.command import CommandPalette
from textual.filter import Monochrome, NoColor
from textual.worker import WorkerCancelled, WorkerFailed

from tfui.ui import crash, keys, leaving, state, themes
from tfui.ui.keys import BY_ID, Where
from tfui.ui.live import ListRead
from tfui.ui.office import Office
from tfui.ui.options import Options
from tfui.ui.screens.main import MainScreen
from tfui.ui.styles import STYLES
from tfui.ui.terminal import TerminalDriver, TerminalLost
from tfui.ui.typing_ahead import OneKeyAtATime
from tfui.ui.welcome import Welcome
from tfui.ui.widgets.scroll_bars import draw_scroll_bars
from tfui.ui.zones import Zones

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.binding import BindingType
    from textual.command import Provider
    from textual.driver import Driver
    from textual.screen import Screen
    from textual.worker import Worker

    from tfui.clock import Clock
    from tfui.ui.office import Opening


def _palette() -> type[Provider]:
    """Import the palette only when it is opened."""
    from tfui.ui.palette import Palette

    return Palette


class TfuiApp(OneKeyAtATime):
    """The dashboard. Whoever runs it closes its `office` afterwards."""

    TITLE = "tfui"
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {_palette}
    ENABLE_COMMAND_PALETTE = True
    CSS_PATH: ClassVar = [
        STYLES / name
        for name in (
            "layout.tcss",
            "widgets.tcss",
            "responsive.tcss",
        )
    ]
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings(Where.EVERYWHERE)]
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012  # Textual does not declare it as ClassVar
        (0, "-tiny"),
        (60, "-narrow"),
        (100, "-mid"),
        (160, "-wide"),
    ]
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012  # nor this
        (0, "-flat"),
        (16, "-low"),
        (30, "-tall"),
    ]
    CLOSE_TIMEOUT = 5.0

    def __init__(
        self,
        *,
        open_office: Callable[[], Opening],
        clock: Clock,
        options: Options | None = None,
    ) -> None:
        super().__init__()
        self.options = options or Options()
        self.key_map = self.options.key_map
        self.set_keymap(self.key_map.for_textual())
        self.set_class(self.options.ascii, "-ascii")
        draw_scroll_bars(ascii=self.options.ascii)
        self.animation_level = "full" if self.options.animation else "none"
        self.choices = state.load(self.options.state_path)
        zones = Zones(self.choices.zone, local=self.options.zone)
        self.office = Office(
            open_office, clock=clock, zones=zones, drafts=self.options.drafts_folder
        )
        self.leads_to_demo = False
        """Whether whoever ran it is to open the demo next."""
        self._welcome = Welcome(self)
        self._has_crashed = False
        self._engine: Worker[None] | None = None
        for theme in themes.OWN:
            self.register_theme(theme)
        wanted = self.options.theme or self.choices.theme
        self.theme = wanted if wanted in self.available_themes else themes.DARK.name

    def get_driver_class(self) -> type[Driver]:
        """Have the terminal (or the browser) watched, so that its loss is noticed."""
        found = super().get_driver_class()
        if found.__name__ == "WebDriver":
            from tfui.ui.browser import BrowserDriver

            return BrowserDriver
        return TerminalDriver if issubclass(TerminalDriver, found) else found

    def action_command_palette(self) -> None:
        """Find an action, a schedule or a theme by its name."""
        if not isinstance(self.screen, CommandPalette):
            sought = "Find an action, a schedule or a theme"
            self.push_screen(CommandPalette(id="--command-palette", placeholder=sought))

    def get_default_screen(self) -> Screen[object]:
        """Show the schedules first."""
        return MainScreen(self.office, self.options, self.choices)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Give our colours to themes that do not know of them."""
        return themes.variables_for(self.current_theme)

    def watch_theme(self) -> None:
        """Under NO_COLOR, take colours away as the theme allows: sixteen unknown ones have no greys."""
        for place, each in enumerate(self._filters):
            if isinstance(each, Monochrome | NoColor):
                self._filters[place] = NoColor() if self.current_theme.ansi else Monochrome()

    def on_mount(self) -> None:
        """Keep warnings off the screen, and take over the signals that would leave it in disorder."""
        self.office.log.listen()
        if threading.current_thread() is threading.main_thread():
            loop = asyncio.get_running_loop()
            for number in (signal.SIGTERM, signal.SIGHUP):
                loop.add_signal_handler(number, self.leave_now)

    def on_unmount(self) -> None:
        """Let no engine outlive the app, however it ends, and remember the choices made."""
        self.office.stop_background("hand_back")
        self.office.log.leave()
        self.choices.theme = self.theme
        state.save(self.options.state_path, self.choices)

    def start_engine(self) -> None:
        """Run the office's engine in a thread, if it has one."""
        if self.office.background is not None:
            self._engine = self.run_worker(
                self.office.run_background, name="engine", thread=True, exit_on_error=False
            )

    @on(ListRead)
    def _list_read(self, event: ListRead) -> None:
        self._welcome.consider(event.look)

    async def engine_ended(self) -> None:
        """Wait until the engine's thread has ended."""
        if self._engine is not None:
            with contextlib.suppress(WorkerFailed, WorkerCancelled):
                await self._engine.wait()

    @work(group="leaving")
    async def action_quit(self) -> None:  # type: ignore[override]  # a worker may wait for answers
        """Quit, after asking whoever may lose something."""
        await leaving.ask_and_leave(self)

    @work(group="leaving")
    async def leave_now(self) -> None:
        """Hand running jobs back and quit, as a signal asks."""
        await leaving.leave(self, "hand_back")

    @on(TerminalLost)
    def _terminal_lost(self) -> None:
        self.leave_now()

    def action_toggle_dark(self) -> None:
        """Switch between the dark and the light theme."""
        self.theme = themes.opposite(self.current_theme)

    def action_save_picture(self) -> None:
        """Save what is shown as an SVG in the present folder."""
        try:
            path = self.save_screenshot()
        except OSError as trouble:
            self.notify(
                f"The picture could not be saved: {trouble}", severity="error", markup=False
            )
        else:
            self.notify(f"Saved {path}", timeout=3, markup=False)

    def action_help(self) -> None:
        """Show every key, those that work here and now first."""
        from tfui.ui.screens.help import HelpScreen

        live = (BY_ID.get(active.binding.id or "") for active in self.active_bindings.values())
        here = dict.fromkeys(action.where for action in live if action is not None)
        self.push_screen(HelpScreen(ascii=self.options.ascii, key_map=self.key_map, here=here))

    def _fatal_error(self) -> None:
        # Textual would print every local variable, job environments and tokens among them. It asks
        # again for whatever fails because of the first.
        if self._has_crashed:
            return
        self._has_crashed = True
        error: BaseException = self._exception or RuntimeError("unknown")
        if isinstance(error, WorkerFailed):
            error = error.error
        try:
            path = crash.record(error, folder=self.options.log_folder, now=self.office.clock.now())
        except OSError:
            path = None
        self._exit_renderables.append(Text(crash.notice(error, path)))
        self._close_messages_no_wait()
