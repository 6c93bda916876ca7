"""The part of the editor that saves: one step through the service, and what comes in between."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual import on, work
from textual.widgets import Button

from tfui.errors import Conflict, Invalid, TfuiError
from tfui.ui.key_map import key_map_of
from tfui.ui.office import office_of
from tfui.ui.options import is_ascii
from tfui.ui.screens import editor_conflict, editor_saving
from tfui.ui.screens.editor_keeping import EditorKeeping
from tfui.ui.widgets.editor_problem import CROSS

if TYPE_CHECKING:
    from tfui.errors import Problem
    from tfui.model.schedule import ScheduleDraft
    from tfui.ui.screens.editor_conflict import Newer


TOAST = 5.0  # seconds


class EditorStoring(EditorKeeping):
    """Saves, and settles with whoever has saved meanwhile."""

    _is_saving = False

    def _refuse(self, problems: dict[str, Problem]) -> None:
        self._sitting.refuse(problems, is_raw=self._form.is_raw)
        self._show_state()

    @on(Button.Pressed, "#editor-save")
    def action_save(self) -> None:
        """Save, or show what is wrong and go there."""
        if self._is_saving:
            return
        sitting = self._sitting
        self._is_attempted = True
        self._read()
        if sitting.problems:
            self._form.enter_first(sitting.problems)
        elif sitting.is_edit and not sitting.has_changes:
            self._say("nothing has changed", "$dim")
        else:
            self._is_saving = True
            self._say("saving\N{HORIZONTAL ELLIPSIS}", "$dim")
            self._save(sitting.draft, sitting.texts)

    @work(group="editor-save")
    async def _save(self, draft: ScheduleDraft, texts: dict[str, str]) -> None:
        """Write in a thread; what is refused comes back beside its field."""
        sitting, parents = self._sitting, self._sitting.parents.wanted
        try:
            saved = await asyncio.to_thread(
                editor_saving.save,
                office_of(self).caller,
                draft,
                base=sitting.base,
                schedule_id=sitting.schedule_id,
                revision=sitting.revision,
                parents=(sitting.parents.stored, sitting.parents.wanted),
            )
        except Invalid as bad:
            self._refuse(bad.fields)
            self._form.enter_first(sitting.problems)
        except Conflict as conflict:
            await self._settle(conflict)
        except TfuiError as trouble:
            self._say_trouble(trouble)
            self.notify(str(trouble), title="Not saved", severity="error", markup=False)
        else:
            self._forget_draft()
            if self._form.texts == texts:
                self.dismiss(saved.id)
                return
            sitting.schedule_id = saved.id
            sitting.parents.know(parents)
            self._begin_anew(draft, saved.revision, self._form.texts)
            self._say("saved; what you typed since is not", "$text-warning")
        finally:
            self._is_saving = False

    async def _settle(self, conflict: Conflict) -> None:
        """Show both sides of a conflict and do what the user says; nothing is written here."""
        from tfui.ui.screens.editor_differences import DifferencesScreen

        newer = await self._fetch_newer()
        if newer is None:
            self._say_trouble(conflict)
            return
        sitting = self._sitting
        asked = DifferencesScreen(sitting.was, newer, sitting.mine, ascii=is_ascii(self))
        result = await self.app.push_screen_wait(asked)
        if result is None:
            self._say(f"{CROSS} not saved: revision {newer.revision} is newer", "$text-error")
            return
        self._fill(sitting.go_on_from(newer, result))
        key = key_map_of(self).name("editor.save")
        rest = f"; {key} saves it" if sitting.is_dirty else ": nothing of yours is left to save"
        self.notify(f"Merged with revision {newer.revision}{rest}", timeout=TOAST, markup=False)

    async def _fetch_newer(self) -> Newer | None:
        sitting = self._sitting
        if sitting.schedule_id is None or sitting.revision is None:
            return None
        return await asyncio.to_thread(
            editor_conflict.fetch_newer,
            office_of(self).caller,
            sitting.schedule_id,
            since=sitting.revision,
        )
