"""The first question of all: how somebody who has nothing scheduled yet would like to begin."""

from __future__ import annotations

from tfui.core.words import counted
from tfui.ui.screens.asking import Answer, Ask

EMPTY = "empty"
IMPORT = "import"
DEMO = "demo"


class WelcomeScreen(Ask):
    """Offers what there is to offer; escape begins with nothing."""

    def __init__(self, *, crontab_lines: int, has_demo: bool) -> None:
        answers = [Answer(EMPTY, "Start empty", "e")]
        ways = [("Start empty", "a adds a schedule, ? shows every key")]
        if crontab_lines:
            lines = counted(crontab_lines, "line")
            answers.append(Answer(IMPORT, "Import my crontab", "i"))
            ways.append(("Import", f"your crontab, {lines}; shown first, line by line"))
        if has_demo:
            answers.append(Answer(DEMO, "Look at a demo", "d"))
            ways.append(("Demo", "a throw-away store, full of life, beside your own"))
        super().__init__(
            "Nothing is scheduled yet",
            "How would you like to begin? This is asked once.\n\n"
            + "\n".join(f"{way:<13}{what}" for way, what in ways),
            answers,
        )
