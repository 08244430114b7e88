"""The whole model, part by part."""

from __future__ import annotations

import pyomo.environ as pyo
from pyomo.common.gc_manager import PauseGC

from ..inputs.case import Case
from .arrays.families import Model
from .costs import add_budget, add_capital, add_objective
from .data import add_data
from .halls import add_halls
from .hardware import add_hardware
from .lookup import Lookup
from .placement import add_placement
from .power import add_power
from .sites import add_sites
from .targets import add_targets


def assemble(case: Case, *, plain: bool = False, as_stated: bool = False) -> tuple[Model, Lookup]:
    """Build the mixed-integer model of the case, and the look-ups it was built with.

    Money in CNY, power in kW, energy in MWh, as in the case; scaling for the solver comes later. `plain` leaves out
    what only makes solving easier (`strengthening`); the optimum is the same. `as_stated` keeps the numbers of the
    case's limits, for those who ask about them: of the market's supply not only whole lots count.
    """
    # What is made here stays, and looking for garbage among the parts of a large case takes longer than all the rest.
    with PauseGC():
        return _assembled(case, plain, as_stated or plain)


def _assembled(case: Case, plain: bool, as_stated: bool) -> tuple[Model, Lookup]:
    lookup = Lookup(case)
    model = pyo.ConcreteModel(name=case.name)
    model.plain, model.as_stated = plain, as_stated
    add_data(model, lookup)
    add_sites(model, lookup)
    add_halls(model, lookup)
    add_hardware(model, lookup)
    add_power(model, lookup)
    add_placement(model, lookup)
    add_capital(model, lookup)
    add_budget(model, lookup)
    add_targets(model, lookup)
    add_objective(model, lookup)
    return model, lookup
