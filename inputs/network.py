"""The way from a district to a site: distance, round trip and cost."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

from .parts import Site
from .rows import Network, NodeKind

EARTH_RADIUS_KM = 6371.0


def great_circle_km(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Return the distance of two points on the ground (degrees), in km, to the metre."""
    north, other_north = radians(latitude), radians(other_latitude)
    half_chord = sqrt(
        sin((other_north - north) / 2) ** 2
        + cos(north) * cos(other_north) * sin(radians(other_longitude - longitude) / 2) ** 2
    )
    return round(2 * EARTH_RADIUS_KM * asin(min(1.0, half_chord)), 3)


def node_kind(site: Site, district: str) -> NodeKind:
    """Return what a site is on the way from a district; an edge node in that district is a local one."""
    return "local_edge" if site.kind == "edge" and site.district == district else site.kind


def round_trip_ms(network: Network, access: str | None, kind: NodeKind, km: float) -> float:
    """Return the round trip from a user to a site, ms: access, fibre along the route, hops."""
    fibre = network.round_trip_ms_per_100_km * network.route_factor * km / 100
    access_ms = network.access_ms.get(access, 0.0) if access is not None else 0.0
    return access_ms + fibre + network.ms_per_hop * network.hops.get(kind, 0)


def cny_per_gbps(network: Network, kind: NodeKind, km: float) -> float:
    """Return what one Gbps to a site costs in a year, CNY."""
    return network.cny_per_gbps_year.get(kind, 0.0) + network.cny_per_gbps_km_year * network.route_factor * km
