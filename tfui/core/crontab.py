"""Crontab text, read as cron reads it: environment lines, entries, `%`, @names, and what is refused.

Pure: text in, values out. What an entry becomes as a schedule is decided by the service; how one is
written is in `crontab_text`. Comments that begin with `#tfui` carry what a crontab cannot say.

A file is read with six fields (seconds first) when every timed line in it begins with six words that
together are a valid expression, and otherwise with five; lines with an @name do not vote.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tfui.core import cron_text, zone
from tfui.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ANNOTATION = "#tfui "
"""Begins a comment that adds to the entry below it."""
WHOLE = "#tfui-only "
"""Begins a comment that is a whole schedule which no crontab line could be."""

_VARIABLE = re.compile(r"""(?:"([^"=]+)"|'([^'=]+)'|([^\s="'#][^\s=]*))[ \t]*=[ \t]*(.*)""")
_QUOTED = re.compile(r"""(["'])(.*?)\1[ \t]*""")
_WORD = re.compile(r"[^ \t]+")
_LIKE_A_FIELD = re.compile(r"[*?0-9][-*?0-9,/]*")
_HEADER = re.compile(
    r"\bh(?:our)?s?\b.*\b(?:dom|day|dow|mon|wday)\b.*\b(?:cmd|command)\b", re.IGNORECASE
)
_REBOOT = (
    "@reboot is an event, not a time, and is refused; let the system's service manager start it "
    "(systemd: a unit that is WantedBy=multi-user.target)"
)
_LONGEST_COMMENT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line that cron would run."""

    line: int
    """1 for the first line of the file."""
    expression: str
    """Its fields with single blanks between them, or an @name."""
    user: str | None
    """The user column of the system format."""
    command: str
    stdin: str | None
    environment: Mapping[str, str]
    """The variables in force at this line, without MAILTO and CRON_TZ."""
    mailto: str | None
    zone: str | None
    """CRON_TZ in force at this line."""
    comment: str | None
    """The comment right above it, in one line."""
    annotation: Mapping[str, Any]
    """What a `#tfui` comment above it adds."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A line that cannot become a schedule, and why."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Crontab:
    """A file read whole; `entries` and `refusals` are in the order of their lines."""

    entries: tuple[Entry, ...]
    wholes: tuple[tuple[int, Mapping[str, Any]], ...]
    """Line and content of each `#tfui-only` comment."""
    refusals: tuple[Refusal, ...]
    has_seconds: bool
    variables: int
    """How many environment lines there are."""


def parse(text: str, *, system: bool = False) -> Crontab:
    """Read a crontab; `system` expects a user after the fields. Raises nothing: bad lines are refusals."""
    lines = [line.removesuffix("\r") for line in text.removeprefix("\ufeff").split("\n")]
    has_seconds = _has_seconds(lines, extra=2 if system else 1)
    reading = _Reading(system=system, fields=6 if has_seconds else 5)
    for number, line in enumerate(lines, 1):
        reading.take(number, line.strip(" \t"))
    return Crontab(
        tuple(reading.entries),
        tuple(reading.wholes),
        tuple(reading.refusals),
        has_seconds,
        reading.variables,
    )


def split_command(text: str) -> tuple[str, str | None]:
    r"""Apply cron's `%` rules: the command, and its standard input or None.

    The first `%` that no backslash escapes ends the command; later ones are newlines. A backslash
    before a `%` is taken away. Input that does not end with a newline is given one.
    """
    command, rest = _command_end(text)
    if not rest:
        return command, None
    given: list[str] = []
    escaped = False
    for character in rest:
        if escaped and character != "%":
            given.append("\\")
        shown = "\n" if character == "%" and not escaped else character
        escaped = character == "\\"
        if not escaped:
            given.append(shown)
    if escaped:
        given.append("\\")
    fed = "".join(given)
    return command, fed if fed.endswith("\n") else f"{fed}\n"


def _command_end(text: str) -> tuple[str, str]:
    command: list[str] = []
    escaped = False
    for place, character in enumerate(text):
        if escaped:
            if character == "%":
                command.pop()
            escaped = False
        elif character == "%":
            return "".join(command), text[place + 1 :]
        else:
            escaped = character == "\\"
        command.append(character)
    return "".join(command), ""


def _has_seconds(lines: Iterable[str], *, extra: int) -> bool:
    """Whether every timed line begins with six good fields, followed by `extra` words or more."""
    found = False
    for line in lines:
        words = line.removeprefix("\ufeff").split(None, 6 + extra)
        if not words or words[0][0] in "#@" or _VARIABLE.match(line.strip(" \t")):
            continue
        if len(words) < 6 + extra or _why_not(" ".join(words[:6]).removeprefix("-")):
            return False
        found = True
    return found


def _why_not(expression: str) -> str | None:
    try:
        cron_text.read(expression, "")
    except Invalid as bad:
        return str(bad.fields[cron_text.FIELD])
    return None


