"""The editor looks as it did when somebody last looked at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.ui.scenes_editor import SCENES, EditorScene

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize(
    ("scene", "size"),
    [
        pytest.param(scene, size, id=f"{scene.name}-{size[0]}x{size[1]}")
        for scene in SCENES
        for size in scene.sizes
    ],
)
def test_the_editor_looks_as_agreed(
    snap_compare: Callable[..., bool], scene: EditorScene, size: tuple[int, int]
) -> None:
    assert snap_compare(scene.make_app(), terminal_size=size, run_before=scene.play)
