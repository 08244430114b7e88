"""What goes to a measuring process and what comes back: small records, as JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from .memory import peak_mib
from .moments import Moment

MPS_FILE = "matrix.mps"
CASE_FILE = "case.json"
GIVEN_FILE = "given.npz"

LEAST_SECONDS = 0.1


@dataclass(frozen=True)
class Task:
    """What a measuring process is to do.

    `began` is the moment, on the system's monotonic clock, at which the command started the process; `seconds` the time
    limit on a clock that began then. `offset` is what that clock shows when the others' search begins: the seconds that
    suanli took until it had handed the matrix over. `building` is what building and handing over are expected to take.
    """

    scenario: str
    folder: str
    record: str
    began: float = 0.0
    building: float = 0.0
    offset: float = 0.0
    seconds: float = 60.0
    gap: float = 1e-4
    threads: int = 2

    def search_seconds(self, clock: float) -> float:
        """What is left for a search that begins when the clock shows this."""
        return max(LEAST_SECONDS, self.seconds - clock)

    def as_argument(self) -> str:
        """The task as an argument of a process."""
        return json.dumps(asdict(self))

    @classmethod
    def from_argument(cls, argument: str) -> Task:
        """The task from the argument of a process."""
        return cls(**json.loads(argument))


@dataclass(frozen=True)
class Size:
    """The size of a matrix."""

    rows: int
    columns: int
    nonzeros: int
    integers: int


@dataclass(frozen=True)
class Preparation:
    """From the command to a HiGHS that holds the matrix: seconds and peak memory (MiB) in each phase, in their order.

    The phases are "start" (Python and its imports), "read", "build" and "hand-over". The matrix counts in `money_unit`
    CNY.
    """

    size: Size
    seconds: Mapping[str, float]
    memory: Mapping[str, float]
    money_unit: float

    @property
    def total_seconds(self) -> float:
        """When a solver can begin."""
        return sum(self.seconds.values())


@dataclass(frozen=True)
class Floor:
    """Filling the same matrix by hand: seconds and peak memory (MiB) of the phases.

    "fill", "scale" and "pass" make the matrix that suanli hands over, and are the floor; "read" is the json module on
    the resolved case, "arrays" takes the case apart into NumPy arrays.
    """

    seconds: Mapping[str, float]
    memory: Mapping[str, float]


@dataclass(frozen=True)
class Run:
    """One solver's run on one case: its history, its costs in CNY, and when it ended.

    `memory` is the peak of the whole process (MiB) when it had its first plan, 1 %, 0.5 %, and at its end; what was not
    reached is missing. `begun` is when the search began, `written` when the plan was written and audited (suanli only).
    """

    solver: str
    history: tuple[Moment, ...]
    end: float
    memory: Mapping[str, float] = field(default_factory=dict)
    begun: float = math.inf
    written: float = math.inf

    @property
    def last(self) -> Moment:
        """The moment it ended at."""
        return self.history[-1] if self.history else Moment(self.end, math.inf, -math.inf)

    def in_cny(self, money_unit: float) -> Run:
        """The run with costs in CNY instead of in this unit."""
        history = (replace(now, best=now.best * money_unit, bound=now.bound * money_unit) for now in self.history)
        return replace(self, history=tuple(history))


class Recorder:
    """Notes every change of plan and bound, and the memory in use when a milestone was first reached."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Start; `clock` tells the seconds since the command began."""
        self._clock = clock
        self.history: list[Moment] = []
        self.memory: dict[str, float] = {}

    def note(self, best: float, bound: float) -> None:
        """Note a plan's cost (infinite: none) and a bound (minus infinity: none); the best of each counts."""
        if self.history:
            last = self.history[-1]
            best, bound = min(best, last.best), max(bound, last.bound)
            if (best, bound) == (last.best, last.bound):
                return
        now = Moment(self._clock(), best, bound)
        self.history.append(now)
        for milestone, share in MILESTONES.items():
            if milestone not in self.memory and now.gap <= share and math.isfinite(best):
                self.memory[milestone] = peak_mib()

    def run(self, solver: str) -> Run:
        """The run, now that it has ended."""
        end = self._clock()
        return Run(solver, tuple(self.history), end, {**self.memory, "end": peak_mib()})


MILESTONES = {"first plan": math.inf, "1 %": 0.01, "0.5 %": 0.005}
"""What a planner waits for, with the gap that it takes."""


def write_record(file: str, record: Preparation | Floor | Run) -> None:
    """Write a record for the command to read."""
    Path(file).write_text(json.dumps(asdict(record)), encoding="utf-8")


def read_preparation(file: Path) -> Preparation:
    """Read what a process prepared."""
    content = json.loads(file.read_text("utf-8"))
    return Preparation(**{**content, "size": Size(**content["size"])})


def read_floor(file: Path) -> Floor:
    """Read what filling the matrix by hand took."""
    return Floor(**json.loads(file.read_text("utf-8")))


def read_run(file: Path) -> Run:
    """Read how a run went."""
    content = json.loads(file.read_text("utf-8"))
    return Run(**{**content, "history": tuple(Moment(**moment) for moment in content["history"])})
