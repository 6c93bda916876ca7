"""Other people's text on the screen: nothing in it may move a cursor, a column or a colour."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tfui.ui.plain import fit, plain, to_ascii


def test_a_newline_and_an_escape_are_shown_and_not_obeyed() -> None:
    assert plain("two\nlines \x1b[31mred") == "two␊lines ␛[31mred"


def test_direction_overrides_and_joiners_are_left_out() -> None:
    assert plain("ab\u202edc \u200bx") == "abdc x"


@pytest.mark.parametrize(
    "name", ["日本語のジョブ", "🎉 party", "👩\u200d👩\u200d👧 family", "é" * 40]
)
def test_wide_names_fill_exactly_their_column(name: str) -> None:
    assert cell_len(fit(name, 12)) == 12


def test_a_cut_text_says_so() -> None:
    assert fit("warehouse-sync", 8) == "warehou…"


def test_numbers_can_stand_at_the_right() -> None:
    assert fit("12s", 5, right=True) == "  12s"


def test_the_drawing_characters_have_twins_in_ascii() -> None:
    assert to_ascii("› ● – × …").isascii()


@given(st.text(max_size=60), st.integers(0, 40))
def test_any_text_fits_any_width_on_one_line(text: str, width: int) -> None:
    shown = fit(text, width)

    assert cell_len(shown) == width
    assert not any(ord(character) < 0x20 or 0x7F <= ord(character) < 0xA0 for character in shown)
