"""Why a schedule did, did not, or does not yet run: the two questions, asked of what is on record.

Everything is handed in as facts; nothing here looks at a clock or a row. `explain_then` answers for
an instant, `explain_now` for the present.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfui.core import explain_now, explain_then
from tfui.core.facts import Then

if TYPE_CHECKING:
    from tfui.core.explanation import Explanation
    from tfui.core.facts import Now


def explain(case: Then | Now) -> Explanation:
    """Walk the chain: trigger, zone, window, pause, overlap, dependency, limit, worker."""
    return explain_then.explain(case) if isinstance(case, Then) else explain_now.explain(case)
