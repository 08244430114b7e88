"""What would help, each change as part of a sentence."""

from __future__ import annotations

from ..wording import printable
from .names import Names, Values, exact, kilowatts, percentage


class Ways(Names):
    """Tells what each way out changes."""

    def _way_target(self, values: Values) -> str:
        target = self._targets[values["target"]]
        named = {
            "id": printable(target.id),
            "label": self._label(target),
            "year": target.year,
        }
        if target.sense == ">=" and values["after"] <= 0:
            return self.t("way.target_off", **named)
        before, after = (self._wanted(target, target.sense, values[when]) for when in ("before", "after"))
        return self.t("way.target", **named, before=before, after=after)

    def _way_target_sense(self, values: Values) -> str:
        target = self._targets[values["target"]]
        before, after = (self._wanted(target, sense, target.value) for sense in (target.sense, values["sense"]))
        named = {
            "id": printable(target.id),
            "label": self._label(target),
            "year": target.year,
        }
        return self.t("way.target_sense", **named, before=before, after=after)

    def _way_grid_steps(self, values: Values) -> str:
        named = {
            "kw": kilowatts(values["kw"]),
            "site": self._site(values["site"]),
            "steps": self.t.count("grid_step", values["steps"]),
            "year": values["year"],
        }
        if values["cny"]:
            return self.t("way.grid_steps_cost", **named, money=self.t.money(values["cny"]))
        return self.t("way.grid_steps", **named)

    def _way_grid_kw(self, values: Values) -> str:
        before, after = kilowatts(values["before"]), kilowatts(values["after"])
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
        return self.t(
            "way.unserved",
            name=self._row(values["row"]),
            money=self._cny(values["cny"]),
        )

    def _way_demand(self, values: Values) -> str:
        return self.t(
            "way.demand",
            name=self._row(values["row"]),
            share=percentage(values["less"]),
        )

    def _way_no_backup(self, values: Values) -> str:
        return self.t("way.no_backup", name=self._row(values["row"]))

    def _way_backup(self, values: Values) -> str:
        before, after = percentage(values["before"]), percentage(values["after"])
        return self.t("way.backup", name=self._row(values["row"]), before=before, after=after)

    def _way_later(self, values: Values) -> str:
        return self.t(
            "way.later",
            id=printable(values["target"]),
            before=values["before"],
            after=values["after"],
        )

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
        known = {
            "kinds": self.t.word(f"kind.{more}"),
            "only_sites": self._view.site_names.get(more, more),
        }
        more = known.get(values["filter"], printable(more))
        return self.t(f"way.also_{values['filter']}", name=self._row(values["row"]), more=more)
