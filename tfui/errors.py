"""The one tree of errors that tfui raises on purpose.

    TfuiError
    ├── Invalid       what was asked breaks a rule; names every field that does
    ├── NotFound      no such thing, or not in the caller's organization
    ├── Forbidden     the caller lacks the right
    ├── Conflict      somebody changed it first, or its state does not allow it
    └── Unavailable   the store cannot be read or written now
        └── GaveWay   two changes waited for each other, and this one was undone whole

Each edge (command line, dashboard, API) translates the tree in one place. Anything else that
escapes is a bug and is treated as one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class TfuiError(Exception):
    """What every deliberate error is; its text is one sentence for the person who asked."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field, and where in its text."""

    text: str
    """One sentence: what was found and what it may be."""
    span: tuple[int, int] | None = None
    """Half-open character range in the field's text for a caret, or None for the whole."""

    def __str__(self) -> str:
        return self.text


class Invalid(TfuiError):
    """What was asked breaks a rule. `fields` maps each bad field to its Problem, all at once."""

    def __init__(self, fields: Mapping[str, Problem | str]) -> None:
        self.fields: dict[str, Problem] = {
            name: found if isinstance(found, Problem) else Problem(found)
            for name, found in fields.items()
        }
        super().__init__("; ".join(f"{name}: {found}" for name, found in self.fields.items()))


class NotFound(TfuiError):
    """There is no such thing, as far as the caller may see."""


class Forbidden(TfuiError):
    """The caller lacks the right; the text names it."""


class Conflict(TfuiError):
    """Somebody was quicker, or the thing's state does not allow the move."""


class Unavailable(TfuiError):
    """The store cannot be used now: locked, read-only, full, corrupt, unreachable or too new."""


class GaveWay(Unavailable):
    """Another change and this one waited for each other; nothing of this one is left. Ask again."""
