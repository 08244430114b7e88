"""What readers of a comparison have to know first: what cannot be compared, and what is not proved."""

from __future__ import annotations

from ..numbers import percent
from ..sections.provenance import audited, gap_text
from .differences import common_years
from .plans import Compared, Comparison, Pair


def warnings(comparison: Comparison) -> tuple[str, ...]:
    """What belongs on the first page: failed audits, missing plans, costs that are not comparable or not proved."""
    t = comparison.t
    out = [t("comparison.warning.audit", name=p.name) for p in comparison.planned if p.audit_failed]
    out += [t(f"comparison.warning.{_outcome(p)}", name=p.name) for p in comparison.plans if not p.has_plan]
    for pair in comparison.pairs:
        if pair.planned and not pair.comparable:
            out.append(t("comparison.warning.base_year", **_names(pair), **_base_years(pair)))
        elif pair.proof is not None and pair.proof.verdict == "open":
            out.append(unproved(comparison, pair))
    return tuple(out)


def unproved(comparison: Comparison, pair: Pair) -> str:
    """That the gaps leave open which of two scenarios is cheaper."""
    t, found = comparison.t, pair.proof
    assert found is not None
    if found.least is None or found.most is None:
        return t("comparison.warning.no_bound", **_names(pair), difference=t.money(abs(found.difference)))
    return t(
        "comparison.warning.open",
        **_names(pair),
        difference=t.money(abs(found.difference)),
        below=t.money(-found.least),
        above=t.money(found.most),
    )


def proved(comparison: Comparison, pair: Pair) -> str:
    """What is proved about the costs of two scenarios, as a sentence."""
    t, found = comparison.t, pair.proof
    if found is None:
        return ""
    if found.same_case:
        return t("comparison.proof.same_case", **_names(pair))
    if found.verdict == "open":
        return unproved(comparison, pair)
    low, high = sorted((abs(found.least or 0.0), abs(found.most or 0.0)))
    key = found.verdict
    if key != "equal" and (found.least is None or found.most is None):
        known = found.least if key == "dearer" else found.most
        return t(f"comparison.proof.{key}_at_least", **_names(pair), low=t.money(abs(known or 0.0)))
    if key != "equal" and t.money(low) == t.money(high):
        return t(f"comparison.proof.{key}_exactly", **_names(pair), low=t.money(low))
    return t(f"comparison.proof.{key}", **_names(pair), low=t.money(low), high=t.money(high))


def caveats(comparison: Comparison) -> tuple[str, ...]:
    """What differs between the results in ways that the reader has to bear in mind."""
    t = comparison.t
    out: list[str] = []
    for pair in comparison.pairs:
        names = _names(pair)
        before, after = pair.before.result.case, pair.after.result.case
        if pair.before.result.folder.resolve() == pair.after.result.folder.resolve():
            out.append(t("comparison.caveat.same_folder", **names))
        elif pair.before.result.case_sha256 == pair.after.result.case_sha256:
            out.append(t("comparison.caveat.same_case", **names))
        if before.base_year != after.base_year and not pair.planned:  # of two plans it is a warning
            out.append(t("comparison.caveat.base_year", **names, **_base_years(pair)))
        if before.years != after.years:
            shared = common_years((before, after))
            key = "years" if shared else "no_years"
            values = {"first": span(comparison, before.years), "second": span(comparison, after.years)}
            out.append(t(f"comparison.caveat.{key}", **names, **values, shared=span(comparison, shared)))
        if before.discount_rate != after.discount_rate and pair.comparable:
            rates = {"first": percent(before.discount_rate, 1), "second": percent(after.discount_rate, 1)}
            out.append(t("comparison.caveat.discount_rate", **names, **rates))
        if before.compute_convention != after.compute_convention:
            out.append(t("comparison.caveat.convention", **names))
        if not {s.id for s in before.sites} & {s.id for s in after.sites}:
            out.append(t("comparison.caveat.no_sites", **names))
    out += [t("comparison.caveat.unaudited", name=p.name) for p in comparison.planned if not _was_audited(p)]
    return tuple(dict.fromkeys(out))


def standing_text(comparison: Comparison, plan: Compared) -> str:
    """How a result stands: whether it is proved optimal, with its gap."""
    t, summary = comparison.t, plan.result.summary
    if not plan.has_plan:
        return t.word(f"run_status.{summary.get('status')}")
    key = (
        "feasible" if summary.get("status") != "optimal" else "exact" if (summary.get("gap") or 0) < 5e-5 else "optimal"
    )
    if summary.get("gap") is None:
        return t("comparison.no_bound")
    return t(f"badge.{key}", gap=gap_text(summary.get("gap")))


def audit_text(comparison: Comparison, plan: Compared) -> str:
    """What the audit said of a result."""
    t, audit = comparison.t, audited(plan.result.summary)
    if audit is None:
        return t("badge.unaudited")
    ok, checks, failures = audit
    return t("badge.agrees", checks=f"{checks:,}") if ok else t("badge.fails", n=t.count("complaint", len(failures)))


def span(comparison: Comparison, years: tuple[int, ...]) -> str:
    """Planning years as text."""
    if not years:
        return ""
    return str(years[0]) if len(years) == 1 else comparison.t.years(years[0], years[-1])


def _outcome(plan: Compared) -> str:
    return "infeasible" if plan.result.summary.get("status") == "infeasible" else "no_plan"


def _was_audited(plan: Compared) -> bool:
    return audited(plan.result.summary) is not None


def _names(pair: Pair) -> dict[str, str]:
    return {"before": pair.before.letter, "after": pair.after.letter}


def _base_years(pair: Pair) -> dict[str, int]:
    return {"first_year": pair.before.result.case.base_year, "second_year": pair.after.result.case.base_year}
