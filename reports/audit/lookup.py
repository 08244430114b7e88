"""The case by id, and what the audit's sentences call its parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from ...inputs.case import Case
from ...inputs.parts import HallType, Hardware, Site, Target, Workload
from .findings import Findings


@dataclass(frozen=True)
class Lookup:
    """A case with its parts by id."""

    case: Case

    @cached_property
    def sites(self) -> Mapping[str, Site]:
        """Sites by id."""
        return {site.id: site for site in self.case.sites}

    @cached_property
    def halls(self) -> Mapping[str, HallType]:
        """Hall types by id."""
        return {hall.id: hall for hall in self.case.hall_types}

    @cached_property
    def hardware(self) -> Mapping[str, Hardware]:
        """Hardware types by id."""
        return {hardware.id: hardware for hardware in self.case.hardware}

    @cached_property
    def workloads(self) -> Mapping[str, Workload]:
        """Workloads by id."""
        return {workload.id: workload for workload in self.case.workloads}

    @cached_property
    def targets(self) -> Mapping[str, Target]:
        """Targets by id."""
        return {target.id: target for target in self.case.targets}

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What a site is called: its English name, or its id where it has none or shares it with another site."""
        shared = Counter(site.name.en for site in self.case.sites)
        return {
            site.id: site.name.en if site.name.en and shared[site.name.en] == 1 else site.id for site in self.case.sites
        }

    def at(self, site: str, year: int) -> str:
        """The place and year that a sentence begins with, such as "Caishi, 2026"."""
        return f"{self.names[site]}, {year}"


def check_case(lookup: Lookup, findings: Findings) -> None:
    """The case has a meaning: no id is given twice, and nothing refers to what is not there."""
    _check_repeated(lookup.case, findings)
    for who, thing, ids, known in _references(lookup):
        for identifier in ids:
            findings.require(identifier in known, f"case.json: {who} names the unknown {thing} {identifier}")
    for target in lookup.case.targets:
        findings.require(
            target.year in lookup.case.years,
            f"case.json: target {target.id} is for {target.year}, which is not a planning year",
        )


def _check_repeated(case: Case, findings: Findings) -> None:
    sections: dict[str, Iterable[str]] = {
        "site": (site.id for site in case.sites),
        "hall type": (hall.id for hall in case.hall_types),
        "hardware": (hardware.id for hardware in case.hardware),
        "workload": (workload.id for workload in case.workloads),
        "target": (target.id for target in case.targets),
    }
    for thing, ids in sections.items():
        for identifier, times in Counter(ids).items():
            findings.require(times == 1, f"case.json: {thing} {identifier} stands there {times} times")


def _references(lookup: Lookup) -> Iterator[tuple[str, str, Iterable[str], Container[str]]]:
    """Who refers to which kind of thing, by which ids, and the ids that there are."""
    for site in lookup.case.sites:
        halls = sorted({*site.allowed_halls, *site.existing_halls})
        yield f"site {site.id}", "hall type", halls, lookup.halls
    for conversion in lookup.case.conversions:
        pair = (conversion.from_hall, conversion.to_hall)
        yield f"the conversion of {pair[0]} to {pair[1]}", "hall type", pair, lookup.halls
    for row in lookup.case.fleet:
        who = f"the fleet of {row.hardware} at {row.site}"
        yield who, "site", (row.site,), lookup.sites
        yield who, "hall type", (row.hall,), lookup.halls
        yield who, "hardware", (row.hardware,), lookup.hardware
    for workload in lookup.case.workloads:
        yield f"workload {workload.id}", "site", workload.sites, lookup.sites
