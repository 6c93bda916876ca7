"""Reading what `export yaml` and `export json` write: a list of whole schedules, each refused by itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tfui.core.crontab import Refusal
from tfui.core.states import ScheduleStatus
from tfui.errors import Invalid
from tfui.service.import_matching import Wanted
from tfui.service.import_plan import STATUS

if TYPE_CHECKING:
    from collections.abc import Mapping

_KEY = "schedules"
_VERSIONS = (None, 1)


def read_documents(text: str) -> tuple[list[Wanted], list[Refusal]]:
    """Give the schedules that a text asks for, and what of it is none. Raises Invalid {"file"}.

    YAML is read as it is, and JSON is YAML.
    """
    found = _parsed(text)
    version = found.get("version") if isinstance(found, dict) else None
    if version not in _VERSIONS:
        raise Invalid({"file": f"this is of version {version!r}, which is newer than this tfui"})
    listed = found.get(_KEY) if isinstance(found, dict) else found
    if not isinstance(listed, list):
        raise Invalid({"file": f"this has no list of {_KEY}"})
    wanted: list[Wanted] = []
    refusals: list[Refusal] = []
    names: set[str] = set()
    for place, each in enumerate(listed, 1):
        reason = _why_not(each, names)
        if reason is not None:
            refusals.append(Refusal(place, _name_of(each), reason))
            continue
        name = _name_of(each)
        names.add(name)
        wanted.append(Wanted(line=place, document=dict(each), key=name, work=name, is_named=True))
    return wanted, refusals


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        pass  # YAML, then; it is not asked first because its reader is a hundred times slower
    except RecursionError as error:
        raise Invalid({"file": "this is nested too deep"}) from error
    import yaml

    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        said = " ".join(str(error).split())
        raise Invalid({"file": f"this is neither JSON nor YAML: {said[:200]}"}) from error


def _name_of(each: object) -> str:
    return str(each.get("name", "")) if isinstance(each, dict) else ""


def _why_not(each: Mapping[str, Any] | object, names: set[str]) -> str | None:
    if not isinstance(each, dict) or not all(isinstance(key, str) for key in each):
        return "this is no object with the fields of a schedule"
    if _name_of(each) in names:
        return f"{_name_of(each)!r} is in the file twice"
    if each.get(STATUS) == ScheduleStatus.COMPLETED:
        return "it is completed: nothing is left of it to run"
    return None
