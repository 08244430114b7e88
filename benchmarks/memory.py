"""Peak memory and seconds of this process, phase by phase."""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

STATUS, CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")
KIB_PER_MIB = 1024.0
RESET_PEAK = "5"


def reset_peak() -> bool:
    """Let the peak begin anew at what is in use now; False where the system does not allow it (then it only grows)."""
    try:
        CLEAR.write_text(RESET_PEAK)
    except OSError:
        return False
    return True


def peak_mib() -> float:
    """The most memory in use at once since the last reset, MiB (resident set)."""
    try:
        for line in STATUS.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / KIB_PER_MIB
    except OSError:
        pass
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / KIB_PER_MIB / (KIB_PER_MIB if sys.platform == "darwin" else 1.0)


class Phases:
    """Seconds and peak memory, phase by phase."""

    def __init__(self, began: float) -> None:
        """Start with the phase that began then."""
        self._began = began
        self.seconds: dict[str, float] = {}
        self.memory: dict[str, float] = {}

    def end(self, phase: str) -> None:
        """End a phase; the next begins."""
        self.seconds[phase] = time.monotonic() - self._began
        self.memory[phase] = peak_mib()
        reset_peak()
        self._began = time.monotonic()
