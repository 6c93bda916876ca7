"""Values as JSON: instants as ISO 8601 with their offset, identifiers as text, shapes as objects."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID


def to_json(value: object) -> str:
    """Write a value as one JSON document, in ASCII so that no terminal's encoding matters."""
    return json.dumps(plain(value), indent=2, allow_nan=False)


def plain(value: Any) -> Any:  # noqa: ANN401  # any shape in, JSON's six types out
    """Turn shapes, instants, spans (whole or broken seconds) and identifiers into JSON's own types."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, dict):
        return {str(key): plain(found) for key, found in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(found) for found in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    columns = getattr(type(value), "model_fields", None)
    if columns is not None:  # a table's row; its attribute for a reserved name ends with a bar
        return {name.rstrip("_"): plain(getattr(value, name)) for name in columns}
    raise TypeError(f"{type(value).__name__} has no JSON form")
