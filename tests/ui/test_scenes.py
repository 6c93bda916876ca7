"""The pictures in `screenshots/` are what the app draws, so that the README cannot lie."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.ui.scenes import SCENES, Scene, others
from tests.ui.shoot import FOLDER, RESIZED, draw

if TYPE_CHECKING:
    from pathlib import Path

    from tfui.store.connection import Store


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
async def test_a_scene_looks_like_its_picture(
    scene: Scene, sqlite_store: Store, tmp_path: Path
) -> None:
    """After a change that was meant: `python -m tests.ui.shoot`, and look at what it drew."""
    picture = await draw(scene, sqlite_store)
    drawn = tmp_path / f"{scene.name}.svg"
    drawn.write_text(picture.svg, encoding="utf-8")

    is_alike = (FOLDER / drawn.name).read_text(encoding="utf-8") == picture.svg
    assert is_alike, f"see {drawn}"  # the two files' difference would fill a thousand lines
    if others(scene):
        assert picture.resized == (RESIZED / f"{scene.state}.txt").read_text(encoding="utf-8")


def test_every_picture_belongs_to_a_scene() -> None:
    assert {path.stem for path in FOLDER.glob("*.svg")} == {scene.name for scene in SCENES}
    assert {path.stem for path in RESIZED.glob("*.txt")} == {
        scene.state for scene in SCENES if others(scene)
    }
