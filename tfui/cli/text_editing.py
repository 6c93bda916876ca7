"""A schedule in the person's own text editor, from the command line: again until it is right or given up."""

from __future__ import annotations

import os
import sys
import tempfile
from typing import TYPE_CHECKING

import typer

from tfui.cli import output
from tfui.errors import Conflict, Invalid
from tfui.ui import external_editor, schedule_text
from tfui.ui.stored import stored

if TYPE_CHECKING:
    from uuid import UUID

    from tfui.model.schedule import ScheduleDraft, ScheduleRow
    from tfui.service.caller import Caller


def edit_as_text(caller: Caller, schedule_id: UUID) -> tuple[ScheduleRow | None, ScheduleDraft]:
    """Have a schedule edited and save it as one change; None when nothing was changed.

    Mistakes are told by their lines; on a terminal the editor can be opened on them again. Raises
    Invalid and Conflict, with the place where the text was kept.
    """
    begun = stored(caller, schedule_id)
    original = text = schedule_text.write(begun.version)
    while True:
        written = external_editor.edit(text, name="schedule.toml")
        if written is None or written == original:
            return None, begun.version.draft
        text = written
        try:
            wanted = schedule_text.read(text)
            return begun.save(caller, wanted), wanted.draft
        except Invalid as bad:
            for mistake in schedule_text.placed(text, bad.fields):
                output.remark(str(mistake))
            if not (sys.stdin.isatty() and typer.confirm("Edit it again?", default=True, err=True)):
                kept = _keep(text)
                raise Invalid({"--editor": f"nothing was saved; the text is in {kept}"}) from None
        except Conflict as conflict:
            raise Conflict(f"{conflict}; your text is in {_keep(text)}") from None


def _keep(text: str) -> str:
    """Put a text where only the person finds it; give the file."""
    descriptor, path = tempfile.mkstemp(prefix="tfui-", suffix=".toml")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    return path
