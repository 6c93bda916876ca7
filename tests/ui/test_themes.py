"""Themes: all text can be read, no state is told by a colour that some eyes cannot tell, none is missing."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from tests.ui.eyes import SIGHTS, contrast, distance
from tests.ui.play import an_app, playing, press
from tfui.errors import Invalid
from tfui.settings import Placed
from tfui.ui import preferences, themes
from tfui.ui.glyphs import OF_CONDITION, OF_JOB, SKIPPED
from tfui.ui.options import Options

if TYPE_CHECKING:
    from tfui.store.connection import Store

GROUNDS = ("background", "surface", "panel", "bar", "bar-lit", "cursor", "cursor-away")
READ = ("foreground", "dim", "accent", "footer-key-foreground")
STATES = sorted({each.role for each in [*OF_CONDITION.values(), *OF_JOB.values(), SKIPPED]})
MOST_TOLD = ("st-ok", "st-fail", "st-late", "st-run")
APART = 15.0
"""Far more than the 2.3 that is just noticeable: signs are small and seen in passing."""

own = pytest.mark.parametrize("theme", themes.OWN, ids=lambda theme: theme.name)


@pytest.fixture
def colours(theme: Theme, sqlite_store: Store) -> dict[str, str]:
    """The variables of a theme, as the stylesheets get them."""
    app = an_app(sqlite_store, cast=(), options=Options(theme=theme.name, engine=False))
    return app.get_css_variables()


@own
def test_every_text_can_be_read_on_every_ground(colours: dict[str, str]) -> None:
    faint = [
        (text, ground, round(ratio, 2))
        for ground in GROUNDS
        for text in (*READ, *STATES)
        if (ratio := contrast(colours[text], colours[ground])) < 4.5
    ]

    assert faint == []


@own
def test_signs_focus_and_bars_stand_out_from_every_ground(colours: dict[str, str]) -> None:
    for ground in GROUNDS:
        for sign in ("accent", "spark", *STATES):
            assert contrast(colours[sign], colours[ground]) >= 3, (sign, ground)


@own
def test_what_lies_on_a_lit_ground_can_be_read(colours: dict[str, str]) -> None:
    for text, ground in (
        ("background", "accent"),  # the chosen answer, the letters of the jump overlay
        ("background", "st-fail"),  # the grave answer
        ("background", "st-late"),  # the banner
        ("foreground", "input-selection-background"),
    ):
        assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)


@own
@pytest.mark.parametrize("sight", SIGHTS)
def test_eyes_that_tell_red_from_green_badly_tell_states_apart(
    colours: dict[str, str], sight: str
) -> None:
    near = [
        (one, other, round(apart, 1))
        for one, other in combinations(MOST_TOLD, 2)
        if (apart := distance(colours[one], colours[other], sight)) < APART
    ]

    assert near == []


def test_no_two_states_have_one_shape_one_twin_or_one_word() -> None:
    for glyphs in (list(OF_CONDITION.values()), list(OF_JOB.values())):
        for part in ("shape", "twin", "word"):
            drawn = [getattr(each, part) for each in glyphs]
            assert len(set(drawn)) == len(drawn), part


def test_the_simulation_leaves_grey_grey_and_brings_red_and_green_together() -> None:
    for sight in SIGHTS:
        assert distance("#808080", "#808080", sight) == 0
        assert distance("#0000ff", "#ffff00", sight) > 100
    assert distance("#d05050", "#808000", "deuteranopia") < distance("#d05050", "#808000") / 2


def test_the_two_own_themes_define_the_same_variables() -> None:
    assert themes.DARK.variables.keys() == themes.LIGHT.variables.keys()


@pytest.mark.parametrize("theme", BUILTIN_THEMES.values(), ids=lambda theme: theme.name)
def test_every_other_theme_gets_a_value_for_each_of_our_variables(theme: Theme) -> None:
    ours = set(themes.ANSI)

    assert ours <= themes.variables_for(theme).keys()


@pytest.mark.parametrize("name", ["ansi-dark", "ansi-light"])
async def test_an_ansi_theme_keeps_to_the_sixteen_colours_of_the_terminal(
    sqlite_store: Store, name: str
) -> None:
    app = an_app(sqlite_store, options=Options(theme=name, engine=False))
    async with playing(app):
        drawn = {
            colour
            for strip in app.screen._compositor.render_strips()
            for segment in strip
            if segment.style is not None
            for colour in (segment.style.color, segment.style.bgcolor)
            if colour is not None
        }

    assert [each for each in drawn if not (each.is_default or (each.number or 0) < 16)] == []
    assert not any(each.triplet for each in drawn)


async def test_dark_and_light_are_exchanged_within_the_same_kind(sqlite_store: Store) -> None:
    app = an_app(sqlite_store, options=Options(theme="ansi-dark", engine=False))
    async with playing(app) as pilot:
        await press(pilot, "T")
        assert app.theme == "ansi-light"
        app.theme = "nord"
        await press(pilot, "T")
        assert app.theme == "tfui-light"


@pytest.mark.parametrize("name", ["tfui-dark", "tfui-light", "ansi-dark"])
async def test_without_colour_there_is_none_and_all_can_be_read(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = an_app(sqlite_store, options=Options(theme=name, engine=False))
    async with playing(app):
        pairs = {
            (segment.style.color, segment.style.bgcolor)
            for strip in app.screen._compositor.render_strips()
            for segment in strip
            if segment.style is not None and segment.text.strip()
        }

    for text, ground in pairs:
        if text is None or ground is None or text.is_default:
            continue
        for colour in (text, ground):
            red, green, blue = Color.from_rich_color(colour).rgb
            assert red == green == blue


def test_an_unknown_theme_names_the_place_and_the_nearest() -> None:
    with pytest.raises(Invalid) as caught:
        preferences.read({}, {}, Placed("tfui-drak", "config.toml:3"))

    assert str(caught.value) == (
        "config.toml:3: there is no theme 'tfui-drak'; did you mean 'tfui-dark'?"
    )
    assert preferences.read({}, {}, Placed("ansi-dark", "config.toml:3")).theme == "ansi-dark"


def test_nothing_moves_unless_it_is_asked_for(sqlite_store: Store) -> None:
    still = an_app(sqlite_store, cast=(), options=Options(engine=False))
    assert still.animation_level == "none"

    moving = an_app(sqlite_store, cast=(), options=Options(engine=False, animation=True))
    assert moving.animation_level == "full"
