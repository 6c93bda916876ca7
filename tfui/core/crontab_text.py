"""Writes crontab lines that cron and `crontab.parse` both read as what was meant, or says it cannot.

Every line is read back before it is given: what would not come back the same has no line.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tfui.core import crontab

if TYPE_CHECKING:
    from collections.abc import Iterable

_NUMBER = r"(?:\*|[0-9]+(?:-[0-9]+)?)(?:/[0-9]+)?"
_PLAIN = re.compile(rf"{_NUMBER}(?:,{_NUMBER})*")
_NAMED = re.compile(rf"(?:{_NUMBER}|[A-Z]{{3}})(?:,(?:{_NUMBER}|[A-Z]{{3}}))*")
_RANGE = re.compile(r"([0-9]+)-([0-9]+)")
_STEPPED_NUMBER = re.compile(r"(?:^|,)[0-9]+/")
_NAMES = frozenset(
    {"@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"}
)


def is_portable(expression: str) -> bool:
    """Whether every cron reads this valid expression as tfui does."""
    fields = expression.upper().split()
    if len(fields) == 1:
        return expression.strip().lower() in _NAMES
    if len(fields) != 5:
        return False
    for place, text in enumerate(fields):
        pattern = _NAMED if place > 2 else _PLAIN
        if not pattern.fullmatch(text) or _STEPPED_NUMBER.search(text):
            return False
        if any(int(first) > int(last) for first, last in _RANGE.findall(text)):
            return False
    return True


def format_entry(
    expression: str, command: str, *, stdin: str | None = None, user: str | None = None
) -> str | None:
    """Write one entry, with a user column if `user` is given; None when no line says this."""
    if not is_portable(expression):
        return None
    fields = " ".join(expression.split())
    words = [fields] if user is None else [fields, user]
    line = " ".join([*words, _escape(command)])
    if stdin is not None:
        line += f"%{_escape_input(stdin)}"
    read = crontab.parse(line, system=user is not None)
    if len(read.entries) != 1 or read.refusals:
        return None
    entry = read.entries[0]
    found = (entry.expression, entry.user, entry.command, entry.stdin)
    return line if found == (fields, user, command, stdin) else None


def format_variable(name: str, value: str) -> str | None:
    """Write one environment line; None when no line says this."""
    if name in {"MAILTO", "CRON_TZ"}:
        return None
    return _assignment(name, value)


def format_mailto(value: str) -> str | None:
    """Write who is to be mailed; None when no line says this."""
    return _assignment("MAILTO", value)


def format_comment(text: str) -> str | None:
    """Write a comment that `parse` gives as the next entry's; None when it would not."""
    line = f"# {text}"
    probe = "* * * * * probe"
    read = crontab.parse(f"{line}\n{probe}")
    return line if len(read.entries) == 1 and read.entries[0].comment == text else None


def _assignment(name: str, value: str) -> str | None:
    probe = "* * * * * probe"
    for quote in _quotes(value):
        line = f"{name}={quote}{value}{quote}"
        read = crontab.parse(f"{line}\n{probe}")
        if read.variables != 1 or len(read.entries) != 1 or read.refusals:
            continue
        entry = read.entries[0]
        found = entry.mailto if name == "MAILTO" else entry.environment.get(name)
        if found == value:
            return line
    return None


def _quotes(value: str) -> Iterable[str]:
    """Give the ways to quote, plainest first; an empty value must be quoted for Vixie's cron."""
    return ("", '"', "'") if value else ('"',)


def _escape(text: str) -> str:
    return text.replace("%", r"\%")


def _escape_input(text: str) -> str:
    """Write standard input behind a `%`; the newline that cron adds by itself is left out."""
    if len(text) > 1 and text.endswith("\n") and not text.endswith("\n\n"):
        text = text[:-1]
    return _escape(text).replace("\n", "%")
