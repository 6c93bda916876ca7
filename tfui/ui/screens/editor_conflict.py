"""What somebody else saved while the editor was open, told beside what was typed here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content

from tfui.ui.plain import plain
from tfui.ui.widgets.editor_changes import changes, shown

if TYPE_CHECKING:
    from uuid import UUID

    from tfui.model.journal import JournalRow
    from tfui.model.schedule import ScheduleDraft
    from tfui.service.caller import Caller

CANCEL, KEEP, THEIRS = "cancel", "keep", "theirs"
ANSWERS = (
    (CANCEL, "Go on editing"),
    (KEEP, "Keep mine on top"),
    (THEIRS, "Take theirs"),
)

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
    parts: list[tuple[str, str] | str] = []
    who = "; ".join(newer.authors) or "somebody else"
    parts.append((f"Saved meanwhile by {who}\n", "bold"))
    for change in theirs_changed:
        parts.append((f"  {change.label}  ", "$dim"))
        parts.append(f"{shown(change.old)} {_ARROW} {shown(change.new)}\n")
    if not theirs_changed:
        parts.append(("  nothing that is edited here\n", "$dim"))
    parts.append(("\nYours, not saved yet\n", "bold"))
    for change in mine_changed:
        parts.append((f"  {change.label}  ", "$dim"))
        parts.append(f"{shown(change.old)} {_ARROW} {shown(change.new)}")
        parts.append(("  ! changed by both\n", "$text-warning") if change.key in both else "\n")
    return Content.assemble(*parts)
