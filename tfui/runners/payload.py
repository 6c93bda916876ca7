"""Reading a payload key by key, so that every bad key is reported at once and by its name."""

from __future__ import annotations

import os
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from tfui.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAMED = 60  # characters of an unknown key that a message repeats


def nearest(name: str, known: tuple[str, ...]) -> str:
    """Say which known name was probably meant, or which there are."""
    close = get_close_matches(name.lower(), known, n=1)
    return f"did you mean {close[0]!r}?" if close else f"known: {', '.join(known)}"


class PayloadReading:
    """One pass over a payload. Problems are collected; `finish` raises them together."""

    def __init__(self, payload: Mapping[str, Any], *, known: tuple[str, ...]) -> None:
        self._payload = payload
        self._problems: dict[str, str] = {}
        for key in payload:
            if key not in known:
                self.refuse(key[:_NAMED], f"there is no such key; {nearest(key[:_NAMED], known)}")

    def refuse(self, key: str, problem: str) -> None:
        """Note what is wrong with one key."""
        self._problems.setdefault(f"payload.{key}", problem)

    def value(self, key: str) -> Any:  # noqa: ANN401  # JSON is any of six types
        """Give the value as it is; None when the key is absent."""
        return self._payload.get(key)

    def text(self, key: str, *, required: bool = False) -> str | None:
        """Give a text that a process or a header can carry."""
        value = self.value(key)
        if value is None or value == "":
            if required:
                self.refuse(key, "this is required")
            elif value == "":
                self.refuse(key, "this is empty; leave it out instead")
            return None
        problem = text_problem(value)
        if problem is not None:
            self.refuse(key, problem)
            return None
        return str(value)

    def texts(self, key: str) -> dict[str, str]:
        """Give an object whose values are texts, those that are; empty when absent."""
        value = self.value(key)
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.refuse(key, f"this must be an object of texts, not {kind(value)}")
            return {}
        good = {}
        for name, text in value.items():
            problem = text_problem(name) or text_problem(text)
            if problem is None:
                good[name] = text
            else:
                self.refuse(f"{key}.{name[:_NAMED]}", problem)
        return good

    def folder(self, key: str, *, user: str | None = None) -> str | None:
        """Give an absolute path; a ~ becomes the home of `user`, or of who runs the engine."""
        path = self.text(key)
        if path is None:
            return None
        if not path.startswith(("/", "~")):
            self.refuse(key, f"{path[:_NAMED]!r} must be an absolute path, or begin with ~")
        if user is not None and (path == "~" or path.startswith("~/")):
            path = f"~{user}{path[1:]}"
        return os.path.expanduser(path)  # noqa: PTH111  # Path raises for a user there is not

    def finish(self) -> None:
        """Raise Invalid with every problem noted, if there is one."""
        if self._problems:
            raise Invalid(self._problems)


def kind(value: object) -> str:
    """Name the JSON type of a value, for a message."""
    if value is None:
        return "null"
    names = {bool: "a boolean", int: "a number", float: "a number", str: "a text", list: "a list"}
    return names.get(type(value), "an object")


def text_problem(value: object) -> str | None:
    """Say why a value is no text that the system can be given, or None when it is one."""
    if not isinstance(value, str):
        return f"this must be a text, not {kind(value)}"
    if "\0" in value:
        return f"character {value.index(chr(0)) + 1} is a NUL, which no process can be given"
    try:
        value.encode()
    except UnicodeEncodeError as error:
        return f"character {error.start + 1} is half of a surrogate pair"
    return None
