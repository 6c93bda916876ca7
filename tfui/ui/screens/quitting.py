"""What to do with running jobs when the app is to end."""

from __future__ import annotations

from tfui.ui.screens.asking import Answer, Ask

STAY = "stay"


class QuitScreen(Ask):
    """Names how many jobs run, and offers to wait, to hand them back or to cancel them."""

    def __init__(self, running: int) -> None:
        jobs = "1 job is" if running == 1 else f"{running} jobs are"
        super().__init__(
            f"{jobs} still running",
            "The engine lives in this app and ends with it.\n\n"
            "Wait       start nothing new, and quit when they have ended\n"
            "Hand back  stop them; they run again with the next engine\n"
            "Cancel     stop them for good, and quit",
            (
                Answer(STAY, "Stay", "quit.stay"),
                Answer("wait", "Wait", "quit.wait"),
                Answer("hand_back", "Hand back", "quit.hand_back"),
                Answer("cancel", "Cancel jobs", "quit.cancel", is_grave=True),
            ),
        )
