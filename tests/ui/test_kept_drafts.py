"""Unsaved work in files: private, whole, and left to the next only when nobody holds it."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING
from uuid import UUID

from tests.ui.editor_desk import BILLING
from tests.world import NOON
from tfui.ui import kept_drafts
from tfui.ui.kept_drafts import Kept

if TYPE_CHECKING:
    from pathlib import Path

ORG, OTHER = UUID(int=1), UUID(int=2)
SCHEDULE = UUID(int=7)
KEPT = Kept(
    at=NOON,
    schedule_id=SCHEDULE,
    revision=3,
    base=BILLING,
    texts={"name": "billing-export", "x": "1"},
)
NEW = Kept(at=NOON, schedule_id=None, revision=None, base=None, texts={"name": ""})


def test_a_draft_left_behind_is_taken_over_as_it_was(tmp_path: Path) -> None:
    file = kept_drafts.begin(tmp_path / "drafts", ORG, SCHEDULE)
    file.write(KEPT)
    assert kept_drafts.take_over(tmp_path / "drafts", ORG, SCHEDULE) is None  # it is held
    file.let_go()

    found = kept_drafts.take_over(tmp_path / "drafts", ORG, SCHEDULE)

    assert found is not None
    assert found[1] == KEPT
    found[0].drop()
    assert list((tmp_path / "drafts").iterdir()) == []


def test_nobody_else_may_read_a_draft(tmp_path: Path) -> None:
    folder = tmp_path / "state" / "drafts"
    file = kept_drafts.begin(folder, ORG, None)
    file.write(NEW)

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    file.drop()


def test_the_drafts_of_another_store_or_schedule_are_none_of_ours(tmp_path: Path) -> None:
    file = kept_drafts.begin(tmp_path, ORG, None)
    file.write(NEW)
    file.let_go()

    assert kept_drafts.take_over(tmp_path, OTHER, None) is None
    assert kept_drafts.take_over(tmp_path, ORG, SCHEDULE) is None
    assert kept_drafts.names(tmp_path, OTHER) == []
    assert kept_drafts.names(tmp_path, ORG) == [""]


def test_a_damaged_draft_is_passed_over_and_no_folder_is_no_trouble(tmp_path: Path) -> None:
    file = kept_drafts.begin(tmp_path, ORG, None)
    file.let_go()
    for number, text in enumerate(('{"at": ', "[]", '{"at": "x", "base": null, "schedule": null}')):
        (tmp_path / f"{ORG.hex}-new-{number}.json").write_text(text)

    assert kept_drafts.take_over(tmp_path, ORG, None) is None
    assert kept_drafts.names(tmp_path / "nowhere", ORG) == []


def test_the_newest_of_several_is_offered(tmp_path: Path) -> None:
    for text, at in (("old", NOON), ("new", NOON.replace(hour=13))):
        file = kept_drafts.begin(tmp_path, ORG, None)
        file.write(Kept(at=at, schedule_id=None, revision=None, base=None, texts={"name": text}))
        file.let_go()

    found = kept_drafts.take_over(tmp_path, ORG, None)

    assert found is not None
    assert found[1].name == "new"
    found[0].let_go()
    assert kept_drafts.names(tmp_path, ORG) == ["new", "old"]
