"""An explanation in words: each statement as a sentence in the case's own names, in English or Chinese."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..inputs.case import Case
from ..inputs.parts import Target, Workload
from ..model.explaining import ConflictFacts, Explanation, Fact, WayOut
from .draft import Draft
from .folder import Result, ResultError
from .language import Language
from .messages import Messages
from .sections import targets
from .sources import Sources
from .view import PlanView
from .wording import printable

EXPLANATION = "explanation.json"
MOST_NAMED = 6
SENSES = {">=": "at_least", "<=": "at_most", "==": "exactly"}
Values = Mapping[str, Any]


def exact(value: float) -> str:
    """A number with all its digits: what is to be typed in again is not rounded."""
    return f"{value:,.12g}".replace("-", "\u2212")


def read_explanation(folder: Path) -> Explanation | None:
    """The explanation of a result folder; None without one. Raises ResultError if it cannot be read."""
    path = folder / EXPLANATION
    if not path.is_file():
        return None
    try:
        return Explanation.from_json(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ResultError(f"{path}: not an explanation ({type(error).__name__}: {error})") from error


def explanation_text(explanation: Explanation) -> str:
    """The explanation as JSON."""
    return json.dumps(explanation.as_json(), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


class Teller:
    """Tells the statements of an explanation about a case."""

    def __init__(self, case: Case, language: Language = "en") -> None:
        """Tell about this case in this language."""
        self.case, self.t = case, Messages(language)
        view = PlanView(Result(Path(), case, {}, {}), language)
        self._draft = Draft(view, self.t, Sources({}))
        self._view = view
        self._targets = {target.id: target for target in case.targets}
        self._workloads = {workload.id: workload for workload in case.workloads}

    def heading(self, conflict: ConflictFacts) -> str:
        """What the demands of a conflict have to do with each other."""
        if len(conflict.demands) == 1:
            return self.t("explanation.alone")
        return self.t(
            f"explanation.conflict{'_whole' if conflict.whole else ''}{'' if conflict.smallest else '_large'}"
        )

    def way(self, way: WayOut) -> str:
        """A way out as one sentence without a stop."""
        parts = [self.sentence(part) for part in way.parts]
        if len(parts) == 1:
            return parts[0]
        return self.t("explanation.together", parts=self.t("explanation.parts_comma").join(parts[:-1]), last=parts[-1])

    def sentence(self, fact: Fact) -> str:
        """One statement."""
        told: str = getattr(self, f"_{fact.topic}")(fact.values)
        return told

    # Demands and limits

    def _target(self, values: Values) -> str:
        target = self._targets[values["target"]]
        return self.t(
            "explained.target",
            id=printable(target.id),
            label=self._label(target),
            wanted=self._wanted(target, target.sense, target.value),
            year=target.year,
        )

    def _served(self, values: Values) -> str:
        sites = values["sites"]
        if not sites:
            where = self.t("explained.where_none")
        elif len(sites) <= MOST_NAMED:
            where = self.t("explained.where", sites=self._sites(sites))
        else:
            where = self.t("explained.where_many", n=len(sites))
        districts = list(dict.fromkeys(self._workloads[each].district for each in values["workloads"]))
        years = self._years(values["years"])
        if len(self._of_row(values["row"])) == 1:
            return self.t("explained.served", name=self._row(values["row"]), years=years, where=where)
        named = (
            self.t.listing([self.t.term("district", each) for each in districts])
            if len(districts) <= MOST_NAMED
            else self.t("explained.all_districts", n=len(districts))
        )
        return self.t("explained.served_from", name=self._row(values["row"]), districts=named, years=years, where=where)

    def _backup(self, values: Values) -> str:
        zones = {site.zone for site in self.case.sites if site.id in values["sites"]}
        name, years = self._row(values["row"]), self._years(values["years"])
        if len(zones) == 1:
            zone = printable(zones.pop()) or self.t("explained.zone_unnamed")
            return self.t("explained.backup_zone", name=name, years=years, zone=zone)
        return self.t("explained.backup", name=name, years=years)

    def _indivisible(self, values: Values) -> str:
        return self.t("explained.indivisible", name=self._row(values["row"]))

    def _grid(self, values: Values) -> str:
        connections = values["connections"]
        if len(connections) > 1:
            total = sum(each["kw"] + each["steps"] * each["step_kw"] for each in connections)
            sites = self._sites([each["site"] for each in connections])
            return self.t("explained.grids", sites=sites, kw=_kw(total))
        (one,) = connections
        named = {"site": self._site(one["site"]), "kw": _kw(one["kw"])}
        if one["steps"] == 0:
            return self.t("explained.grid", **named)
        steps = self.t.count("grid_step", one["steps"])
        return self.t("explained.grid_steps", **named, steps=steps, step=_kw(one["step_kw"]))

    def _halls(self, values: Values) -> str:
        plots = values["plots"]
        halls = self.t.count("hall", sum(each["halls"] for each in plots))
        if len(plots) > 1:
            return self.t("explained.plots", sites=self._sites([each["site"] for each in plots]), halls=halls)
        return self.t("explained.halls", site=self._site(plots[0]["site"]), halls=halls)

    def _egress(self, values: Values) -> str:
        said = [
            self.t("explained.egress", site=self._site(each["site"]), gbps=exact(each["gbps"]))
            for each in values["lines"]
        ]
        return self.t("explanation.parts_comma").join(said)

    def _supply(self, values: Values) -> str:
        name = self._view.hardware_names[values["hardware"]]
        said = [
            self.t("explained.in_year", amount=exact(each["units"]), year=each["year"]) for each in values["supply"]
        ]
        return self.t("explained.supply", hardware=name, units=self.t.listing(said, most=len(said)))

    def _market(self, values: Values) -> str:
        name = self._view.hardware_names[values["hardware"]]
        return self.t("explained.market", hardware=name, first=values["first"], last=values["last"])

    def _budget(self, values: Values) -> str:
        said = [
            self.t("explained.in_year", amount=self._cny(each["cny"]), year=each["year"]) for each in values["budgets"]
        ]
        return self.t("explained.budget", money=self.t.listing(said, most=len(said)))

    def _first_year(self, values: Values) -> str:
        return self.t("explained.first_year", site=self._site(values["site"]), year=values["year"])

    def _lead(self, values: Values) -> str:
        hall = self._view.hall_names[values["hall"]]
        key = "explained.years_one" if values["years"] == 1 else "explained.years_other"
        years = self.t(key, n=values["years"])
        return self.t("explained.lead", hall=hall, years=years, first=values["first"])

    def _whole_halls(self, _: Values) -> str:
        return self.t("explained.whole_halls")

    def _whole_servers(self, _: Values) -> str:
        return self.t("explained.whole_servers")

    def _whole_steps(self, _: Values) -> str:
        return self.t("explained.whole_steps")

    def _whole_sites(self, _: Values) -> str:
        return self.t("explained.whole_sites")

    # What single numbers rule out

    def _no_hardware(self, values: Values) -> str:
        names = self.t.listing([self._row(row) for row in values["rows"]])
        key = "reason.no_hardware_domestic" if values["domestic"] else "reason.no_hardware"
        return self.t(key, **self._pool_of(values), names=names)

    def _unreachable(self, values: Values) -> str:
        named = {
            "name": self._row(values["row"]),
            "years": self._years(values["years"]),
            "why": self.t("filter.separator").join(self._filters(values["removed"])),
        }
        if len(self._of_row(values["row"])) == 1:
            return self.t("reason.unreachable", **named)
        district = self.t.term("district", self._workloads[values["workload"]].district)
        return self.t("reason.unreachable_from", **named, district=district)

    def _filters(self, removed: Sequence[Values]) -> Iterator[str]:
        """What keeps the sites away, those with the same barrier together."""
        groups: dict[tuple[object, ...], list[Values]] = {}
        for each in removed:
            alike = tuple(str(value) for key, value in each.items() if key not in ("site", "ms"))
            groups.setdefault(alike, []).append(each)
        for members in groups.values():
            first = members[0]
            filled: dict[str, object] = {"sites": self._sites([each["site"] for each in members])}
            for key in ("level", "year", "zone"):
                filled[key] = first.get(key, "")
            needed = first.get("needed", "")
            known = [self.t.word(f"kind.{each}") for each in needed] if first["filter"] == "kinds" else needed
            filled["needed"] = self.t("filter.or").join(map(str, known)) if isinstance(known, list) else known
            filled["kind"] = self.t.word(f"kind.{first.get('kind', '')}")
            filled["limit"] = exact(first.get("limit", 0.0))
            ms = sorted({each["ms"] for each in members if "ms" in each})
            if ms:
                least, most = (f"{each:.2f}".rstrip("0").rstrip(".") for each in (ms[0], ms[-1]))
                filled["ms"] = least if least == most else self.t("filter.range", least=least, most=most)
            yield self.t(f"filter.{first['filter']}", **filled)

    def _one_zone(self, values: Values) -> str:
        return self.t(
            "reason.one_zone",
            name=self._row(values["row"]),
            years=self._years(values["years"]),
            sites=self._sites(values["sites"]),
            zone=printable(values["zone"]) or self.t("explained.zone_unnamed"),
        )

    def _beyond_sites(self, values: Values) -> str:
        sites, most = values["sites"], values["most"]
        if not sites:
            return self.t("reason.beyond_nothing", **self._asked(values["target"]))
        bound = self._amount(self._targets[values["target"]], float(f"{most:.4g}"))
        asked = self._asked(values["target"])
        if len(sites) == 1:
            return self.t("reason.beyond_site", **asked, site=self._site(sites[0]), most=bound)
        return self.t("reason.beyond_sites", **asked, n=len(sites), most=bound)

    def _beyond_supply(self, values: Values) -> str:
        bound = self._amount(self._targets[values["target"]], float(f"{values['most']:.4g}"))
        return self.t("reason.beyond_supply", **self._asked(values["target"]), most=bound)

    def _asked(self, target: str) -> dict[str, object]:
        asked = self._targets[target]
        return {
            "id": printable(asked.id),
            "label": self._label(asked),
            "wanted": self._wanted(asked, asked.sense, asked.value),
            "year": asked.year,
        }

    def _short_supply(self, values: Values) -> str:
        return self.t(
            "reason.short_supply",
            **self._pool_of(values),
            **self._against(values),
            year=values["year"],
            hardware=self.t.listing([self._view.hardware_names[each] for each in values["hardware"]]),
        )

    def _short_sites(self, values: Values) -> str:
        return self.t(
            "reason.short_sites",
            **self._pool_of(values),
            **self._against(values),
            year=values["year"],
            names=self.t.listing([self._row(row) for row in values["rows"]]),
            sites=self._sites(values["sites"]),
        )

    def _short_egress(self, values: Values) -> str:
        sites = self._sites(values["sites"])
        return self.t("reason.short_egress", **self._against(values), year=values["year"], sites=sites)

    def _short_budget(self, values: Values) -> str:
        needed, money = self._cny(math.ceil(values["needed"])), self._cny(values["money"])
        return self.t("reason.short_budget", year=values["years"][-1], needed=needed, money=money)

    def _pool_of(self, values: Values) -> dict[str, str]:
        return {"pool": self.t.term("pool", values["pool"]), "resource": self.t.term("resource", values["resource"])}

    def _against(self, values: Values) -> dict[str, str]:
        return {key: exact(float(f"{values[key]:.6g}")) for key in ("needed", "most")}

    # Ways out

    def _way_target(self, values: Values) -> str:
        target = self._targets[values["target"]]
        named = {"id": printable(target.id), "label": self._label(target), "year": target.year}
        if target.sense == ">=" and values["after"] <= 0:
            return self.t("way.target_off", **named)
        before, after = (self._wanted(target, target.sense, values[when]) for when in ("before", "after"))
        return self.t("way.target", **named, before=before, after=after)

    def _way_target_sense(self, values: Values) -> str:
        target = self._targets[values["target"]]
        before, after = (self._wanted(target, sense, target.value) for sense in (target.sense, values["sense"]))
        named = {"id": printable(target.id), "label": self._label(target), "year": target.year}
        return self.t("way.target_sense", **named, before=before, after=after)

    def _way_grid_steps(self, values: Values) -> str:
        named = {
            "kw": _kw(values["kw"]),
            "site": self._site(values["site"]),
            "steps": self.t.count("grid_step", values["steps"]),
            "year": values["year"],
        }
        if values["cny"]:
            return self.t("way.grid_steps_cost", **named, money=self.t.money(values["cny"]))
        return self.t("way.grid_steps", **named)

    def _way_grid_kw(self, values: Values) -> str:
        before, after = _kw(values["before"]), _kw(values["after"])
        return self.t("way.grid_kw", site=self._site(values["site"]), before=before, after=after)

    def _way_halls(self, values: Values) -> str:
        before, after = (self.t.count("hall", values[when]) for when in ("before", "after"))
        return self.t("way.halls", site=self._site(values["site"]), before=before, after=after)

    def _way_supply(self, values: Values) -> str:
        name = self._view.hardware_names[values["hardware"]]
        before, after = exact(values["before"]), exact(values["after"])
        return self.t("way.supply", hardware=name, year=values["year"], before=before, after=after)

    def _way_budget(self, values: Values) -> str:
        before, after = self._cny(values["before"]), self._cny(values["after"])
        return self.t("way.budget", year=values["year"], before=before, after=after)

    def _way_egress(self, values: Values) -> str:
        before, after = exact(values["before"]), exact(values["after"])
        return self.t("way.egress", site=self._site(values["site"]), before=before, after=after)

    def _way_first_year(self, values: Values) -> str:
        return self.t("way.first_year", **{**values, "site": self._site(values["site"])})

    def _way_unserved(self, values: Values) -> str:
        return self.t("way.unserved", name=self._row(values["row"]), money=self._cny(values["cny"]))

    def _way_demand(self, values: Values) -> str:
        return self.t("way.demand", name=self._row(values["row"]), share=_percent(values["less"]))

    def _way_no_backup(self, values: Values) -> str:
        return self.t("way.no_backup", name=self._row(values["row"]))

    def _way_backup(self, values: Values) -> str:
        before, after = _percent(values["before"]), _percent(values["after"])
        return self.t("way.backup", name=self._row(values["row"]), before=before, after=after)

    def _way_later(self, values: Values) -> str:
        return self.t("way.later", id=printable(values["target"]), before=values["before"], after=values["after"])

    def _way_horizon(self, values: Values) -> str:
        return self.t("way.horizon", last=values["last"])

    def _way_latency(self, values: Values) -> str:
        before, after = exact(values["before"]), exact(values["after"])
        return self.t("way.latency", name=self._row(values["row"]), before=before, after=after)

    def _way_security(self, values: Values) -> str:
        before, after = values["before"], values["after"]
        return self.t("way.security", name=self._row(values["row"]), before=before, after=after)

    def _way_unrestricted(self, values: Values) -> str:
        more = values["more"]
        known = {"kinds": self.t.word(f"kind.{more}"), "only_sites": self._view.site_names.get(more, more)}
        more = known.get(values["filter"], printable(more))
        return self.t(f"way.also_{values['filter']}", name=self._row(values["row"]), more=more)

    # Names and numbers

    def _label(self, target: Target) -> str:
        name = self.t.within(self.t.word(f"metric.{target.metric}"))
        scope = self.t.joined(targets.scope_words(self._draft, target.scope))
        return self.t("explained.scoped", name=name, scope=scope) if scope else name

    def _wanted(self, target: Target, sense: str, value: float) -> str:
        return self.t(f"explained.{SENSES[sense]}", value=self._amount(target, value))

    def _amount(self, target: Target, value: float) -> str:
        if target.metric in targets.SHARES:
            return _percent(value)
        if target.metric == "capex":
            return self._cny(value)
        unit = self.t.group("unit").get(target.metric, "")
        return f"{exact(value)}\u00a0{unit}" if unit else exact(value)

    def _cny(self, cny: float) -> str:
        return f"{exact(cny)}元" if self.t.language == "zh" else f"CNY\u00a0{exact(cny)}"

    def _of_row(self, row: str) -> list[Workload]:
        return [workload for workload in self.case.workloads if (workload.system or workload.id) == row]

    def _row(self, row: str) -> str:
        members = self._of_row(row)
        return self._view.name_of(members[0].name, row) if members else printable(row)

    def _site(self, site: str) -> str:
        return self._view.site_names[site]

    def _sites(self, sites: Sequence[str]) -> str:
        return self.t.listing([self._site(site) for site in sites], most=MOST_NAMED, noun="site")

    def _years(self, years: Sequence[int]) -> str:
        if len(years) > 2 and years[-1] - years[0] == len(years) - 1:
            return self.t.years(years[0], years[-1])
        return self.t.listing([str(year) for year in years], most=len(years), noun="year")


def _kw(kw: float) -> str:
    return f"{exact(kw / 1000)}\u00a0MW" if kw >= 1000 else f"{exact(kw)}\u00a0kW"


def _percent(share: float) -> str:
    return f"{float(f'{share * 100:.9g}'):.10g}%"
