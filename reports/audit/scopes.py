"""What a scope counts, and how metrics.csv writes it."""

from __future__ import annotations

from ...inputs.parts import Hardware, Scope, Site


def counts_site(scope: Scope, site: Site) -> bool:
    """Whether a site is in the scope."""
    return (
        scope.in_city in (None, site.in_city)
        and _within(site.district, scope.districts)
        and _within(site.kind, scope.kinds)
        and _within(site.id, scope.sites)
    )


def counts_hardware(scope: Scope, hardware: Hardware) -> bool:
    """Whether a hardware type is in the scope."""
    return _within(hardware.pool, scope.pools) and _within(hardware.hardware_class, scope.classes)


def _within(value: str, allowed: tuple[str, ...] | None) -> bool:
    return allowed is None or value in allowed


def scope_text(scope: Scope) -> str:
    """The scope as metrics.csv writes it, such as "city; kinds=core+edge"."""
    parts = [{True: "city", False: "outside city", None: "all"}[scope.in_city]]
    for name in ("districts", "kinds", "sites", "pools", "classes"):
        allowed: tuple[str, ...] | None = getattr(scope, name)
        if allowed is not None:
            parts.append(f"{name}={'+'.join(allowed)}")
    for name in ("pool", "resource"):
        only: str | None = getattr(scope, name)
        if only is not None:
            parts.append(f"{name}={only}")
    return "; ".join(parts)
