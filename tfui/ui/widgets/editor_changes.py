"""What a save would change: field by field, as texts for people and as values for the service."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from tfui.ui.plain import plain
from tfui.ui.widgets.editor_fields import SPEC
from tfui.ui.widgets.editor_sheet import write_sheet
from tfui.ui.widgets.editor_spec import AFTER, EXPRESSION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tfui.model.schedule import ScheduleDraft

_NOTHING = "nothing"
_OPEN = ("payload", "metadata")  # fields that are told key by key


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field, as it was and as it would be."""

    key: str
    label: str
    old: str
    new: str


def changed_values(old: ScheduleDraft, new: ScheduleDraft) -> dict[str, Any]:
    """Give the draft fields that differ, with their new values."""
    return {
        field.name: getattr(new, field.name)
        for field in fields(new)
        if getattr(new, field.name) != getattr(old, field.name)
    }


def changes(old: ScheduleDraft, new: ScheduleDraft) -> list[FieldChange]:
    """Tell what differs, in the order of the form; payload and notes key by key."""
    before, after = write_sheet(old), write_sheet(new)
    found = []
    for name in changed_values(old, new):
        if name in _OPEN:
            found += _by_key(name, getattr(old, name), getattr(new, name))
        elif name == EXPRESSION:
            found.append(
                FieldChange(name, "expression", old.schedule_expression, new.schedule_expression)
            )
        else:
            found.append(FieldChange(name, label_of(name), before[name], after[name]))
    return sorted(found, key=lambda change: rank(change.key))


def _by_key(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[FieldChange]:
    keys = [*old, *(key for key in new if key not in old)]
    return [
        FieldChange(f"{name}.{key}", plain(key), value_text(old.get(key)), value_text(new.get(key)))
        for key in keys
        if old.get(key) != new.get(key)
    ]


def value_text(value: object) -> str:
    """Write one value of a payload or a note."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def label_of(name: str) -> str:
    """Give the word for a draft field."""
    return SPEC[name].label.lower() if name in SPEC else name.replace("_", " ")


def rank(key: str) -> int:
    """Give the place of a change within the order of the form."""
    order = list(SPEC)
    head, _, rest = key.partition(".")
    if head == AFTER:
        key = head
    elif head == "payload":
        key = next((known for known in order if known.endswith(f".{rest}")), "payload")
    return order.index(key) if key in order else len(order)


def shown(text: str) -> str:
    """Write one side of a change on one line."""
    return plain(text) or _NOTHING
