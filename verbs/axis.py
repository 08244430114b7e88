"""What `--against` names: a metric, or a target of the case whose value is to be varied."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from ..inputs.case import Case
from ..inputs.parts import Metric, Scope
from ..inputs.problems import nearest
from ..model.questions.pareto import LESS_IS_BETTER, ONLY_RAISED, TRADED, Axis, Better

METRICS: dict[str, Metric] = {metric: metric for metric in get_args(Metric)}


class AgainstError(ValueError):
    """What is asked for makes no trade-off; the message says why, and what would."""


@dataclass(frozen=True)
class Against:
    """The choices of the command line: a metric or the id of a target, and what else there is to say about it."""

    name: str
    year: int | None = None
    better: Better | None = None
    pool: str | None = None
    resource: str | None = None


def axis_of(case: Case, against: Against) -> tuple[Axis, Case]:
    """The metric to vary, and the case without a demand on it by the target named. Raises AgainstError."""
    if any(target.id == TRADED for target in case.targets):
        raise AgainstError(f"the case has a target {TRADED}, which is what this verb calls its own; rename it")
    if against.name in METRICS:
        axis = _of_metric(case, METRICS[against.name], against)
    else:
        axis, case = _of_target(case, against)
    if axis.metric in ONLY_RAISED and axis.better == "least":
        raise AgainstError(f"{axis.metric} can only be traded upwards: no plan has to count less of it")
    return axis, case


def _of_metric(case: Case, metric: Metric, against: Against) -> Axis:
    year = case.years[-1] if against.year is None else against.year
    if year not in case.years:
        raise AgainstError(f"--year {year} is not a planning year ({case.years[0]} to {case.years[-1]})")
    scope = Scope()
    if metric == "pool_capacity":
        scope = _pool_scope(case, against)
    elif against.pool is not None or against.resource is not None:
        raise AgainstError(f"--pool and --resource belong to pool_capacity, not to {metric}")
    return Axis(metric, scope, year, against.better or ("least" if metric in LESS_IS_BETTER else "most"))


def _pool_scope(case: Case, against: Against) -> Scope:
    provided = {(kind.pool, resource) for kind in case.hardware for resource in kind.provides}
    if against.pool is None or against.resource is None:
        raise AgainstError("pool_capacity needs --pool and --resource, such as --pool general --resource vcpu")
    if (against.pool, against.resource) not in provided:
        known = ", ".join(f"{pool}/{resource}" for pool, resource in sorted(provided))
        raise AgainstError(f"no hardware of the pool {against.pool} provides {against.resource}; there are {known}")
    return Scope(pool=against.pool, resource=against.resource)


def _of_target(case: Case, against: Against) -> tuple[Axis, Case]:
    target = next((target for target in case.targets if target.id == against.name), None)
    if target is None:
        near = nearest(against.name, [*METRICS, *(target.id for target in case.targets)])
        hint = f"; did you mean {near}?" if near else ""
        raise AgainstError(f"{against.name} is neither a metric nor a target of {case.name}{hint}")
    for option, given in (("year", against.year), ("pool", against.pool), ("resource", against.resource)):
        if given is not None:
            raise AgainstError(f"the target {target.id} has its own {option}; leave out --{option}")
    if target.sense == "==" and against.better is None:
        raise AgainstError(f"the target {target.id} asks for an exact value; say --better least or --better most")
    better: Better = against.better or ("least" if target.sense == "<=" else "most")
    others = tuple(other for other in case.targets if other is not target)
    return Axis(target.metric, target.scope, target.year, better), case.model_copy(update={"targets": others})
