"""Other people's text made safe to draw: no control characters, no markup, cut and padded by cells.

Widths are counted in terminal cells, so that a name in Chinese or with an emoji moves no column.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from rich.cells import cell_len, set_cell_size

_PICTURES = {code: chr(0x2400 + code) for code in range(0x20)} | {0x7F: "\u2421"}
"""Control characters as their Unicode pictures, one cell each: a newline shows as ␊."""


@lru_cache(maxsize=16_384)
def plain(text: str) -> str:
    """Make `text` one line that draws as it reads: controls visible, invisible characters gone."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    code = ord(character)
    if code in _PICTURES:
        return _PICTURES[code]
    kind = unicodedata.category(character)
    if kind == "Cf" or 0xFE00 <= code <= 0xFE0F:
        # Joiners, direction overrides and variation selectors: terminals disagree on their width.
        return ""
    if kind in {"Cc", "Cs", "Zl", "Zp"}:
        return "\ufffd"
    return character


def fit(text: str, width: int, *, right: bool = False) -> str:
    """Cut (with an ellipsis) or pad `text` to exactly `width` cells."""
    text = plain(text)
    size = cell_len(text)
    if size == width:
        return text
    if size > width:
        if width <= 0:
            return ""
        return set_cell_size(text, width - 1) + "…"
    return " " * (width - size) + text if right else text + " " * (width - size)


def to_ascii(text: str) -> str:
    """Put ASCII in place of the drawing characters of the dashboard itself."""
    return text.translate(_TWINS) if not text.isascii() else text


_TWINS = str.maketrans(
    {
        "…": ".", "›": ">", "▌": "#", "│": "|", "─": "-", "·": ".", "—": "-", "–": "-", "→": "->",
        "●": "*", "○": "o", "▴": "^", "▾": "v", "×": "x", "⏎": "enter", "↑": "up", "↓": "down",
        "½": "half", "✓": "o", "✗": "x", "►": ">", "↻": "r", "◔": ".", "⊟": "b", "⊝": "p", "◌": "-",
        "⊘": "/", "⊗": "c", "≈": "~", "“": '"', "”": '"', "█": "#", "░": ".", "▏": "|",
    },
)  # fmt: skip
