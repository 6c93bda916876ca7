"""What a schedule comes after, said by name: looked up, judged, and followed within a transaction.

The editor and the import say which schedules they want before this one; what that changes is
worked out here, and written beside whatever else is saved. Every problem is named `after`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tfui.core.dependency import find_cycle
from tfui.core.parent_text import FIELD, Parent
from tfui.core.rights import Right
from tfui.errors import Conflict, Invalid, Problem
from tfui.model.dependency import After
from tfui.service import dependency_changes, references
from tfui.store import dependencies, listing, schedules

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from tfui.model.dependency import DependencyRow
    from tfui.model.schedule import ScheduledJob
    from tfui.service.caller import Caller
    from tfui.store.connection import Transaction
    from tfui.store.journal import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class ParentChange:
    """What is to change about what a schedule comes after; the rest stays."""

    wanted: tuple[Parent, ...] = ()
    """New ones, and ones of another kind or window."""
    unwanted: tuple[str, ...] = ()

    @classmethod
    def between(cls, before: Sequence[Parent], after: Sequence[Parent]) -> ParentChange:
        """Say what leads from one to the other."""
        names = {parent.name for parent in after}
        return cls(
            wanted=tuple(parent for parent in after if parent not in before),
            unwanted=tuple(parent.name for parent in before if parent.name not in names),
        )

    def __bool__(self) -> bool:
        return bool(self.wanted or self.unwanted)


def listed(caller: Caller, schedule_id: UUID) -> tuple[Parent, ...]:
    """Give what a schedule comes after, by name. Raises Forbidden, Unavailable."""
    with caller.reading(Right.SCHEDULED_JOB_READ) as tx:
        rows = dependencies.rows(tx, caller.organization_id, [schedule_id])
    return tuple(parent_of(row) for row in rows if row.child_id == schedule_id)


def parent_of(row: DependencyRow) -> Parent:
    """Say a kept dependency by name."""
    return Parent(row.parent, row.dependency_type, row.window_seconds)


def problem(
    caller: Caller, wanted: Sequence[Parent], *, schedule_id: UUID | None, is_chained: bool
) -> Problem | None:
    """Say what is wrong with coming after these, a circle by its path; None when all is well."""
    with caller.reading(Right.SCHEDULED_JOB_READ) as tx:
        try:
            found = _found(tx, caller.organization_id, wanted)
            for after in found:
                dependency_changes.check_window(after, is_chained=is_chained)
        except Invalid as bad:
            return next(iter(bad.fields.values()))
        if schedule_id is None:
            return None
        for after in found:
            circle = find_cycle(
                schedule_id,
                after.parent_id,
                parents_of=lambda one: dependencies.parents_of(tx, one),
            )
            if circle is not None:
                return Problem(dependency_changes.path_words(tx, circle))
    return None


def follow(tx: Transaction, child: ScheduledJob, change: ParentChange) -> list[Entry]:
    """Do it; whoever calls has locked the schedule and journals the entries. Raises Invalid."""
    entries: list[Entry] = []
    unwanted = set(change.unwanted)
    if unwanted:
        entries += [
            dependency_changes.remove(tx, row)
            for row in dependencies.rows(tx, child.organization_id, [child.id])
            if row.child_id == child.id and row.parent in unwanted
        ]
    found = _found(tx, child.organization_id, change.wanted)
    schedules.lock(tx, child.organization_id, [child.id, *(after.parent_id for after in found)])
    for after in found:
        try:
            made = dependency_changes.add(tx, child, after)
        except Conflict as circle:
            raise Invalid({FIELD: str(circle)}) from circle
        except Invalid as bad:
            raise Invalid({FIELD: next(iter(bad.fields.values()))}) from bad
        if made is not None:
            entries.append(made)
    return entries


def _found(tx: Transaction, organization_id: UUID, wanted: Iterable[Parent]) -> list[After]:
    found = []
    for parent in wanted:
        parent_id = schedules.id_of_name(tx, organization_id, parent.name)
        if parent_id is None:
            known = listing.names(tx, organization_id)
            raise Invalid({FIELD: references.unknown("schedule", parent.name, known)})
        found.append(
            After(
                parent_id=parent_id,
                dependency_type=parent.kind,
                window_seconds=parent.window_seconds,
            )
        )
    return found
