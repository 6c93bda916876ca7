"""Deleting where something comes after it: what is asked then, and what is done about the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from tfui.errors import Conflict
from tfui.ui.plain import plain
from tfui.ui.screens.asking import CANCEL, Answer, Ask

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from tfui.model.dependency import DependencyRow
    from tfui.service.caller import Caller

DETACH: Literal["detach"] = "detach"
DELETE: Literal["delete"] = "delete"

_NAMED = 3


def delete(
    caller: Caller, ids: Sequence[UUID], *, children: Literal["detach", "delete"] | None = None
) -> list[DependencyRow]:
    """Delete schedules; where others come after them, change nothing and give what leads to those."""
    from tfui.service import graph, schedules

    try:
        schedules.delete(caller, ids, children=children)
    except Conflict:
        found = graph.followers(caller, ids)
        if not found:
            raise
        return found
    return []


def question(words: str, ids: Sequence[UUID], links: Sequence[DependencyRow]) -> Ask:
    """Ask what becomes of what comes after `words`, which says what is to be deleted."""
    near = list(dict.fromkeys(link.child for link in links if link.parent_id in ids))
    far = list(dict.fromkeys(link.child for link in links if link.child_id not in ids))
    them = "it" if len(near) == 1 else "them"
    body = f"{_named(near)} {'comes' if len(near) == 1 else 'come'} after {plain(words)}."
    if any(link.is_chained and link.parent_id in ids for link in links):
        body += "\nDetached, what has no time of its own runs by hand only."
    if len(far) > len(near):
        body += f"\nDeleting {them} too takes along what follows: {_named(far[len(near) :])}."
    return Ask(
        f"What becomes of what comes after {plain(words)}?",
        body,
        (
            Answer(CANCEL, "Cancel", "ask.no"),
            Answer(DETACH, f"Delete, detach {them}", "ask.detach"),
            Answer(DELETE, f"Delete all {len(far) + len(ids)}", "ask.all", is_grave=True),
        ),
    )


def _named(names: Sequence[str]) -> str:
    shown = [plain(name) for name in names[:_NAMED]]
    if len(names) > _NAMED:
        return f"{', '.join(shown)} and {len(names) - _NAMED} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if shown[1:] else shown)
