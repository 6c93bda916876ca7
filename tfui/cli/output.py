"""The only printer: plain lines, tables, one JSON document, and remarks on standard error.

What people wrote (names, commands, notes) is shown as text: escape sequences and control characters
are taken out. Colour is for terminals, and not where NO_COLOR is set; a pipe gets no colour and no cuts.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_ESCAPES = re.compile(
    r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?"  # titles, links
    r"|[\x1b\x9b]\[?[0-?]*[ -/]*[@-~]",  # colours, movements
)
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_GAP = "  "
_LEAST = 8  # columns that a cut cell keeps

SGR = {
    "bold": "1",
    "dim": "2",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "blue": "34",
    "cyan": "36",
}


@dataclass(frozen=True, slots=True)
class Styled:
    """A text and how it stands out on a terminal: a word of SGR."""

    text: str
    style: str


Cell: TypeAlias = "str | Styled"


def clean(text: str) -> str:
    """Take out what a terminal would obey; newlines and tabs stay."""
    return _CONTROLS.sub("", _ESCAPES.sub("", text))


def one_line(text: str) -> str:
    """Give a text as part of a line: clean, with blanks for newlines and tabs."""
    return " ".join(clean(text).split()) if not text.isprintable() else text


def say(*cells: Cell) -> None:
    """Print one line to standard output."""
    print(_join(cells, sys.stdout), flush=False)


def remark(*cells: Cell) -> None:
    """Print one line to standard error, after what was already said."""
    with suppress(OSError):  # whether the output could be written is told at the end
        sys.stdout.flush()
    print(_join(cells, sys.stderr), file=sys.stderr, flush=True)


def warn(text: str) -> None:
    """Print a warning to standard error."""
    remark(Styled("warning:", "yellow"), f" {text}")


def fail(text: str) -> None:
    """Print why nothing (more) was done to standard error."""
    remark(Styled("tfui:", "red"), f" {text}")


def point_at(text: str, span: tuple[int, int]) -> None:
    """Show a text on standard error with carets under a part of it, where it fits in a line."""
    if not text.isprintable() or len(text) > 200:
        return
    start, end = max(0, span[0]), max(span[0] + 1, span[1])
    remark(f"    {text}")
    remark("    ", " " * width(text[:start]), Styled("^" * max(1, width(text[start:end])), "red"))


def write(text: str, stream: str = "stdout") -> None:
    """Pass on what a job printed: as it was through a pipe, scrubbed on a terminal."""
    out = sys.stderr if stream == "stderr" else sys.stdout
    out.write(clean(text) if out.isatty() else text)
    out.flush()


def forsake_reader() -> None:
    """Let what is printed from here on go nowhere: whoever read standard output has seen enough."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def print_json(value: object) -> None:
    """Print the one JSON document of this command."""
    from tfui.cli.encoding import to_json

    print(to_json(value))


def is_terminal() -> bool:
    """Whether a person reads standard output as it comes."""
    return sys.stdout.isatty()


def table(
    headings: Sequence[str], rows: Iterable[Sequence[Cell]], *, flexible: str | None = None
) -> None:
    """Print aligned columns; on a terminal the `flexible` one is cut so that a row fits its width."""
    shown = [[_as_line(cell) for cell in row] for row in rows]
    widths = [
        max(width(heading), *(width(_text(row[place])) for row in shown), 0)
        for place, heading in enumerate(headings)
    ]
    if flexible is not None and is_terminal():
        place = headings.index(flexible)
        room = shutil.get_terminal_size().columns - sum(widths) - len(_GAP) * (len(widths) - 1)
        widths[place] = max(min(widths[place], _LEAST), widths[place] + min(0, room))
    _row([Styled(heading, "dim") for heading in headings], widths)
    for row in shown:
        _row(row, widths)


def facts(pairs: Iterable[tuple[str, Cell]]) -> None:
    """Print names with their values beside them, aligned."""
    kept = [(name, _as_line(value)) for name, value in pairs]
    widest = max((len(name) for name, _ in kept), default=0)
    for name, value in kept:
        say(Styled(name.ljust(widest), "dim"), _GAP, value)


def width(text: str) -> int:
    """Count the columns of a terminal that a text takes."""
    if text.isascii():
        return len(text)
    return sum(
        0
        if unicodedata.combining(char) or unicodedata.category(char) == "Cf"
        else 2
        if unicodedata.east_asian_width(char) in {"W", "F"}
        else 1
        for char in text
    )


def _row(cells: Sequence[Cell], widths: Sequence[int]) -> None:
    line: list[Cell] = []
    for place, (cell, columns) in enumerate(zip(cells, widths, strict=True)):
        text = _cut(_text(cell), columns)
        is_last = place == len(widths) - 1
        padding = "" if is_last else " " * (columns - width(text)) + _GAP
        line += [Styled(text, cell.style) if isinstance(cell, Styled) else text, padding]
    say(*line)


def _cut(text: str, columns: int) -> str:
    if width(text) <= columns:
        return text
    kept = ""
    for char in text:
        if width(kept + char) >= columns:
            break
        kept += char
    return f"{kept}…"


def _as_line(cell: Cell) -> Cell:
    return Styled(one_line(cell.text), cell.style) if isinstance(cell, Styled) else one_line(cell)


def _text(cell: Cell) -> str:
    return cell.text if isinstance(cell, Styled) else cell


def _join(cells: Iterable[Cell], stream: TextIO) -> str:
    is_coloured = (
        stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    )
    return "".join(
        f"\x1b[{SGR[cell.style]}m{clean(cell.text)}\x1b[0m"
        if is_coloured and isinstance(cell, Styled) and cell.text
        else clean(_text(cell))
        for cell in cells
    ).rstrip(" ")
