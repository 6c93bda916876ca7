"""What a job does, in one line: read from its type and payload, for lists and for search."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST = 500
"""Characters; a list shows fewer and nobody searches for more."""


def command_line(job_type: str, payload: Mapping[str, Any]) -> str:
    """Say what a job runs; the whole payload stands in for a job type not known here."""
    match job_type, payload:
        case "shell", {"command": str(command)}:
            said = command
        case "http", {"url": str(url)}:
            said = f"{payload.get('method') or 'GET'} {url}"
        case "python", {"callable": str(name)}:
            said = name
        case _:
            said = json.dumps(payload, ensure_ascii=False, default=str) if payload else ""
    return " ".join(said[: LONGEST * 4].split())[:LONGEST]


SEARCHED = 500
"""Characters of a schedule that a search looks through: an index must be able to hold them."""


def search_text(
    name: str,
    expression: str,
    *,
    job_type: str,
    payload: Mapping[str, Any],
    metadata: Mapping[str, Any],
) -> str:
    """Compose what a search looks through: name, expression, tags and command, in folded case."""
    tags = metadata.get("tags")
    words = [str(tag) for tag in tags] if isinstance(tags, list) else []
    lines = (name, expression, *words, command_line(job_type, payload))
    return "\n".join(lines).casefold()[:SEARCHED]
