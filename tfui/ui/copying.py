"""What of a schedule can be copied, each with its action: read in one go, in a thread."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tfui.ui.screens.menu import Item

if TYPE_CHECKING:
    from uuid import UUID

    from tfui.service.caller import Caller

_ACTIONS = {"JSON": "copy.json", "command line": "copy.line"}
"""Actions that are not called as what they copy."""

_SHOWN = 44  # characters of a value in the menu


def texts(caller: Caller, schedule_id: UUID) -> dict[str, str]:
    """Give everything that can be copied. Raises NotFound, Unavailable."""
    from tfui.service import add_line, document, schedules

    draft = schedules.draft(caller, schedule_id)
    command = schedules.detail(caller, schedule_id).row.command
    return {
        "name": draft.name,
        "id": str(schedule_id),
        "expression": draft.schedule_expression,
        "command": command,
        "JSON": json.dumps(document.of_draft(draft), indent=2, ensure_ascii=False),
        "command line": add_line.add_line(draft),
    }


def items(found: dict[str, str]) -> list[Item]:
    """Make the menu's lines."""
    return [
        Item(what, _ACTIONS.get(what, f"copy.{what}"), f"{what:<13}", _cut(text), is_dead=not text)
        for what, text in found.items()
    ]


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"
