"""The part of the editor that hands what is typed to the person's own text editor, as TOML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on, work
from textual.widgets import Button

from tfui.ui.screens.editor_face import EditorFace
from tfui.ui.widgets.editor_problem import CROSS

if TYPE_CHECKING:
    from tfui.ui.merging import Version


class EditorText(EditorFace):
    """Takes back what was written there into the fields; nothing is saved by it."""

    @on(Button.Pressed, "#editor-text")
    @work(group="editor-text", exclusive=True)
    async def action_text(self) -> None:
        """Edit all fields as TOML in $EDITOR."""
        from tfui.ui.screens.text_editing import edit_version

        sitting = self._sitting
        self._read()
        if sitting.unread:
            self._go_to({key: sitting.problems[key] for key in sitting.unread})
            self._say(f"{CROSS} mend this first: it would be lost", "$text-error")
            return
        found = await edit_version(self.app, sitting.mine, judge=_itself)
        if found is not None:
            self._is_attempted = True
            self._fill(sitting.texts_of(found))


def _itself(version: Version) -> Version:
    """Take whatever can be read: the form shows what else is wrong with it."""
    return version
