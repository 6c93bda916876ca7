"""What is drawn, in ASCII alone: each sign by a twin of the same width, so that nothing moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from tfui.ui.plain import to_ascii

if TYPE_CHECKING:
    from collections.abc import Iterator

_OF_OUR_OWN = str.maketrans(
    {"→": ">", "•": "*", "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}": "<", "▄": "=", "▆": "#"}
)
"""Signs whose usual twin is wider, or that have none."""


def in_ascii(content: Content) -> Content:
    """Put ASCII in place of the drawing characters; the styles stay where they are."""
    if content.plain.isascii():
        return content
    return Content("".join(_twins(content.plain)), list(content.spans))


def _twins(text: str) -> Iterator[str]:
    for character in text.translate(_OF_OUR_OWN):
        twin = to_ascii(character)
        yield twin if len(twin) == 1 else character
