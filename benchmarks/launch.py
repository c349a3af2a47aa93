"""Runs one command and prints, as JSON, its seconds, its peak memory in MB and its exit status.

A small process of its own, because a child's peak memory counts what its parent held when it was started.
"""

import json
import os
import subprocess
import sys
import time


def main() -> None:
    started = time.perf_counter()
    child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - started
    unit = 1 if sys.platform == "darwin" else 1024  # ru_maxrss is in bytes there, in KiB on Linux
    print(json.dumps({"seconds": seconds, "peak": used.ru_maxrss * unit / 1e6, "status": os.waitstatus_to_exitcode(status)}))


if __name__ == "__main__":
    main()
