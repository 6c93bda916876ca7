"""Contrast in the pictures: every word of every scene can be read on what it lies on.

What a dialog veils is passed over.
"""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.ui.eyes import contrast
from tests.ui.scenes import SCENES
from tests.ui.scenes_editor import SCENES as EDITORS
from tests.ui.shoot import FOLDER
from tfui.ui import themes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.theme import Theme

_FILL = re.compile(r"\.(terminal-[\d-]*r\d+) \{ fill: (#[0-9a-f]{6})")
_RECT = re.compile(r'<rect fill="(#[0-9a-f]{6})" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height')
_TEXT = re.compile(r'<text class="(terminal-[\d-]*r\d+)" x="([\d.]+)" y="([\d.]+)"[^>]*>([^<]*)<')
_LINE = 24.4
EDITOR_FOLDER = Path(__file__).parent / "__snapshots__" / "test_editor_pictures"
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


def _unveiled(theme: Theme) -> tuple[str, str, list[str]]:
    """Give the grounds of the first line, which a dialog veils, and those that a dialog has."""
    assert theme.surface is not None
    assert theme.accent is not None
    named = [theme.variables[name] for name in ("bar", "bar-lit", "cursor")]
    assert theme.background is not None
    return theme.background, named[0], [theme.surface, theme.accent, *named]


def _pictures() -> Iterator[tuple[Path, Theme]]:
    """Give every picture in colours of our own, and its theme."""
    own = {theme.name: theme for theme in themes.OWN}
    for scene in SCENES:
        if not scene.no_color and scene.theme in own:
            yield FOLDER / f"{scene.name}.svg", own[scene.theme]
    for editor in EDITORS:
        for width, height in editor.sizes:
            name = f"test_the_editor_looks_as_agreed[{editor.name}-{width}x{height}].svg"
            yield EDITOR_FOLDER / name, own[editor.theme or themes.DARK.name]


@pytest.mark.parametrize(
    ("path", "theme"),
    [pytest.param(path, theme, id=path.stem) for path, theme in _pictures()],
)
def test_every_word_of_a_picture_can_be_read(path: Path, theme: Theme) -> None:
    picture = path.read_text(encoding="utf-8")
    words = list(_words(picture))
    scene_ground, bar, of_dialogs = _unveiled(theme)
    is_veiled = words[0].ground not in {bar, scene_ground}
    faint = [
        (each, round(ratio, 2))
        for each in words
        if not is_veiled or each.ground in of_dialogs
        if (ratio := contrast(each.colour, each.ground)) < 4.5
    ]

    assert words
    assert faint == []
