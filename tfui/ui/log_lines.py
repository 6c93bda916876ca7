"""Output of jobs as lines that are safe to draw: colours kept, every other control sequence gone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.ansi import AnsiDecoder

from tfui.ui.plain import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from rich.text import Text

    from tfui.model.job import OutputChunk

_CONTROLS = re.compile(
    r"\x1b\[[0-9;:]*m|(?P<other>"
    r"\x1b\[[0-?]*[ -/]*[@-~]?"  # CSI
    r"|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?"  # OSC, DCS, SOS, PM, APC
    r"|\x1b[ -/]*[0-~]?"  # other escapes
    r"|\x9b[0-?]*[ -/]*[@-~]?)",
)
_COLOURS = re.compile(r"(\x1b\[[0-9;:]*m)")
LONGEST = 4000
"""Characters of a line that are kept; a terminal is no place for more."""


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line of output, or of our own between two attempts."""

    text: Text
    stream: str
    """stdout, stderr, or note for our own."""
    at: datetime | None = None
    """When the last of it was printed."""


class LogReader:
    """Puts chunks together into lines; a line that is still being written is kept open."""

    def __init__(self) -> None:
        self._decoder = AnsiDecoder()
        self._open: dict[str, str] = {}
        self._fence: int | None = None
        self._at: datetime | None = None

    def read(self, chunks: Iterable[OutputChunk]) -> Iterator[LogLine]:
        """Give the lines that are complete now."""
        for chunk in chunks:
            if self._fence is not None and chunk.fence != self._fence:
                yield from self.rest()
                yield self._line("── next attempt ──", "note")
            self._fence, self._at = chunk.fence, chunk.at
            # A carriage return before a line feed is a line's end; alone it overwrites the line.
            whole = self._open.pop(chunk.stream, "") + chunk.text
            *complete, begun = whole.split("\n")
            for text in complete:
                yield self._line(text.removesuffix("\r"), chunk.stream)
            if begun:
                self._open[chunk.stream] = begun[-LONGEST:]

    def rest(self) -> Iterator[LogLine]:
        """Give the lines that nobody will complete."""
        for stream in list(self._open):
            yield self._line(self._open.pop(stream), stream)

    def pending(self) -> list[LogLine]:
        """Give the open lines as they look now, without ending them."""
        return [self._line(text, stream) for stream, text in self._open.items()]

    def _line(self, text: str, stream: str) -> LogLine:
        return LogLine(self._decoder.decode_line(scrub(text)), stream, self._at)


def scrub(text: str) -> str:
    """Make a line drawable: only colour sequences stay, tabs become spaces, the rest is visible."""
    text = text.rsplit("\r", 1)[-1] if "\r" in text else text
    if "\x1b" in text or "\x9b" in text:
        text = _CONTROLS.sub(lambda found: "" if found["other"] else found[0], text)
    text = text[:LONGEST].expandtabs(8)
    return "".join(
        piece if piece.startswith("\x1b[") and piece.endswith("m") else plain(piece)
        for piece in _COLOURS.split(text)
    )
