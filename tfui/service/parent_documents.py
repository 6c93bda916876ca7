"""What a schedule comes after, within its document: `after`, a list of objects that name each parent."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tfui.core.duration import format_duration
from tfui.core.parent_text import FIELD, Parent, read_parent
from tfui.core.states import DependencyType
from tfui.errors import Invalid
from tfui.service import document as documents
from tfui.service.parents import parent_of
from tfui.store import dependencies, exchange

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from tfui.model.schedule import ScheduledJob
    from tfui.store.connection import Transaction

AFTER = FIELD
"""The key of a document that says what a schedule comes after."""

_KEYS = frozenset({"schedule", "type", "window"})


def everything(
    tx: Transaction, organization_id: UUID
) -> list[tuple[ScheduledJob, str, dict[str, Any]]]:
    """Give every schedule with its queue's name and its document, `after` and all, by name."""
    after: dict[UUID, list[dict[str, str]]] = {}
    for row in dependencies.rows(tx, organization_id):
        after.setdefault(row.child_id, []).append(_written(parent_of(row)))
    found = []
    for schedule, queue in exchange.everything(tx, organization_id):
        document = documents.of_schedule(schedule, queue)
        if schedule.id in after:
            document[AFTER] = after[schedule.id]
        found.append((schedule, queue, document))
    return found


def read(document: Mapping[str, Any]) -> tuple[Parent, ...] | None:
    """Read a document's `after`, each an object or a text like `billing:conditional:1h`; None without.

    Raises Invalid {"after"}.
    """
    if AFTER not in document:
        return None
    value = document[AFTER]
    if not isinstance(value, list):
        raise Invalid({AFTER: "this must be a list of the schedules it comes after"})
    found = {parent.name: parent for parent in map(_read, value)}
    return tuple(found.values())


def say(name: str, parents: Sequence[Mapping[str, str]]) -> str:
    """Say in a sentence what a schedule comes after, for readers of a crontab."""
    told = [
        f"{each['schedule']} ({', '.join(value for key, value in each.items() if key != 'schedule')})"
        for each in parents
    ]
    return f"{name} comes after {', '.join(told)}"


def _written(parent: Parent) -> dict[str, str]:
    found = {"schedule": parent.name, "type": parent.kind.value}
    if parent.window_seconds is not None:
        found["window"] = format_duration(timedelta(seconds=parent.window_seconds))
    return found


def _read(value: object) -> Parent:
    if isinstance(value, str):
        return read_parent(value)
    if not isinstance(value, dict) or not isinstance(value.get("schedule"), str):
        raise Invalid({AFTER: 'each names a schedule, like {"schedule": "billing"}'})
    if unknown := value.keys() - _KEYS:
        raise Invalid({AFTER: f"{min(map(str, unknown))!a} is none of schedule, type and window"})
    kind = value.get("type", DependencyType.SEQUENTIAL.value)
    if kind not in set(DependencyType):
        words = ", ".join(DependencyType)
        raise Invalid({AFTER: f"type is one of {words}, not {str(kind)[:40]!r}"})
    window = value.get("window")
    text = f"{value['schedule']}:{kind}"
    return read_parent(text if window is None else f"{text}:{window}")
