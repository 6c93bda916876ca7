"""A bare app around the editor: its office, themes and styles, and nothing of the list behind it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import App
from textual.screen import ModalScreen

from tests.world import NOON
from tfui.clock import FrozenClock
from tfui.errors import Unavailable
from tfui.model.schedule import ScheduleDraft
from tfui.ui import themes
from tfui.ui.office import Office
from tfui.ui.screens.editor import EditorScreen

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from uuid import UUID

    from textual.pilot import Pilot

    from tfui.ui.office import Opening

STYLES = Path(__file__).parents[2] / "styles"

MID = (120, 36)

BILLING = ScheduleDraft(
    name="billing-export",
    schedule_type="cron",
    schedule_expression="30 2 * * 1-5",
    timezone="Europe/Berlin",
    job_type="shell",
    payload={"command": "/bin/echo exported", "env": {"MODE": "full"}},
    priority=5,
    metadata={"tags": ["billing", "nightly"], "description": "Exports the day's invoices"},
)
"""What most tests edit; at NOON it runs next on Tuesday at 02:30."""


def closed_office() -> Opening:
    """Stand for a store that is not there."""
    raise Unavailable("there is no store here")


class Desk(App[None]):
    """Shows one editor. `saved` is what it gave, once it has closed."""

    CSS_PATH: ClassVar = sorted(STYLES.glob("*.tcss"))
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012  # as Textual declares it
        (0, "-tiny"),
        (60, "-narrow"),
        (100, "-mid"),
        (160, "-wide"),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (16, "-low"), (30, "-tall")]  # noqa: RUF012  # as Textual declares it

    def __init__(
        self,
        editor: EditorScreen,
        *,
        open_office: Callable[[], Opening] = closed_office,
        clock: FrozenClock | None = None,
        drafts: Path | None = None,
    ) -> None:
        super().__init__()
        self.editor = editor
        self.office = Office(open_office, clock=clock or FrozenClock(NOON), drafts=drafts)
        self.has_closed = False
        self.saved: UUID | None = None
        for theme in themes.OWN:
            self.register_theme(theme)
        self.theme = themes.DARK.name

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Give our colours to themes that do not know of them."""
        return themes.variables_for(self.current_theme)

    def on_mount(self) -> None:
        """Open the editor."""
        self.push_screen(self.editor, self._keep)

    def _keep(self, saved: UUID | None) -> None:
        self.has_closed = True
        self.saved = saved


@asynccontextmanager
async def editing(
    draft: ScheduleDraft | None = None,
    schedule_id: UUID | None = None,
    revision: int | None = None,
    *,
    size: tuple[int, int] = MID,
    open_office: Callable[[], Opening] = closed_office,
    clock: FrozenClock | None = None,
    drafts: Path | None = None,
) -> AsyncIterator[Pilot[None]]:
    """Have an editor open; the pilot's app is the Desk."""
    editor = EditorScreen(draft, schedule_id, revision)
    desk = Desk(editor, open_office=open_office, clock=clock, drafts=drafts)
    if open_office is not closed_office:
        desk.office.open()
    async with desk.run_test(size=size, notifications=True) as pilot:
        await settle(pilot)
        yield pilot
    desk.office.close()


async def settle(pilot: Pilot[None]) -> None:
    """Let the screen come to rest: threads answered, groups mounted, lines drawn."""
    await pilot.pause()
    for _ in range(500):
        is_busy = any(
            worker.group in READS and not worker.is_finished for worker in pilot.app.workers
        )
        if not is_busy or isinstance(pilot.app.screen, ModalScreen):  # a question may wait for ever
            break
        await pilot.pause(0.01)
    await pilot.pause()
    await pilot.pause()


async def until(pilot: Pilot[None], check: Callable[[], object]) -> None:
    """Wait for something that another thread or process brings about."""
    for _ in range(1000):
        if check():
            await pilot.pause()
            return
        await pilot.pause(0.01)
    raise AssertionError(shown(pilot))


READS = ("editor-check", "editor-background", "editor-foresight", "editor-save")


def desk_of(pilot: Pilot[None]) -> Desk:
    """Give the app the pilot flies."""
    assert isinstance(pilot.app, Desk)
    return pilot.app


async def type_in(pilot: Pilot[None], text: str) -> None:
    """Press a key for each character."""
    for character in text:
        await pilot.press(NAMES.get(character, character))
    await settle(pilot)


NAMES = {
    " ": "space",
    "*": "asterisk",
    "/": "slash",
    "-": "minus",
    ",": "comma",
    ":": "colon",
    "@": "at",
    "[": "left_square_bracket",
    "]": "right_square_bracket",
    ".": "full_stop",
    "_": "underscore",
}
"""How Textual names the keys that are not letters or digits."""


def shown(pilot: Pilot[None]) -> str:
    """Give the screen as text, line by line."""
    screen = pilot.app.screen
    width, height = pilot.app.size
    strips = screen._compositor.render_strips()
    return "\n".join(strip.text[:width].rstrip() for strip in strips[:height])
