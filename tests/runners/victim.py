"""A stand-in for an engine that is about to be killed: carries out one job with a real runner.

    python -m tests.runners.victim GRACE JOB_TYPE KEY VALUE

`GRACE` (seconds) is the guardian's. Prints the guardian's process id once it watches.
"""

from __future__ import annotations

import sys
import threading
import time
from datetime import timedelta

from tests.runners.orders import Attempt, an_order
from tfui.runners.guardian import Guardian
from tfui.runners.python import PythonRunner
from tfui.runners.shell import ShellRunner


def main() -> None:
    """Carry the job out to its end."""
    grace, job_type, key, value = sys.argv[1:]
    guardian = Guardian(grace=timedelta(seconds=float(grace)))
    runners = {"shell": ShellRunner, "python": PythonRunner}
    runner = runners[job_type](guardian=guardian)
    order = an_order(job_type, None, **{key: value})
    seat = threading.Thread(target=Attempt().carry_out, args=(runner, order))
    seat.start()
    while (pid := guardian.pid) is None:
        time.sleep(0.005)
    sys.stdout.write(f"{pid}\n")
    sys.stdout.flush()
    seat.join()
    guardian.close()


if __name__ == "__main__":
    main()
