"""What a plan has in common with earlier ones, as decisions and rows of the model, and how much it differs at least."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...inputs.case import Case
from ..arrays.families import Model, add_decisions, add_forms
from ..arrays.forms import LinearForm, together
from ..arrays.members import Dimension, Flags, Members, Vector
from ..lookup import Lookup
from .additions import Addition
from .strategy import most, strategic_forms, weights

UNLIMITED = 100.0
"""Where nothing limits an addition, no alternative makes more of it than this many times all that a plan adds."""

NOTHING = 1e-9

AMONG_EQUALS = 1e-3
"""Weight of the mean difference beside the least one."""

SLACK = 1e-7
"""A demand may be missed by this share of a plan: whole numbers of solvers are not quite whole."""


@dataclass(frozen=True)
class Demand:
    """What a plan must leave alone of the earlier ones: each form (a share of the earlier plan) has a limit."""

    forms: Sequence[LinearForm]
    limits: Vector

    def weaker(self, by: float) -> Demand:
        """The same where a plan may have this much more in common with each of the earlier ones."""
        return Demand(self.forms, self.limits + by)

    def add_to(self, model: Model, _: Lookup) -> None:
        """Add the rows to another model of the same case."""
        numbers = range(len(self.forms))
        model.dimension["earlier"] = Dimension("earlier", tuple(numbers))
        free = np.full(len(self.forms), -np.inf)
        add_forms(model, "differs", "earlier", numbers, self.forms, free, self.limits)


class CommonGround:
    """Adds to the model what a plan has in common with each earlier one, and the least difference from them all.

    shared[i] >= min(y, c) for each addition i of each earlier plan, in shares of the earlier plan: y is what is added
    there now, c what the earlier plan adds. enough[i] = 1 where y may exceed c:

        shared >= y - (u - c) * enough,    shared >= c * enough,    u the most that y can be.

    With a fractional enough[i] that leaves shared >= c * y / u, the convex envelope of min(y, c).
    """

    def __init__(self, model: Model, lookup: Lookup, case: Case, earlier: Sequence[Mapping[Addition, float]]) -> None:
        """`earlier` are what the earlier plans add over all years."""
        forms = strategic_forms(model, lookup)
        of_each = [weights(case, amounts) for amounts in earlier]
        listed = [(number, key) for number, scale in enumerate(of_each) for key in scale]
        self._plans = len(earlier)
        self._plan = np.array([number for number, _ in listed], dtype=int)
        self._amounts = np.array([of_each[number][key] * earlier[number][key] for number, key in listed])
        self._built = [
            LinearForm(forms[key].columns, of_each[number][key] * forms[key].coefficients) for number, key in listed
        ]
        upper = np.array([most(model, form) for form in self._built])
        upper = np.where(np.isfinite(upper), upper, UNLIMITED)
        self._exceedable = np.flatnonzero(upper > self._amounts + NOTHING)
        addition = model.dimension["addition"] = Dimension("addition", tuple(range(len(listed))))
        model.dimension["earlier"] = Dimension("earlier", tuple(range(self._plans)))
        add_decisions(model, "shared", Members((addition,)))
        add_decisions(model, "enough", Members((addition,), [self._exceedable]), upper=1.0, whole=True)
        add_decisions(model, "difference", Members((Dimension("difference", ("least",)),)), upper=1.0)
        self._difference, self._shared, self._enough = (
            decisions.columns for decisions in (model.difference, model.shared, model.enough)
        )
        self._add_rows(model, upper)

    def _add_rows(self, model: Model, upper: Vector) -> None:
        """The rows of the class's docstring; and for each earlier plan, difference + sum of shared <= 1."""
        shared = [_single(model.shared.first_column + i) for i in range(len(self._built))]
        as_built = [part.plus(-1.0, built) for part, built in zip(shared, self._built, strict=True)]
        all_of_it = []
        for position, i in enumerate(self._exceedable.tolist()):
            enough = _single(model.enough.first_column + position)
            as_built[i] = as_built[i].plus(upper[i] - self._amounts[i], enough)
            all_of_it.append(shared[i].plus(-self._amounts[i], enough))
        in_plan = [
            together([_single(self._difference.start), *(shared[i] for i in np.flatnonzero(self._plan == number))])
            for number in range(self._plans)
        ]
        _at_least_zero(model, "shared_as_built", range(len(as_built)), as_built)
        _at_least_zero(model, "shared_all", self._exceedable.tolist(), all_of_it)
        free = np.full(self._plans, -np.inf)
        add_forms(model, "differs", "earlier", range(self._plans), in_plan, free, np.ones(self._plans))

    def objective(self, units: Vector) -> Vector:
        """What to minimise, by column: minus the least difference, and among equals what is shared with all plans."""
        cost = np.zeros(len(units))
        cost[self._difference] = -1.0
        cost[self._shared] = AMONG_EQUALS / self._plans
        return np.asarray(cost * units)

    def follow(self, decisions: Vector) -> Vector:
        """A point in the case's units with what it shares, which follows from the decisions of the case."""
        values = np.zeros(self._difference.stop)
        values[: self._shared.start] = decisions[: self._shared.start]
        built = np.array([form.value(values) for form in self._built])
        values[self._shared] = np.minimum(built, self._amounts)
        values[self._enough] = (built >= self._amounts)[self._exceedable]
        values[self._difference] = self.least_difference(values)
        return values

    def least_difference(self, values: Vector) -> float:
        """The least difference from an earlier plan, at a point in the case's units."""
        return 1.0 - float(self._in_common(values).max())

    def _in_common(self, values: Vector) -> Vector:
        """What a point shares with each of the earlier plans."""
        return np.asarray(np.bincount(self._plan, weights=values[self._shared], minlength=self._plans))

    def demand(self, values: Vector) -> Demand:
        """What a point shares with each earlier plan, as a demand that plans share no more.

        Where the point adds as much as an earlier plan, a plan may add any amount.
        """
        limits = self._in_common(values) + SLACK
        limits -= np.bincount(self._plan, weights=self._amounts * self._is_enough(values), minlength=self._plans)
        return Demand(self._less(values), limits)

    def _less(self, values: Vector) -> list[LinearForm]:
        """Of each earlier plan, the shares that the point adds less of."""
        less = ~self._is_enough(values)
        return [
            together([self._built[i] for i in np.flatnonzero((self._plan == number) & less)])
            for number in range(self._plans)
        ]

    def _is_enough(self, values: Vector) -> Flags:
        enough = np.zeros(len(self._built), dtype=bool)
        enough[self._exceedable] = values[self._enough] > 0.5
        return enough


def _at_least_zero(model: Model, name: str, labels: Sequence[int], forms: Sequence[LinearForm]) -> None:
    add_forms(model, name, "addition", labels, forms, np.zeros(len(forms)), np.full(len(forms), np.inf))


def _single(column: int) -> LinearForm:
    return LinearForm(np.array([column]), np.ones(1))
