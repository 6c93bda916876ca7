"""The editor's scenes: what is edited, which keys are pressed, and what lies on top."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from tests.ui.editor_desk import BILLING, Desk
from tests.world import NOON
from tfui.core.states import AttemptOutcome
from tfui.errors import Invalid
from tfui.model.job import OutputChunk
from tfui.runners.order import Outcome
from tfui.ui import schedule_text
from tfui.ui.kept_drafts import Kept
from tfui.ui.merging import Version
from tfui.ui.screens import editor_keeping, text_editing
from tfui.ui.screens.asking import Ask
from tfui.ui.screens.editor import EditorScreen
from tfui.ui.screens.editor_conflict import Newer
from tfui.ui.screens.editor_differences import DifferencesScreen
from tfui.ui.widgets.editor_sheet import write_sheet

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from tfui.model.schedule import ScheduleDraft

SIZES = ((80, 24), (120, 36), (200, 50))

NEWER = Newer(
    Version(
        replace(
            BILLING,
            schedule_expression="30 2 * * *",
            payload={**BILLING.payload, "command": "/bin/true"},
        )
    ),
    13,
    ("ana through the cli, 11:58 UTC",),
)
"""What somebody else saved in between."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditorScene:
    """One picture of the editor at NOON."""

    name: str
    draft: ScheduleDraft | None = BILLING
    keys: tuple[str, ...] = ()
    conflict: Newer | None = None
    printed: tuple[tuple[str, str], ...] = ()
    """What a test run has printed, each with its stream."""
    ended: Outcome | None = None
    """How it ended; with neither, there was none."""
    kept: Kept | None = None
    """What an earlier editor left behind."""
    mistaken: str | None = None
    """What was written in a text editor, as a whole schedule with a mistake."""
    ascii: bool = False
    theme: str | None = None
    sizes: tuple[tuple[int, int], ...] = SIZES

    def make_app(self) -> Desk:
        """Make an app that shows the editor as it opens."""
        is_edit = self.draft is not None
        editor = EditorScreen(self.draft, UUID(int=7) if is_edit else None, 12 if is_edit else None)
        desk = Desk(editor)
        desk.set_class(self.ascii, "-ascii")
        if self.theme is not None:
            desk.theme = self.theme
        return desk

    async def play(self, pilot: Pilot[None]) -> None:
        """Press the keys and lay on top what the scene has."""
        for _ in range(3):
            await pilot.pause()
        await pilot.press(*self.keys)
        editor = pilot.app.screen
        if self.printed and isinstance(editor, EditorScreen):
            await self._show_trial(editor)
        if self.conflict is not None:
            mine = replace(BILLING, priority=1, schedule_expression="30 3 * * *")
            asked = DifferencesScreen(
                Version(BILLING), self.conflict, Version(mine), ascii=self.ascii
            )
            await pilot.app.push_screen(asked)
        if self.kept is not None and isinstance(editor, EditorScreen):
            title, said = "An unsaved draft was left behind", editor._describe(self.kept)
            await pilot.app.push_screen(Ask(title, said, editor_keeping.OFFER))
        if self.mistaken is not None:
            await pilot.app.push_screen(_question_about(self.mistaken))
        await pilot.pause()
        await pilot.pause()

    async def _show_trial(self, editor: EditorScreen) -> None:
        """Show a test run as it looks two seconds after its start, or after its end."""
        pane = await editor._show_pane()
        pane.begin()
        pane.take(
            [
                OutputChunk(fence=1, seq=number, at=NOON, stream=stream, text=text)
                for number, (stream, text) in enumerate(self.printed)
            ]
        )
        if self.ended is None:
            pane.say_running(2.0, is_stopping=False)
        else:
            pane.say_ended(self.ended, 3.2)


def _question_about(text: str) -> Ask:
    try:
        schedule_text.read(text)
    except Invalid as bad:
        return text_editing.question(text, bad)
    raise AssertionError("there is no mistake in it")


_TO_THE_EXPRESSION = ("tab", "tab", "end")
_EVERY_DAY = (*_TO_THE_EXPRESSION, "backspace", "backspace", "backspace", "asterisk")
_AFTER_ANOTHER = (*"verify", "tab", "a", "tab", "tab", *"backup", "colon", *"parallel")
_PRINTED = (
    ("stdout", "connecting to bank.example\n"),
    ("stdout", "\x1b[32m1,204 invoices\x1b[0m of 2026-01-05\n"),
    ("stderr", "warning: 3 without an address\n"),
)
_WELL = Outcome(AttemptOutcome.SUCCEEDED, 0)
_KEPT = Kept(
    at=NOON - timedelta(minutes=17),
    schedule_id=UUID(int=7),
    revision=11,
    base=BILLING,
    texts=write_sheet(replace(BILLING, priority=7, timezone="UTC")),
)
_MISTAKEN = (
    schedule_text.write(Version(BILLING))
    .replace("priority = 5", 'priority = "high"')
    .replace("queue = ", "quue = ")
)
_TO_THE_PAYLOAD = ("tab",) * 6
_BROKEN_JSON = (*_TO_THE_PAYLOAD, "right", "tab", "down", "end", "comma")

SCENES = (
    EditorScene(name="add", draft=None),
    EditorScene(name="edit", keys=_EVERY_DAY),
    EditorScene(
        name="error", keys=("tab", "tab", "home", "right", "right", "right", "delete", "2", "5")
    ),
    EditorScene(name="after", draft=None, keys=_AFTER_ANOTHER),
    EditorScene(name="conflict", conflict=NEWER),
    EditorScene(name="trying", printed=_PRINTED),
    EditorScene(
        name="tried",
        printed=(*_PRINTED, ("stderr", "connection refused by bank.example\n")),
        ended=Outcome(AttemptOutcome.FAILED, 69, "exit 69: connection refused by bank.example"),
    ),
    EditorScene(name="kept", kept=_KEPT),
    EditorScene(name="mistaken", mistaken=_MISTAKEN),
    EditorScene(name="json", keys=_BROKEN_JSON),
    EditorScene(name="ascii", keys=_EVERY_DAY, ascii=True, sizes=SIZES[:2]),
    EditorScene(name="ascii-conflict", conflict=NEWER, ascii=True, sizes=SIZES[:1]),
    EditorScene(name="ascii-tried", printed=_PRINTED, ended=_WELL, ascii=True, sizes=SIZES[:1]),
    EditorScene(name="presets", keys=("f4",), sizes=SIZES[:1]),
    EditorScene(name="light", keys=_EVERY_DAY, theme="tfui-light", sizes=SIZES[1:2]),
    EditorScene(name="light-json", keys=_BROKEN_JSON, theme="tfui-light", sizes=SIZES[1:2]),
)
