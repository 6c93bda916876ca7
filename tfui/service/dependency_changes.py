"""What having one schedule come after another, or not any more, does within a transaction.

The caller's verbs and undo both go through here. Whoever calls journals the entries last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfui.core.dependency import find_cycle
from tfui.core.states import ScheduleType
from tfui.errors import Conflict, Invalid
from tfui.store import dependencies
from tfui.store.journal import Entry

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from tfui.core.states import DependencyType
    from tfui.model.dependency import After, DependencyRow
    from tfui.model.schedule import ScheduledJob
    from tfui.store.connection import Transaction
    from tfui.store.jobs import Held

LONGEST_WINDOW = 366 * 86_400
"""Seconds that a window may reach back."""


def add(tx: Transaction, child: ScheduledJob, after: After) -> Entry | None:
    """Have a schedule come after another; one that does already follows the new wish.

    Raises Invalid, and Conflict with the path when that would close a circle.
    """
    dependencies.hold_all(tx, child.organization_id)
    is_chained = child.schedule_type == ScheduleType.CHAINED
    check_window(after, is_chained=is_chained)
    before = dependencies.find(tx, child.id, after.parent_id)
    if before is not None:
        dependencies.remove(tx, child.id, after.parent_id)
    circle = find_cycle(
        child.id, after.parent_id, parents_of=lambda one: dependencies.parents_of(tx, one)
    )
    if circle is not None:
        raise Conflict(path_words(tx, circle))
    dependencies.add(tx, child.id, after, is_chained=is_chained)
    made = dependencies.find(tx, child.id, after.parent_id)
    old = None if before is None else _as_json(before)
    new = None if made is None else _as_json(made)
    return None if old == new else _entry("added", child.id, child.name, old, new)


def remove(tx: Transaction, row: DependencyRow) -> Entry:
    """Have a schedule come after another no more."""
    dependencies.remove(tx, row.child_id, row.parent_id)
    return _entry("removed", row.child_id, row.child, _as_json(row), None)


def path_words(tx: Transaction, circle: Sequence[UUID]) -> str:
    """Say who would wait for whom, all the way round."""
    names = dependencies.names(tx, circle)
    path = " after ".join(names[one] for one in circle)
    return f"that would have {names[circle[0]]} wait for itself: {path}"


def check_window(after: After, *, is_chained: bool) -> None:
    """Refuse a window that can mean nothing. Raises Invalid."""
    seconds = after.window_seconds
    if seconds is None:
        return
    if is_chained:
        raise Invalid({"window": "a chained schedule has no time of its own to look back from"})
    if not 1 <= seconds <= LONGEST_WINDOW:
        raise Invalid({"window": "a window is 1 second to 366 days long"})


def _entry(
    verb: str,
    child_id: UUID,
    child: str,
    before: dict[str, object] | None,
    after: dict[str, object] | None,
) -> Entry:
    return Entry(
        verb=f"dependency.{verb}",
        subject_type="schedule",
        subject_id=child_id,
        subject=child,
        before=before,
        after=after,
    )


def _as_json(row: DependencyRow) -> dict[str, object]:
    return {
        "after": row.parent,
        "parent_id": str(row.parent_id),
        "dependency_type": row.dependency_type.value,
        "window_seconds": row.window_seconds,
    }


def linked(child: Held, parent_id: UUID, kind: DependencyType) -> Entry:
    """Give the entry that says that one job waits for another."""
    return Entry(
        verb="job.linked",
        subject_type="job",
        subject_id=child.id,
        subject=child.job_type,
        after={"parent_job_id": str(parent_id), "dependency_type": kind.value},
    )
