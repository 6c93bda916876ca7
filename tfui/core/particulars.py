"""What a job is given besides its command: where, under what and with what it runs, in few words.

Of an environment, headers and keyword arguments only the names are said: their values may be secrets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tfui.core.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

HIDDEN = "values not shown"
_LONGEST = 40  # characters of a first line that are quoted


def particulars(job_type: str, payload: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Give labels and words; nothing for a job type not known here, whose payload is shown whole."""
    match job_type:
        case "shell":
            found = _shell(payload)
        case "http":
            found = _http(payload)
        case "python":
            found = _python(payload)
        case _:
            return []
    return [(label, text) for label, text in found if text]


def worth_retrying(only: Sequence[int] | None, never: Sequence[int] | None) -> str:
    """Say which exit codes are worth another attempt; nothing where all are."""
    parts = [
        f"only after exit {', '.join(map(str, only))}" if only is not None else "",
        f"not after exit {', '.join(map(str, never))}" if never else "",
    ]
    return ", ".join(part for part in parts if part)


def _shell(payload: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    shell = payload.get("shell")
    under = "without a shell" if shell is False else f"under {shell}" if shell else ""
    user = f"as {payload['user']}" if payload.get("user") else ""
    yield "runs", ", ".join(part for part in (_folder(payload), under, user) if part)
    yield "env", _names(payload.get("env"))
    yield "stdin", _quoted(payload.get("stdin"))


def _http(payload: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "headers", _names(payload.get("headers"))
    body = payload.get("body")
    yield "body", _quoted(body) if isinstance(body, str) else "JSON" if body else ""


def _python(payload: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "runs", _folder(payload)
    args = payload.get("args")
    yield "args", counted(len(args), "value") if isinstance(args, list) and args else ""
    yield "kwargs", _names(payload.get("kwargs"))


def _folder(payload: Mapping[str, Any]) -> str:
    return f"in {payload['cwd']}" if payload.get("cwd") else ""


def _names(values: object) -> str:
    return (
        f"{', '.join(map(str, values))} ({HIDDEN})" if isinstance(values, dict) and values else ""
    )


def _quoted(text: object) -> str:
    if not isinstance(text, str) or not text:
        return ""
    first, *rest = text.splitlines()
    more = f" and {counted(len(rest), 'more line')}" if rest else ""
    shown = first if len(first) <= _LONGEST else f"{first[: _LONGEST - 1]}…"
    return f"“{shown}”{more}"