@dataclass(slots=True)
class _Reading:
    """One pass over the lines; what a line says holds for the lines below it."""

    system: bool
    fields: int
    entries: list[Entry] = field(default_factory=list)
    wholes: list[tuple[int, Mapping[str, Any]]] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    variables: int = 0
    _environment: dict[str, str] = field(default_factory=dict)
    _mailto: str | None = None
    _zone: str | None = None
    _zone_problem: str | None = None
    _comment: list[str] = field(default_factory=list)
    _annotation: Mapping[str, Any] = field(default_factory=dict)

    def take(self, number: int, line: str) -> None:
        """Read one line, without its outer blanks."""
        if line.startswith("#"):
            self._take_comment(number, line)
            return
        reason = None
        if line:
            variable = _VARIABLE.match(line)
            reason = (
                self._take_variable(number, variable)
                if variable
                else self._take_entry(number, line)
            )
        if reason is not None:
            self._refuse(number, line, reason)
        self._comment, self._annotation = [], {}

    def _refuse(self, number: int, line: str, reason: str) -> None:
        self.refusals.append(Refusal(number, line, reason))

    def _take_comment(self, number: int, line: str) -> None:
        for mark in (ANNOTATION, WHOLE):
            if line.startswith(mark):
                self._take_annotation(number, line, mark)
                return
        words = line.lstrip("#").strip()
        if not words or _HEADER.search(words) or _is_commented_out(words):
            self._comment = []
        else:
            self._comment.append(words)

    def _take_annotation(self, number: int, line: str, mark: str) -> None:
        try:
            found = json.loads(line[len(mark) :])
        except (ValueError, RecursionError) as error:
            self._refuse(number, line, f"this comment is no JSON: {error}")
            return
        if not isinstance(found, dict):
            self._refuse(number, line, "this comment must hold a JSON object")
        elif mark == WHOLE:
            self.wholes.append((number, found))
        else:
            self._annotation = found

    def _take_variable(self, number: int, match: re.Match[str]) -> str | None:
        """Note a variable; give the reason when it cannot be one."""
        name = match[1] or match[2] or match[3]
        value = match[4].rstrip(" \t")
        if value[:1] in {'"', "'"}:
            quoted = _QUOTED.fullmatch(value)
            if quoted is None:
                return f"the value of {name} begins with {value[0]} and does not end with it"
            value = quoted[2]
        if not _is_utf8(name + value):
            return "this line has bytes that are not UTF-8"
        self.variables += 1
        if name == "MAILTO":
            self._mailto = value
        elif name == "CRON_TZ":
            return self._take_zone(number, value)
        else:
            self._environment = {**self._environment, name: value}
        return None

    def _take_zone(self, number: int, name: str) -> str | None:
        try:
            self._zone, self._zone_problem = zone.zone(name).name, None
        except Invalid as bad:
            reason = "; ".join(str(problem) for problem in bad.fields.values())
            self._zone_problem = f"CRON_TZ on line {number} is not a time zone"
            return reason
        return None

    def _take_entry(self, number: int, line: str) -> str | None:
        """Note an entry; give the reason when it cannot be one."""
        if not _is_utf8(line):
            return "this line has bytes that are not UTF-8"
        timed = line.removeprefix("-")  # cronie's wish to keep the line out of the system log
        expression, rest = _cut(timed, 1 if timed.startswith("@") else self.fields)
        if expression.lower() == "@reboot":
            return _REBOOT
        reason = _why_not(expression)
        if reason is not None:
            return reason
        if self.fields == 5 and (sixth := _sixth_field(expression, rest)):
            return (
                f"{sixth} looks like a sixth field, yet other lines of this file have five; "
                "put lines with seconds into a file of their own"
            )
        user, rest = _cut(rest, 1) if self.system else ("", rest)
        if not rest:
            return (
                "there is no command after the user"
                if user
                else "there is no command after the time"
            )
        if self._zone_problem is not None:
            return self._zone_problem
        command, stdin = split_command(rest)
        if not command.strip():
            return "there is no command before the %"
        self.entries.append(
            Entry(
                line=number,
                expression=expression,
                user=user or None,
                command=command.rstrip(" \t"),
                stdin=stdin,
                environment=self._environment,
                mailto=self._mailto,
                zone=self._zone,
                comment=" ".join(self._comment)[:_LONGEST_COMMENT] or None,
                annotation=self._annotation,
            ),
        )
        return None


def _cut(text: str, count: int) -> tuple[str, str]:
    """Give the first `count` words with single blanks between them, and the rest without outer blanks."""
    words = [match for _, match in zip(range(count), _WORD.finditer(text), strict=False)]
    end = words[-1].end() if words else 0
    return " ".join(match[0] for match in words), text[end:].strip(" \t")


def _sixth_field(expression: str, rest: str) -> str | None:
    """Give the word after five fields when it is another one rather than a command."""
    word, after = _cut(rest, 1)
    is_field = not expression.startswith("@") and bool(after) and _LIKE_A_FIELD.fullmatch(word)
    return word if is_field and _why_not(f"{expression} {word}") is None else None


def _is_commented_out(words: str) -> bool:
    """Whether a comment is an entry that somebody switched off."""
    expression, rest = _cut(words, 1 if words.startswith("@") else 5)
    return bool(rest) and _why_not(expression) is None


def _is_utf8(text: str) -> bool:
    """Whether the text had no undecodable bytes (kept as surrogates by whoever read the file)."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
