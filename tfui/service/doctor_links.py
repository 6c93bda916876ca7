"""The dependencies' check-up: circles and deleted parents; and words on record that nothing knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfui.core.dependency import find_cycle
from tfui.core.finding import Finding, Severity
from tfui.core.words import counted
from tfui.store import checks_links, checks_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from uuid import UUID

    from tfui.store.connection import Transaction
    from tfui.store.kept import AnyRow

_RESTORE = "restore {parent}; `tfui depend remove` can then take the dependency away"
_CUT = "`tfui depend remove {child} {parent}` breaks the circle"
_REWORD = (
    "the database was edited, or a newer tfui wrote it; put the right word back, or use that tfui"
)


def findings(tx: Transaction, organization_id: UUID) -> list[Finding]:
    """Look at every dependency of an organization, and at the words on record."""
    links = checks_links.links(tx, organization_id)
    return [*_orphans(links), *_circles(links), *_words(tx, organization_id)]


def _orphans(links: Sequence[AnyRow]) -> Iterator[Finding]:
    for link in links:
        if link.is_orphan:
            yield Finding(
                severity=Severity.WARNING,
                subject=link.child,
                text=f"it comes after {link.parent}, which is deleted",
                advice=_RESTORE.format(parent=link.parent),
            )


def _circles(links: Sequence[AnyRow]) -> Iterator[Finding]:
    """Tell of each circle once, from the first of its schedules by name."""
    parents: dict[UUID, list[UUID]] = {}
    names: dict[UUID, str] = {}
    for link in links:
        parents.setdefault(link.child_id, []).append(link.parent_id)
        names |= {link.child_id: link.child, link.parent_id: link.parent}
    told: set[UUID] = set()
    for link in links:
        if link.child_id in told or link.parent_id in told:
            continue
        circle = find_cycle(
            link.child_id, link.parent_id, parents_of=lambda one: parents.get(one, ())
        )
        if circle is not None:
            told.update(circle)
            path = " after ".join(names[one] for one in circle)
            yield Finding(
                severity=Severity.ERROR,
                subject=link.child,
                text=f"it waits for itself: {path}",
                advice=_CUT.format(child=link.child, parent=link.parent),
            )


def _words(tx: Transaction, organization_id: UUID) -> Iterator[Finding]:
    for found in checks_words.strangers(tx, organization_id):
        yield Finding(
            severity=Severity.ERROR,
            subject=found.schedule or f"{found.noun}s",
            text=f"{counted(found.rows, found.noun)} with the {found.column.replace('_', ' ')} "
            f"{found.word!a}, which this tfui does not know",
            advice=_REWORD,
        )
