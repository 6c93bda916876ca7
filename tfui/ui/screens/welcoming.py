"""The first question of all: how somebody who has nothing scheduled yet would like to begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfui.core.words import counted
from tfui.ui.screens.asking import Answer, Ask

if TYPE_CHECKING:
    from tfui.ui.key_map import KeyMap

EMPTY = "empty"
IMPORT = "import"
DEMO = "demo"


class WelcomeScreen(Ask):
    """Offers what there is to offer; escape begins with nothing."""

    def __init__(self, key_map: KeyMap, *, crontab_lines: int, has_demo: bool) -> None:
        answers = [Answer(EMPTY, "Start empty", "welcome.empty")]
        ways = [
            (
                "Start empty",
                f"{key_map.name('add')} adds a schedule, {key_map.name('help')} shows every key",
            )
        ]
        if crontab_lines:
            lines = counted(crontab_lines, "line")
            answers.append(Answer(IMPORT, "Import my crontab", "welcome.import"))
            ways.append(("Import", f"your crontab, {lines}; shown first, line by line"))
        if has_demo:
            answers.append(Answer(DEMO, "Look at a demo", "welcome.demo"))
            ways.append(("Demo", "a throw-away store, full of life, beside your own"))
        super().__init__(
            "Nothing is scheduled yet",
            "How would you like to begin? This is asked once.\n\n"
            + "\n".join(f"{way:<13}{what}" for way, what in ways),
            answers,
        )
