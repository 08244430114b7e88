"""Demands, limits and what single numbers rule out, each as a sentence."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from ..wording import printable
from .names import MOST_NAMED, Names, Values, exact, kilowatts


class Statements(Names):
    """Tells what is asked for, what limits it, and what is out of reach."""

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
            return self.t(
                "explained.served",
                name=self._row(values["row"]),
                years=years,
                where=where,
            )
        named = (
            self.t.listing([self.t.term("district", each) for each in districts])
            if len(districts) <= MOST_NAMED
            else self.t("explained.all_districts", n=len(districts))
        )
        return self.t(
            "explained.served_from",
            name=self._row(values["row"]),
            districts=named,
            years=years,
            where=where,
        )

    def _backup(self, values: Values) -> str:
        zones = {site.zone for site in self.case.sites if site.id in values["sites"]}
        name, years = self._row(values["row"]), self._years(values["years"])
        if len(zones) == 1:
            zone = self.t.term("zone", zones.pop()) or self.t("explained.zone_unnamed")
            return self.t("explained.backup_zone", name=name, years=years, zone=zone)
        return self.t("explained.backup", name=name, years=years)

    def _indivisible(self, values: Values) -> str:
        return self.t("explained.indivisible", name=self._row(values["row"]))

    def _grid(self, values: Values) -> str:
        connections = values["connections"]
        if len(connections) > 1:
            total = sum(each["kw"] + each["steps"] * each["step_kw"] for each in connections)
            sites = self._sites([each["site"] for each in connections])
            return self.t("explained.grids", sites=sites, kw=kilowatts(total))
        (one,) = connections
        named = {"site": self._site(one["site"]), "kw": kilowatts(one["kw"])}
        if one["steps"] == 0:
            return self.t("explained.grid", **named)
        steps = self.t.count("grid_step", one["steps"])
        return self.t("explained.grid_steps", **named, steps=steps, step=kilowatts(one["step_kw"]))

    def _halls(self, values: Values) -> str:
        plots = values["plots"]
        halls = self.t.count("hall", sum(each["halls"] for each in plots))
        if len(plots) > 1:
            return self.t(
                "explained.plots",
                sites=self._sites([each["site"] for each in plots]),
                halls=halls,
            )
        return self.t("explained.halls", site=self._site(plots[0]["site"]), halls=halls)

    def _egress(self, values: Values) -> str:
        said = [
            self.t(
                "explained.egress",
                site=self._site(each["site"]),
                gbps=exact(each["gbps"]),
            )
            for each in values["lines"]
        ]
        return self.t("explanation.parts_comma").join(said)

    def _supply(self, values: Values) -> str:
        name = self._view.hardware_names[values["hardware"]]
        said = [
            self.t("explained.in_year", amount=exact(each["units"]), year=each["year"]) for each in values["supply"]
        ]
        return self.t(
            "explained.supply",
            hardware=name,
            units=self.t.listing(said, most=len(said)),
        )

    def _market(self, values: Values) -> str:
        name = self._view.hardware_names[values["hardware"]]
        return self.t(
            "explained.market",
            hardware=name,
            first=values["first"],
            last=values["last"],
        )

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
            zone=self.t.term("zone", str(values["zone"])) or self.t("explained.zone_unnamed"),
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
        return self.t(
            "reason.short_egress",
            **self._against(values),
            year=values["year"],
            sites=sites,
        )

    def _short_budget(self, values: Values) -> str:
        needed, money = (
            self._cny(math.ceil(values["needed"])),
            self._cny(values["money"]),
        )
        return self.t("reason.short_budget", year=values["years"][-1], needed=needed, money=money)

    def _pool_of(self, values: Values) -> dict[str, str]:
        return {
            "pool": self.t.term("pool", values["pool"]),
            "resource": self.t.term("resource", values["resource"]),
        }

    def _against(self, values: Values) -> dict[str, str]:
        return {key: exact(float(f"{values[key]:.6g}")) for key in ("needed", "most")}
