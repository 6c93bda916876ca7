"""A schedule in the person's own editor, from the dashboard: out of the way, back, and again."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

from textual.app import SuspendNotSupported
from textual.content import Content

from tfui.core.words import counted
from tfui.errors import Invalid, TfuiError
from tfui.ui import external_editor, schedule_text
from tfui.ui.plain import plain
from tfui.ui.screens.asking import Answer, Ask

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import App

    from tfui.ui.merging import Version

T = TypeVar("T")

_AGAIN = "again"
_ANSWERS = (
    Answer(_AGAIN, "Go on editing", "unsaved.again"),
    Answer("leave", "Leave, and lose what you wrote", "unsaved.leave", is_grave=True),
)
_MOST = 8


async def edit_version(
    app: App[None], begun: Version, *, judge: Callable[[Version], T]
) -> T | None:
    """Have a schedule edited as text until `judge` raises no Invalid; give what it gives.

    None when nothing was changed, or the person left. `judge` runs in a thread. Any other trouble
    is told here too, as a toast.
    """
    original = text = schedule_text.write(begun)
    while True:
        try:
            with app.suspend():
                written = external_editor.edit(text, name=f"{_file_name(begun.draft.name)}.toml")
        except SuspendNotSupported:
            _tell(app, "No other program can be given this terminal: $EDITOR needs a real one")
            return None
        except TfuiError as trouble:
            _tell(app, str(trouble))
            return None
        if written is None or written == original:
            app.notify("Nothing was changed", timeout=3, markup=False)
            return None
        text = written
        try:
            return await asyncio.to_thread(_read, text, judge)
        except Invalid as bad:
            if await app.push_screen_wait(question(text, bad)) != _AGAIN:
                return None
        except TfuiError as trouble:
            _tell(app, str(trouble))
            return None


def _read(text: str, judge: Callable[[Version], T]) -> T:
    return judge(schedule_text.read(text))


def question(text: str, bad: Invalid) -> Ask:
    """Ask what to do about mistakes, each shown with its line."""
    mistakes, lines = schedule_text.placed(text, bad.fields), text.split("\n")
    said: list[Content] = []
    for mistake in mistakes[:_MOST]:
        said.append(Content(plain(str(mistake))))
        if mistake.line:
            said.append(
                Content.assemble((f"  {plain(lines[mistake.line - 1].strip())[:60]}", "$dim"))
            )
    if len(mistakes) > _MOST:
        said.append(Content.assemble((f"and {len(mistakes) - _MOST} more", "$dim")))
    count = counted(len(mistakes), "mistake")
    return Ask(f"Nothing is saved yet: {count}", Content("\n").join(said), _ANSWERS)


def _tell(app: App[None], text: str) -> None:
    app.notify(text, severity="error", timeout=8, markup=False)


def _file_name(name: str) -> str:
    kept = "".join(each if each.isalnum() or each in "-_" else "-" for each in name[:60])
    return kept.strip("-") or "schedule"
