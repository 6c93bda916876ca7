"""Two people's changes of one schedule, brought together field by field.

Each side is taken apart into the smallest things that can be changed by themselves. What only one
side changed goes as that side has it; what both changed is for a person to decide. Nothing here
draws or saves.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from enum import Enum
from typing import TYPE_CHECKING, Any

from tfui.core.parent_text import Parent, write_parent
from tfui.ui.widgets.editor_changes import label_of, rank, value_text
from tfui.ui.widgets.editor_sheet import write_sheet
from tfui.ui.widgets.editor_spec import AFTER, EXPRESSION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tfui.model.schedule import ScheduleDraft


class Pick(Enum):
    """Whose version of a field is taken."""

    THEIRS = "theirs"
    MINE = "mine"


@dataclass(frozen=True, slots=True)
class Version:
    """A schedule as one side has it."""

    draft: ScheduleDraft
    parents: tuple[Parent, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that somebody changed, as texts; empty where it is not there."""

    key: str
    label: str
    was: str
    theirs: str
    mine: str
    only: Pick | None
    """Who changed it; None when both did, each in another way."""


@dataclass(frozen=True, slots=True)
class _Part:
    label: str
    text: str
    value: Any


_Parts = dict[str, _Part]

_TRIGGER, _JOB = ("schedule_type", EXPRESSION), ("job_type", "payload")
_OPEN = ("payload", "metadata")


def differences(was: Version, theirs: Version, mine: Version) -> list[Difference]:
    """Give every field on which the sides do not agree, in the order of the form."""
    before, yours, ours = _apart(was, theirs, mine)
    found = []
    for key in {**before, **yours, **ours}:
        old, new, own = before.get(key), yours.get(key), ours.get(key)
        if _is_same(new, own):
            continue
        only = Pick.MINE if _is_same(old, new) else Pick.THEIRS if _is_same(old, own) else None
        label = next(part.label for part in (own, new, old) if part is not None)
        found.append(Difference(key, label, _text(old), _text(new), _text(own), only))
    return sorted(found, key=lambda each: rank(each.key))


def settle(was: Version, theirs: Version, mine: Version, picks: Mapping[str, Pick]) -> Version:
    """Bring both sides together: `theirs`, with the fields that `picks` gives to `mine`."""
    _, result, ours = _apart(was, theirs, mine)
    for key, pick in picks.items():
        if pick is Pick.MINE and key in ours:
            result[key] = ours[key]
        elif pick is Pick.MINE:
            result.pop(key, None)
    return _together(result, theirs.draft)


def _apart(*versions: Version) -> list[_Parts]:
    """Take versions apart, all in the same way.

    An expression is nothing without its kind, nor a payload without its job type: where the one
    differs, both are one field.
    """
    kinds = {version.draft.schedule_type for version in versions}
    job_types = {version.draft.job_type for version in versions}
    return [
        _parts(version, has_one_kind=len(kinds) == 1, has_one_job=len(job_types) == 1)
        for version in versions
    ]


def _parts(version: Version, *, has_one_kind: bool, has_one_job: bool) -> _Parts:
    draft, texts = version.draft, write_sheet(version.draft)
    found: _Parts = {}
    for field in fields(draft):
        value = getattr(draft, field.name)
        if field.name not in {*_TRIGGER, *_JOB, *_OPEN}:
            found[field.name] = _Part(label_of(field.name), texts[field.name], value)
    trigger = tuple(getattr(draft, name) for name in _TRIGGER)
    if has_one_kind:
        found[EXPRESSION] = _Part("expression", draft.schedule_expression, trigger)
    else:
        found[_TRIGGER[0]] = _Part("trigger", " ".join(map(str, trigger)).strip(), trigger)
    if not has_one_job:
        job = (draft.job_type, draft.payload)
        found[_JOB[0]] = _Part("job", f"{job[0]} {value_text(dict(job[1]))}", job)
    for name in _OPEN:
        if name == "metadata" or has_one_job:
            found |= {
                f"{name}.{key}": _Part(key, value_text(value), value)
                for key, value in getattr(draft, name).items()
            }
    found |= {
        f"{AFTER}.{parent.name}": _Part(AFTER, write_parent(parent), parent)
        for parent in version.parents
    }
    return found


def _together(parts: _Parts, like: ScheduleDraft) -> Version:
    values: dict[str, Any] = {"metadata": {}}
    is_whole_job = _JOB[0] in parts
    if not is_whole_job:
        values["payload"] = {}
    parents = []
    for key, part in parts.items():
        head, _, rest = key.partition(".")
        if key in _TRIGGER:
            values |= zip(_TRIGGER, part.value, strict=True)
        elif key == _JOB[0]:
            values |= zip(_JOB, part.value, strict=True)
        elif head == AFTER:
            parents.append(part.value)
        elif head in _OPEN:
            values[head][rest] = part.value
        else:
            values[key] = part.value
    return Version(replace(like, **values), tuple(parents))


def _is_same(one: _Part | None, other: _Part | None) -> bool:
    return one == other if one is None or other is None else one.value == other.value


def _text(part: _Part | None) -> str:
    return "" if part is None else part.text
