"""A readable name for a command line that has none: its program, and what it was told to do.

A guess at what a person would call the job. Guards (`test -x … &&`, `if [ … ]; then`), wrappers
(`flock -n LOCK`, `nice`), assignments and what a pipe leads into say nothing about it.
"""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container

LONGEST = 100
_SHORT = 60  # where a name is still taken in at a glance

_GUARDS = frozenset(
    [
        "!",
        ".",
        ":",
        "[",
        "[[",
        "cd",
        "do",
        "done",
        "else",
        "eval",
        "exec",
        "exit",
        "export",
        "false",
        "fi",
        "for",
        "if",
        "set",
        "sleep",
        "source",
        "test",
        "then",
        "trap",
        "true",
        "ulimit",
        "umask",
        "unset",
        "until",
        "wait",
        "while",
    ],  # quoted words read worse
)
_OPENERS = frozenset({"!", "do", "elif", "else", "exec", "if", "then", "while"})
_WRAPPERS = {
    # how many words that are not options each takes before the command it starts
    "chronic": 0,
    "chrt": 1,
    "env": 0,
    "flock": 1,
    "ionice": 0,
    "nice": 0,
    "nohup": 0,
    "setsid": 0,
    "stdbuf": 0,
    "sudo": 0,
    "time": 0,
    "timeout": 1,
}
_WITH_VALUE = frozenset({"-n", "-c", "-u", "-E", "-k", "-w"})
_INTERPRETERS = frozenset({"bash", "perl", "php", "python", "python3", "ruby", "sh"})
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
_PLAIN = re.compile(r"[a-z][a-z0-9._-]{1,23}", re.IGNORECASE)
_OTHER = re.compile(r"[^\w.+@-]+")


def name_for(command: str, taken: Container[str]) -> str:
    """Give a name of at most 100 characters that is not in `taken`; the same one for the same question."""
    program, words = _best(_simple_commands(command))
    base = _clean("-".join([program, *words]))[:_SHORT].rstrip("-.") or "job"
    if base not in taken:
        return base
    number = 2
    while f"{base}-{number}" in taken:
        number += 1
    return f"{base}-{number}"


def _best(commands: list[list[str]]) -> tuple[str, list[str]]:
    """Choose the command that the line is about; give its program and up to two words of its own."""
    fallback: tuple[str, list[str]] = ("", [])
    for words in commands:
        stripped = _unwrap(words)
        if not stripped:
            continue
        program, rest = stripped[0].rstrip("/").rpartition("/")[2], stripped[1:]
        is_inline = program in _INTERPRETERS and any(word in {"-c", "-e", "-r"} for word in rest)
        if program in _INTERPRETERS and not is_inline and (script := _script(rest)):
            program, rest = script
        telling = [word for word in rest[:4] if _PLAIN.fullmatch(word)][:2]
        found = (program, [] if is_inline else telling)
        if program not in _GUARDS and not is_inline:
            return found
        if not fallback[0] and program not in {"[", "[[", "test"}:
            fallback = found
    return fallback


def _script(rest: list[str]) -> tuple[str, list[str]] | None:
    """Give the script or module that an interpreter is told to run, and the words after it."""
    for place, word in enumerate(rest):
        if not word.startswith("-"):
            return word.rstrip("/").rpartition("/")[2], rest[place + 1 :]
    return None


def _unwrap(words: list[str]) -> list[str]:
    """Take keywords, assignments and wrappers off the front."""
    while words:
        first = words[0].rpartition("/")[2]
        if words[0] in _OPENERS or _ASSIGNMENT.match(words[0]):
            words = words[1:]
        elif first in _WRAPPERS:
            words = _after_wrapper(words[1:], _WRAPPERS[first])
        else:
            break
    return words


def _after_wrapper(words: list[str], operands: int) -> list[str]:
    while words and words[0].startswith("-"):
        takes_value = words[0] in _WITH_VALUE and len(words) > 1 and words[1].isdigit()
        words = words[2:] if takes_value else words[1:]
    return words[operands:]


def _simple_commands(command: str) -> list[list[str]]:
    """Cut a line at `;`, `&&`, `||`, `&` and newlines; what a pipe leads into is left out."""
    lexer = shlex.shlex(command.replace("\n", ";"), posix=True, punctuation_chars=";&|<>()")
    lexer.whitespace_split = True
    lexer.commenters = ""
    commands: list[list[str]] = [[]]
    is_after_pipe = is_target = False
    try:
        for word in lexer:
            if set(word) <= set(";&|()"):
                is_after_pipe = word == "|"
                commands.append([])
            elif set(word) <= set("<>"):
                is_target = True
            elif is_target or is_after_pipe:
                is_target = False
            else:
                commands[-1].append(word)
    except ValueError:  # an open quote; the shell will say so itself
        return [command.split()]
    return [words for words in commands if words]


def _clean(text: str) -> str:
    return _OTHER.sub("-", text).strip("-.")
