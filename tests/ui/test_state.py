"""What the dashboard remembers; losing it is never trouble."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfui.ui.state import Remembered, load, save

if TYPE_CHECKING:
    from pathlib import Path


def test_choices_come_back_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "state" / "ui.json"
    choices = Remembered(theme="tfui-light", sort="next", descending=True, zone="utc")

    save(path, choices)

    assert load(path) == choices


def test_a_damaged_file_is_as_if_there_were_none(tmp_path: Path) -> None:
    path = tmp_path / "ui.json"
    for text in ("{", "[]", '{"theme": 7, "descending": "yes"}'):
        path.write_text(text, encoding="utf-8")
        assert load(path) == Remembered()


def test_a_folder_that_cannot_be_written_is_no_trouble(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")

    save(blocked / "ui.json", Remembered())

    assert blocked.read_text(encoding="utf-8") == ""
