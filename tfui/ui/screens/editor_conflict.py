"""What somebody else saved while the editor was open, told beside what was typed here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content

from tfui.ui.plain import fit, plain
from tfui.ui.screens.asking import Answer
from tfui.ui.widgets.editor_changes import changes, shown

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet
    from uuid import UUID

    from tfui.model.journal import JournalRow
    from tfui.model.schedule import ScheduleDraft
    from tfui.service.caller import Caller
    from tfui.ui.widgets.editor_changes import FieldChange

CANCEL, KEEP, THEIRS = "cancel", "keep", "theirs"
ANSWERS = (
    Answer(CANCEL, "Go on editing", "g"),
    Answer(KEEP, "Keep mine on top", "k"),
    Answer(THEIRS, "Take theirs", "t", is_grave=True),
)

_MOST = 5
_WIDTH = 56  # cells of a change in the dialog, the label included
_ARROW = "\N{RIGHTWARDS ARROW}"


@dataclass(frozen=True, slots=True)
class Newer:
    """The schedule as it is in the store now."""

    draft: ScheduleDraft
    revision: int
    authors: tuple[str, ...]
    """Who changed it since, newest first: `ana through the cli`."""


def fetch_newer(caller: Caller, schedule_id: UUID, *, since: int) -> Newer | None:
    """Read what is stored; None when that is no newer than `since`. Runs in a thread."""
    from tfui.service import journal, schedules

    row = schedules.rows(caller, [schedule_id])
    if not row or row[0].revision <= since:
        return None
    draft = schedules.draft(caller, schedule_id)
    entries = journal.entries(caller, subject=schedule_id, limit=row[0].revision - since)
    return Newer(draft, row[0].revision, tuple(dict.fromkeys(map(_author, entries))))


def _author(entry: JournalRow) -> str:
    return f"{plain(entry.by)} through the {plain(entry.via)}, {entry.at:%H:%M} UTC"


def draw_conflict(base: ScheduleDraft, mine: ScheduleDraft, newer: Newer) -> Content:
    """Draw both sides' changes since `base`; a field that both changed says so."""
    theirs_changed = changes(base, newer.draft)
    mine_changed = changes(base, mine)
    both = {change.key for change in theirs_changed} & {change.key for change in mine_changed}
    who = "; ".join(newer.authors) or "somebody else"
    lines = [Content.assemble((f"Saved meanwhile by {who}", "bold"))]
    lines += _draw_side(theirs_changed, frozenset())
    lines += [Content(""), Content.assemble(("Yours, not saved yet", "bold"))]
    lines += _draw_side(mine_changed, both)
    return Content("\n").join(lines)


def _draw_side(side: list[FieldChange], both: AbstractSet[str]) -> list[Content]:
    """Draw one side's changes, as many as a small terminal has room for."""
    if not side:
        return [Content.assemble(("  nothing that is edited here", "$dim"))]
    lines = []
    for change in side[:_MOST]:
        mark = "! " if change.key in both else "  "
        text = f"{shown(change.old)} {_ARROW} {shown(change.new)}"
        said = fit(text, _WIDTH - len(change.label)).rstrip()
        lines.append(Content.assemble((mark, "$text-warning"), (f"{change.label}  ", "$dim"), said))
    if len(side) > _MOST:
        lines.append(Content.assemble((f"  and {len(side) - _MOST} more", "$dim")))
    if any(change.key in both for change in side):
        lines.append(Content.assemble(("! changed by both", "$text-warning")))
    return lines
