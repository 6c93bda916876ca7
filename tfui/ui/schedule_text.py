"""A schedule as a commented TOML text, for people with an editor of their own, and back.

What is not in the text is as for a new schedule. Only its syntax and the kinds of its values are
read here; what they mean is for the service, whose problems `placed` puts beside their lines.
"""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tfui.core.parent_text import read_parents, write_parent
from tfui.errors import Invalid, Problem
from tfui.service import document
from tfui.ui.merging import Version
from tfui.ui.widgets.editor_fields import FIELDS, SPEC
from tfui.ui.widgets.editor_spec import AFTER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tfui.core.parent_text import Parent

SYNTAX = "text"
"""Key of a problem with the text as such."""

_TABLES = ("payload", "metadata")
_AS_JSON = "_json"
_EXAMPLES = {
    "on_missed": '"latest"',
    "catchup_window": '"24h"',
    "jitter": '"5m"',
    "timeout": '"15m"',
    "retry_base": '"10s"',
    "retry_cap": '"1h"',
    "retry_on": "[75, 111]",
    "no_retry_on": "[2, 64]",
    "pause_after_failures": "5",
    "starts_at": '"2027-03-01T09:00:00+01:00"',
    "ends_at": '"2027-03-01T09:00:00+01:00"',
    "max_runs": "10",
}
"""What stands behind a field that is not set."""
_KINDS_OF_INSTANT = "an instant with its offset, like 2027-03-01T09:00:00+01:00"
_HINTS = {
    "after": 'what it comes after, like ["billing", "stock:conditional:1h"]',
    "starts_at": f"nothing runs before: {_KINDS_OF_INSTANT}",
    "ends_at": f"nothing runs after: {_KINDS_OF_INSTANT}",
    "retry_on": "exit codes worth another attempt; without it all of them",
    "timezone": "IANA name of the wall clock, like Europe/Berlin",
    "schedule_expression": "when it fires, as its kind has it: 30 2 * * 1-5, 90s, 2027-03-01 09:00",
}
_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")
_TABLE = re.compile(r"\s*\[\s*([\w.\"-]+?)\s*\]\s*(?:#.*)?$")
_KEY = re.compile(r"\s*\"?([\w-]+)\"?\s*=")


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something wrong with a text, and where; line 0 is the text as a whole."""

    line: int
    text: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.text}" if self.line else self.text


def write(version: Version) -> str:
    """Write a schedule with every field there is, and a comment on each."""
    values = document.of_draft(version.draft)
    lines = [
        "# A schedule. What you save here is checked first, and saved as one change.",
        "# A field that is not there, or has # before it, is as for a new schedule.",
        "",
    ]
    for key in _keys():
        lines += _field(key, values.get(key), version.parents)
    for table in _TABLES:
        lines += _table(table, values.get(table, {}))
    return "\n".join(lines) + "\n"


def read(text: str) -> Version:
    """Read a schedule. Raises Invalid naming every bad field, or `text` when it is no TOML."""
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as bad:
        raise Invalid({SYNTAX: _syntax_problem(str(bad), text)}) from None
    except RecursionError:
        raise Invalid({SYNTAX: "this is nested too deeply"}) from None
    problems: dict[str, Problem] = {}
    parents: tuple[Parent, ...] = ()
    after = found.pop(AFTER, [])
    try:
        parents = _read_after(after)
    except Invalid as bad:
        problems |= bad.fields
    for table in _TABLES:
        problems |= _unfold(found, table)
    for name in document.INSTANTS & found.keys():
        if isinstance(found[name], datetime):
            found[name] = found[name].isoformat()
    try:
        draft = document.to_draft(found)
    except Invalid as bad:
        raise Invalid(bad.fields | problems) from None
    if problems:
        raise Invalid(problems)
    return Version(draft, parents)


def placed(text: str, problems: Mapping[str, Problem]) -> list[Mistake]:
    """Put problems beside the lines they are about, in the order of the text."""
    lines = _lines_of(text)
    found = []
    for key, problem in problems.items():
        if key == SYNTAX:
            line = 0 if problem.span is None else text.count("\n", 0, problem.span[0]) + 1
            found.append(Mistake(line, problem.text))
        else:
            found.append(Mistake(_line_of(key, lines), f"{key}: {problem.text}"))
    return sorted(found, key=lambda each: (each.line, each.text))


def _keys() -> Iterator[str]:
    """Give the fields of a draft and `after`, in the order of the form."""
    names = {*document.FIELDS, AFTER} - {*_TABLES}
    yield from (spec.key for spec in FIELDS if spec.key in names)


def _field(key: str, value: object, parents: Sequence[Parent]) -> list[str]:
    spec = SPEC[key]
    hint = _HINTS.get(key, spec.hint)
    if spec.options:
        hint = f"{hint}: {', '.join(option for option in spec.options if option)}"
    if key == AFTER:
        value = [write_parent(parent) for parent in parents]
    written = f"# {key} = {_EXAMPLES.get(key, '')}" if value is None else f"{key} = {_value(value)}"
    return [f"# {hint}", written, ""]


def _table(name: str, values: Mapping[str, Any]) -> list[str]:
    about = (
        "what is run: the command, request or function, and its surroundings"
        if name == "payload"
        else "your own words: description, tags, and whatever else"
    )
    if not _is_toml(values):
        written = json.dumps(values, ensure_ascii=False, indent=2)
        return [f"# {about}", "", f"[{name}{_AS_JSON}]", f"text = {_text(written)}", ""]
    return [
        f"# {about}",
        f"[{name}]",
        *(f"{_key(key)} = {_value(value)}" for key, value in values.items()),
        "",
    ]


def _is_toml(value: object) -> bool:
    """Whether TOML can hold a value of JSON; it has no null."""
    if isinstance(value, dict):
        return all(map(_is_toml, value.values()))
    if isinstance(value, list):
        return all(map(_is_toml, value))
    return value is not None


def _unfold(found: dict[str, Any], name: str) -> dict[str, Problem]:
    """Put a table that was written as JSON back into its place; give what is wrong with it."""
    folded = found.pop(f"{name}{_AS_JSON}", None)
    if folded is None:
        return {}
    text = folded.get("text") if isinstance(folded, dict) else None
    try:
        found[name] = json.loads(text) if isinstance(text, str) else None
    except ValueError as bad:
        return {f"{name}{_AS_JSON}.text": Problem(f"this is not JSON: {bad}")}
    if not isinstance(found[name], dict):
        return {f"{name}{_AS_JSON}.text": Problem("this must be a text with a JSON object")}
    return {}


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)} = {_value(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    return _text(value) if isinstance(value, str) else str(value)


def _key(key: str) -> str:
    is_bare = key.isascii() and key.replace("-", "").replace("_", "").isalnum()
    return key if is_bare else _basic(key)


def _text(text: str) -> str:
    """Write a text; one of several lines as it stands where TOML allows it."""
    is_literal = "\n" in text and "'''" not in text and not text.endswith("'")
    if is_literal and all(each.isprintable() or each in "\n\t" for each in text):
        return f"'''\n{text}'''"
    return _basic(text)


def _basic(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _read_after(value: object) -> tuple[Parent, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise Invalid({AFTER: 'this must be a list of texts, like ["billing:conditional"]'})
    try:
        return read_parents("\n".join(value))
    except Invalid as bad:
        raise Invalid({AFTER: bad.fields[AFTER].text}) from None


def _syntax_problem(said: str, text: str) -> Problem:
    what = _PLACE.sub("", said).removesuffix("(at end of document)").strip()
    what = f"{what[:1].lower()}{what[1:]}"
    place = _PLACE.search(said)
    if place is None:
        end = len(text.rstrip("\n"))
        return Problem(f"{what}, at the end", (end, end + 1))
    line, column = int(place[1]), int(place[2])
    start = sum(len(each) + 1 for each in text.split("\n")[: line - 1]) + column - 1
    return Problem(f"column {column}: {what}", (start, start + 1))


def _lines_of(text: str) -> dict[str, int]:
    """Find the line of every table and of every key, as `payload.command`."""
    found: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.split("\n"), 1):
        if (head := _TABLE.match(line)) is not None:
            table = head[1].replace('"', "") + "."
            found.setdefault(table[:-1], number)
        elif (key := _KEY.match(line)) is not None:
            found.setdefault(f"{table}{key[1]}", number)
    return found


def _line_of(key: str, lines: Mapping[str, int]) -> int:
    """Find the line of a key, or of what it is part of."""
    while key:
        if key in lines:
            return lines[key]
        key = key.rpartition(".")[0]
    return 0
