"""Draws every scene to `screenshots/`, and what it says at other sizes to `tests/ui/resized/`.

`python -m tests.ui.shoot [NAME …]`.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.ui.scenes import Picture, Scene
    from tfui.store.connection import Store

FOLDER = Path(__file__).parents[2] / "screenshots"
RESIZED = Path(__file__).parent / "resized"


async def draw(scene: Scene, store: Store) -> Picture:
    """Give a scene's picture, played on an empty, migrated store."""
    if scene.no_color:
        os.environ["NO_COLOR"] = "1"
    try:
        app = scene.app(store)
    finally:
        os.environ.pop("NO_COLOR", None)
    async with app.run_test(size=scene.size, notifications=True) as pilot:
        return await scene.play(pilot)


def main(names: Sequence[str]) -> None:
    """Draw the scenes named, or all of them; then no other picture is left."""
    # Textual reads these when it is imported; conftest sets the same for the tests.
    os.environ |= {"TEXTUAL_ANIMATIONS": "none", "TZ": "UTC"}
    for name in ("NO_COLOR", "COLORTERM", "TEXTUAL_THEME"):
        os.environ.pop(name, None)
    from tests.ui.scenes import SCENES, others
    from tfui.store import migrations
    from tfui.store.connection import Store

    FOLDER.mkdir(exist_ok=True)
    RESIZED.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for scene in SCENES:
            if names and scene.name not in names:
                continue
            store = Store(f"{folder}/{scene.name}.db")
            migrations.upgrade(store)
            picture = asyncio.run(draw(scene, store))
            store.close()
            (FOLDER / f"{scene.name}.svg").write_text(picture.svg, encoding="utf-8")
            if picture.resized:
                (RESIZED / f"{scene.state}.txt").write_text(picture.resized, encoding="utf-8")
    if not names:
        kept = {f"{scene.name}.svg" for scene in SCENES}
        kept |= {f"{scene.state}.txt" for scene in SCENES if others(scene)}
        for path in (*FOLDER.glob("*.svg"), *RESIZED.glob("*.txt")):
            if path.name not in kept:
                path.unlink()


if __name__ == "__main__":
    main(sys.argv[1:])
