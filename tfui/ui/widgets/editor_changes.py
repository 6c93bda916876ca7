"""What a save would change: field by field, as texts for people and as values for the service."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from tfui.ui.plain import plain
from tfui.ui.widgets.editor_fields import EXPRESSION, SPEC
from tfui.ui.widgets.editor_sheet import write_sheet

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
            found.append(FieldChange(name, _label(name), before[name], after[name]))
    order = list(SPEC)
    return sorted(found, key=lambda change: _rank(change.key, order))


def merged(base: ScheduleDraft, mine: ScheduleDraft, theirs: ScheduleDraft) -> dict[str, Any]:
    """Give the values of `theirs` with what `mine` changed since `base` laid on top."""
    values = {field.name: getattr(theirs, field.name) for field in fields(theirs)}
    for name, value in changed_values(base, mine).items():
        values[name] = value
        if name in _OPEN:
            values[name] = _merged_keys(getattr(base, name), value, getattr(theirs, name))
    return values


def _merged_keys(
    base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]
) -> dict[str, Any]:
    result = dict(theirs)
    for key in {*base, *mine}:
        if key in mine and (key not in base or mine[key] != base[key]):
            result[key] = mine[key]
        elif key not in mine:
            result.pop(key, None)
    return result


def _by_key(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[FieldChange]:
    keys = [*old, *(key for key in new if key not in old)]
    return [
        FieldChange(f"{name}.{key}", plain(key), _value(old.get(key)), _value(new.get(key)))
        for key in keys
        if old.get(key) != new.get(key)
    ]


def _value(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _label(name: str) -> str:
    return SPEC[name].label.lower() if name in SPEC else name.replace("_", " ")


def _rank(key: str, order: list[str]) -> int:
    head, _, rest = key.partition(".")
    if head == "payload":
        key = next((known for known in order if known.endswith(f".{rest}")), "payload")
    return order.index(key) if key in order else len(order)


def shown(text: str) -> str:
    """Write one side of a change on one line."""
    return plain(text) or _NOTHING
