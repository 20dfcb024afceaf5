"""What the worker asks of its own process."""

from __future__ import annotations

import time
from pathlib import Path


def cpu_ns() -> int:
    """Returns the processor time of all threads of this process so far, in nanoseconds."""
    return time.clock_gettime_ns(time.CLOCK_PROCESS_CPUTIME_ID)


def peak_rss_bytes() -> int:
    """Returns the largest resident set so far, in bytes; 0 where the kernel does not say."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    lines = (line.split() for line in status.splitlines() if line.startswith("VmHWM:"))
    return next((int(words[1]) * 1024 for words in lines), 0)
