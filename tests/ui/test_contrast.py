"""Contrast in the pictures: every word of every scene can be read on what it lies on.

What a dialog veils is passed over; what cannot be chosen at present is meant to be faint, as in WCAG.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.ui.eyes import contrast
from tests.ui.scenes import SCENES
from tests.ui.shoot import FOLDER
from tfui.ui import themes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.ui.scenes import Scene

_FILL = re.compile(r"\.(terminal-\d+-r\d+) \{ fill: (#[0-9a-f]{6})")
_RECT = re.compile(r'<rect fill="(#[0-9a-f]{6})" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height')
_TEXT = re.compile(r'<text class="(terminal-\d+-r\d+)" x="([\d.]+)" y="([\d.]+)"[^>]*>([^<]*)<')
_LINE = 24.4
_WORD = re.compile(r"[^\W_]{2}")


class Word(NamedTuple):
    """A run of text in a picture."""

    text: str
    colour: str
    ground: str


def _words(picture: str) -> Iterator[Word]:
    fills = dict(_FILL.findall(picture))
    grounds: dict[int, list[tuple[float, float, str]]] = {}
    for fill, x, y, width in _RECT.findall(picture):
        left = float(x)
        grounds.setdefault(round(float(y) / _LINE), []).append((left, left + float(width), fill))
    for name, x, y, escaped in _TEXT.findall(picture):
        text = html.unescape(escaped)
        if not _WORD.search(text):
            continue
        middle = float(x) + 1.0 + 12.2 * (len(text) - len(text.lstrip()))
        for left, right, fill in grounds[round((float(y) - 18.5) / _LINE)]:
            if left <= middle < right:
                yield Word(text, fills[name], fill)


def _unveiled(scene: Scene) -> tuple[str, str, list[str]]:
    """Give the grounds of the first line, which a dialog veils, and those that a dialog has."""
    theme = themes.LIGHT if scene.theme == themes.LIGHT.name else themes.DARK
    assert theme.surface is not None
    assert theme.accent is not None
    named = [theme.variables[name] for name in ("bar", "bar-lit", "cursor")]
    assert theme.background is not None
    return theme.background, named[0], [theme.surface, theme.accent, *named]


@pytest.mark.parametrize(
    "scene",
    [
        each
        for each in SCENES
        if not each.no_color
        and each.theme in {theme.name for theme in themes.OWN}
        and not each.name.startswith("editor")  # its empty fields' hints are fainter
    ],
    ids=lambda scene: scene.name,
)
def test_every_word_of_a_picture_can_be_read(scene: Scene) -> None:
    picture = (FOLDER / f"{scene.name}.svg").read_text(encoding="utf-8")
    words = list(_words(picture))
    scene_ground, bar, of_dialogs = _unveiled(scene)
    is_veiled = words[0].ground not in {bar, scene_ground}
    faint = [
        (each, round(ratio, 2))
        for each in words
        if not is_veiled or each.ground in of_dialogs
        if (ratio := contrast(each.colour, each.ground)) < 4.5
    ]

    assert words
    assert faint == []
