"""Explain a case: is there a plan, and if none can exist, why, and what would help."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from ...inputs.altering import Alter
from ...inputs.case import Case
from .arithmetic import reasons
from .checking import has_plan
from .conflict import Conflict, conflicts
from .demands import told
from .explanation import Explanation
from .ground import Ground
from .loosening import loosen
from .reach import Removed
from .trials import Trials
from .ways_out import searching, ways_out

CONFLICT_SHARE = 0.4
"""Share of the time for the conflicts; ways out need the rest ..."""

LEAST_SHARE = 0.3
"""... and get this share even if everything before took longer."""


def explain(
    case: Case,
    alter: Alter,
    *,
    seconds: float = 60.0,
    known_infeasible: bool = False,
    removed: Removed = lambda _: (),
    on_step: Callable[[str], None] = lambda _: None,
) -> Explanation:
    """Explain a case in about so many seconds.

    `alter` makes the changes of a way out to the case, so that they can be tried. `removed` tells what keeps a workload
    from sites, which the case itself does not know any more.
    """
    begun = time.monotonic()
    on_step("checking sums")
    found = tuple(reasons(case, removed))
    loosened = loosen(case)
    on_step("looking for what conflicts")
    trials = Trials(loosened, begun + CONFLICT_SHARE * seconds)
    if not known_infeasible and not found and trials.leaning(loosened.demands) is None:
        plan = has_plan(case, CONFLICT_SHARE * seconds)
        if plan is not False:
            return Explanation("feasible" if plan else "unknown")
        trials.deadline = time.monotonic() + CONFLICT_SHARE * seconds
    deadline = max(begun + seconds, time.monotonic() + LEAST_SHARE * seconds)
    ground = Ground(case, loosened, alter, deadline)
    with ThreadPoolExecutor(max_workers=1) as beside:
        started = beside.submit(searching, ground)
        contradictions: list[Conflict] = list(conflicts(trials))
        on_step("looking for ways out")
        search = started.result()
    ways = ways_out(ground, search, contradictions, found)
    demands = tuple(told(case, conflict) for conflict in contradictions)
    return Explanation("infeasible", found, demands, tuple(ways))
