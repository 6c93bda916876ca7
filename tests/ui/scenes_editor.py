"""The editor's scenes: what is edited, which keys are pressed, and what lies on top."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

from tests.ui.editor_desk import BILLING, Desk
from tfui.ui.screens import editor_conflict
from tfui.ui.screens.asking import Ask
from tfui.ui.screens.editor import EditorScreen
from tfui.ui.screens.editor_conflict import Newer

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from tfui.model.schedule import ScheduleDraft

SIZES = ((80, 24), (120, 36), (200, 50))

NEWER = Newer(
    replace(
        BILLING,
        schedule_expression="30 2 * * *",
        payload={**BILLING.payload, "command": "/bin/true"},
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
    theme: str | None = None
    sizes: tuple[tuple[int, int], ...] = SIZES

    def make_app(self) -> Desk:
        """Make an app that shows the editor as it opens."""
        is_edit = self.draft is not None
        editor = EditorScreen(self.draft, UUID(int=7) if is_edit else None, 12 if is_edit else None)
        desk = Desk(editor)
        if self.theme is not None:
            desk.theme = self.theme
        return desk

    async def play(self, pilot: Pilot[None]) -> None:
        """Press the keys and lay on top what the scene has."""
        for _ in range(3):
            await pilot.pause()
        await pilot.press(*self.keys)
        if self.conflict is not None:
            mine = replace(BILLING, priority=1, schedule_expression="30 3 * * *")
            body = editor_conflict.draw_conflict(BILLING, mine, self.conflict)
            title = "billing-export was changed while you edited it"
            await pilot.app.push_screen(Ask(title, body, editor_conflict.ANSWERS))
        await pilot.pause()


_TO_THE_EXPRESSION = ("tab", "tab", "end")
_EVERY_DAY = (*_TO_THE_EXPRESSION, "backspace", "backspace", "backspace", "asterisk")
_AFTER_ANOTHER = (*"verify", "tab", "a", "tab", "tab", *"backup", "colon", *"parallel")

SCENES = (
    EditorScene(name="add", draft=None),
    EditorScene(name="edit", keys=_EVERY_DAY),
    EditorScene(
        name="error", keys=("tab", "tab", "home", "right", "right", "right", "delete", "2", "5")
    ),
    EditorScene(name="after", draft=None, keys=_AFTER_ANOTHER),
    EditorScene(name="conflict", conflict=NEWER),
    EditorScene(name="presets", keys=("f4",), sizes=SIZES[:1]),
    EditorScene(name="light", keys=_EVERY_DAY, theme="tfui-light", sizes=SIZES[1:2]),
)
