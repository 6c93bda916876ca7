"""What every part of the editor builds on: the form beside its preview, and what the bars say.

It draws what the sitting knows; reading, saving and all else are its subclasses' concern.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Container, Horizontal
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Button

from tfui.core.words import counted
from tfui.ui.key_map import key_map_of
from tfui.ui.office import office_of
from tfui.ui.options import is_ascii
from tfui.ui.plain import plain
from tfui.ui.screens.editor_sitting import Sitting
from tfui.ui.styles import EDITOR
from tfui.ui.widgets.editor_fields import ABOUT
from tfui.ui.widgets.editor_form import Form
from tfui.ui.widgets.editor_lines import Lines
from tfui.ui.widgets.editor_preview import Preview
from tfui.ui.widgets.editor_problem import CROSS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from textual.app import ComposeResult

    from tfui.core.parent_text import Parent
    from tfui.errors import Problem, TfuiError
    from tfui.model.schedule import ScheduleDraft
    from tfui.ui.merging import Version

_BAR = ("save", "try", "presets", "text", "quieter", "close")
"""The actions that are buttons as well, by the ends of their ids."""
_WORDS = {"text": "$EDITOR"}
_KEY = re.compile(r"\{([\w.]+)\}")


class EditorFace(Screen["UUID | None"]):
    """Title, form and preview, hint and bar."""

    AUTO_FOCUS = "Field Input"
    CSS_PATH: ClassVar = EDITOR

    def __init__(
        self,
        draft: ScheduleDraft | None = None,
        schedule_id: UUID | None = None,
        revision: int | None = None,
        *,
        after: tuple[Parent, ...] = (),
        typed: tuple[Version, Version] | None = None,
    ) -> None:
        """`after` is what a new schedule comes after to begin with.

        `typed` is what was stored and what is to stand in the fields, where that is not the draft.
        """
        super().__init__()
        self._sitting = Sitting(draft, schedule_id, revision)
        if after:
            self._sitting.begin_after(after)
        texts = self._sitting.begun
        if typed is not None:
            stored, wanted = typed
            self._sitting.learn_parents(stored.parents)
            texts = self._sitting.texts_of(wanted)
        self._touched: set[str] = set()
        self._is_attempted = self._sitting.is_edit
        """Whether problems of fields that nobody has touched are shown as well."""
        self._form = Form(texts)
        self._preview = Preview()
        # Held, not looked up: an answer from a thread may come while the screen is taken down.
        self._title_line = Lines(id="editor-name")
        self._revision = Lines(id="editor-revision")
        self._hint_line = Lines(id="editor-hint")
        self._verdict = Lines(id="editor-verdict")
        self._buttons = {name: Button(id=f"editor-{name}", compact=True) for name in _BAR}

    def compose(self) -> ComposeResult:
        """Lay out title, form and preview, hint and bar."""
        with Horizontal(id="editor-title"):
            yield self._title_line
            yield self._revision
        with Container(id="editor-body"):
            yield self._form
            yield self._preview
        yield self._hint_line
        with Horizontal(id="editor-bar"):
            for name, button in self._buttons.items():
                self._label(name, _WORDS.get(name, name))
                yield button
            yield self._verdict

    def _label(self, name: str, words: str) -> None:
        """Write a button: its key, and what it does."""
        key = key_map_of(self).name(f"editor.{name}", ascii=is_ascii(self))
        self._buttons[name].label = Content(f"{key} {words}")

    # What subclasses do

    def _read(self) -> None:
        """Read all texts and bring problems, preview and bar up to date."""
        raise NotImplementedError

    def _ask_store(self) -> None:
        """Ask for what only the store knows of what is typed."""
        raise NotImplementedError

    # Changing what is shown

    def _fill(self, texts: dict[str, str]) -> None:
        """Put other texts into the fields, and look at them."""
        self._form.fill(texts)
        self._read()
        self._ask_store()

    def _begin_anew(self, base: ScheduleDraft, revision: int | None, texts: dict[str, str]) -> None:
        """Go on from what is stored now, with other texts in the fields."""
        self._sitting.begin_anew(base, revision)
        self._fill(texts)

    def _show_state(self) -> None:
        sitting, problems = self._sitting, self._sitting.problems
        visible = {
            key: problem
            for key, problem in problems.items()
            if self._is_attempted or key in self._touched
        }
        self._form.show_problems(visible)
        self._buttons["save"].disabled = bool(problems)
        self._show_title()
        if (focused := self._form.focused_key) is not None:
            self._show_hint(focused)
        if visible:
            self._say(f"{CROSS} {counted(len(visible), 'problem')}", "bold $text-error")
        elif sitting.is_edit and sitting.is_dirty:
            self._say(f"{counted(len(sitting.changes), 'change')} to save", "$text-warning")
        else:
            self._say("", "")

    def _go_to(self, problems: Mapping[str, Problem]) -> None:
        """Show all problems, also those nobody has touched, and put the cursor at the first of these."""
        self._is_attempted = True
        self._show_state()
        self._form.enter_first(problems)

    def _show_title(self) -> None:
        sitting = self._sitting
        title = f"Edit {plain(sitting.base.name)}" if sitting.is_edit else "Add a schedule"
        star = " *" if sitting.is_dirty else ""
        self._title_line.draw(Content(title + star))
        revision = "" if sitting.revision is None else f"revision {sitting.revision}"
        self._revision.draw(Content(revision))

    def _say(self, text: str, style: str) -> None:
        self._verdict.draw(Content.assemble((text, style)))

    def _say_trouble(self, trouble: TfuiError) -> None:
        self._say(f"{CROSS} {plain(str(trouble))}", "$text-error")

    @on(Form.Entered)
    def _hint(self, event: Form.Entered) -> None:
        event.stop()
        self._show_hint(event.key)

    def _show_hint(self, key: str) -> None:
        field = self._form.field(key)
        about = ABOUT.get((key, field.text))
        hint = f"{field.spec.hint}: {about}" if about else field.spec.hint
        self._hint_line.draw(Content(_KEY.sub(self._key, hint)))

    def _key(self, found: re.Match[str]) -> str:
        return key_map_of(self).name(found[1], ascii=is_ascii(self))

    def _now(self) -> datetime:
        return office_of(self).clock.now()
