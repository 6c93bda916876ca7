"""Contrast: every text of the two own themes can be read on every ground it may lie on."""

from __future__ import annotations

import pytest
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from tfui.ui import themes

TEXTS = ("dim", "st-ok", "st-fail", "st-run", "st-retry", "st-wait", "st-blocked", "st-paused",
         "st-off", "st-skip", "st-late", "footer-key-foreground")  # fmt: skip


def _luminance(color: Color) -> float:
    parts = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in color.normalized
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: str, other: str) -> float:
    """Give the contrast ratio of WCAG 2."""
    light, dark = sorted((_luminance(Color.parse(c)) for c in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", themes.OWN, ids=lambda theme: theme.name)
def test_every_text_stands_out_from_the_background(theme: Theme) -> None:
    assert theme.background is not None
    assert theme.foreground is not None
    for ground in (theme.background, theme.variables["bar"]):
        for text in TEXTS:
            assert contrast(theme.variables[text], ground) >= 4.5, (text, ground)
        assert contrast(theme.foreground, ground) >= 7


@pytest.mark.parametrize("theme", themes.OWN, ids=lambda theme: theme.name)
def test_the_cursor_line_can_be_read(theme: Theme) -> None:
    assert theme.foreground is not None
    for ground in ("cursor", "cursor-away"):
        assert contrast(theme.foreground, theme.variables[ground]) >= 7
        for text in TEXTS:
            assert contrast(theme.variables[text], theme.variables[ground]) >= 3, (text, ground)


def test_the_two_own_themes_define_the_same_variables() -> None:
    assert themes.DARK.variables.keys() == themes.LIGHT.variables.keys()


@pytest.mark.parametrize("theme", BUILTIN_THEMES.values(), ids=lambda theme: theme.name)
def test_every_other_theme_gets_a_value_for_each_of_our_variables(theme: Theme) -> None:
    ours = set(themes.ANSI)

    assert ours <= themes.variables_for(theme).keys()
