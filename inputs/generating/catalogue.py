"""What can be built and bought in a random case, with prices and powers that vary a little."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..parts import Conversion, HallType, Hardware
from .draws import Draws, neat
from .pools import POOLS, Pool
from .products import CONVENTION, CONVERSION_CNY_PER_KW, HALL_TYPES, PRODUCTS, Product
from .sizes import Size

FEWEST_RACKS = 4
"""A hall has no fewer racks, however small the case."""

YEARS_AFTER = 30
"""A product without an end is on the market until so many years after the base year."""


@dataclass(frozen=True)
class Catalogue:
    """The pools, what can be built and bought for them, and which hardware is scarce or only leased."""

    pools: tuple[Pool, ...]
    hall_types: tuple[HallType, ...]
    conversions: tuple[Conversion, ...]
    hardware: tuple[Hardware, ...]
    scarce: frozenset[str]
    leased: frozenset[str]


def draw_catalogue(draws: Draws, size: Size, base_year: int) -> Catalogue:
    """Draw the catalogue; a product that no hall is large enough for is left out."""
    pools = POOLS[: size.pools]
    products = [
        product for pool in pools for product in [row for row in PRODUCTS if row.pool == pool.id][: size.products]
    ]
    used = {hall for product in products for hall in product.halls if size.hubs or hall != "leased"}
    halls = [_hall(draws, hall, size.scale) for hall in HALL_TYPES if hall.id in used]
    drawn = (_hardware(draws, product, halls, base_year, size.scale) for product in products)
    hardware = [kind for kind in drawn if kind.halls]
    power = {hall.id: hall.racks * hall.rack_kw for hall in halls}
    conversions = (
        Conversion(from_hall=a, to_hall=b, cost_cny=neat(cny_per_kw * power[b] * draws.between(0.8, 1.2)))
        for (a, b), cny_per_kw in CONVERSION_CNY_PER_KW.items()
        if a in power and b in power
    )
    return Catalogue(
        pools,
        tuple(halls),
        tuple(conversions),
        tuple(hardware),
        frozenset(product.id for product in products if product.scarce),
        frozenset(product.id for product in products if product.leased),
    )


def racks_per_unit(kind: Hardware, hall: HallType) -> float:
    """Racks that one unit takes in a hall: a part of one, or as many whole ones as hold it."""
    size = max(kind.rack_units / hall.usable_u, kind.peak_kw / hall.rack_kw)
    per_rack = math.floor(1.0 / size + 1e-9)
    return 1.0 / per_rack if per_rack >= 1 else float(math.ceil(size - 1e-9))


def _hall(draws: Draws, hall: HallType, scale: float) -> HallType:
    """Vary costs and PUE a little; scale the size and with it the costs, but for edge nodes, which are small."""
    racks = hall.racks if hall.id == "edge" else float(max(FEWEST_RACKS, round(hall.racks * scale)))
    part = racks / hall.racks
    return hall.model_copy(
        update={
            "racks": racks,
            "pue": neat(1.0 + (hall.pue - 1.0) * draws.between(0.85, 1.1)),
            "capex_cny": neat(hall.capex_cny * part * draws.between(0.85, 1.15)),
            "upkeep_cny_per_year": neat(hall.upkeep_cny_per_year * part * draws.between(0.85, 1.15)),
        }
    )


def _hardware(draws: Draws, product: Product, halls: list[HallType], base_year: int, scale: float) -> Hardware:
    """Vary prices and powers a little, scale the lots, count the compute by the convention."""
    peak = neat(product.peak_kw * draws.between(0.9, 1.1))
    flops = product.flops
    kind = Hardware(
        id=product.id,
        pool=product.pool,
        hardware_class=product.hardware_class,
        domestic=product.domestic,
        rack_units=product.rack_units,
        peak_kw=peak,
        average_kw=neat(peak * draws.between(0.6, 0.8)),
        price_cny=neat(product.price_cny * draws.between(0.85, 1.15)) if product.price_cny else 0.0,
        maintenance_rate=0.05 if product.price_cny else 0.0,
        fee_cny_per_year=neat(product.fee_cny_per_year * draws.between(0.8, 1.1)) if product.fee_cny_per_year else 0.0,
        life_years=product.life_years,
        lot=max(1, round(product.lot * scale)),
        fp64_pflops=flops.get("fp64", 0.0),
        fp32_pflops=flops.get("fp32", 0.0),
        fp16_pflops=flops.get("fp16", 0.0),
        int8_pops=flops.get("int8", 0.0),
        counted_pflops=flops.get(CONVENTION.get(product.hardware_class, ""), 0.0),
        provides=product.provides,
        halls=(),
        available_from=base_year + product.from_year,
        available_to=base_year + (YEARS_AFTER if product.to_year is None else product.to_year),
    )
    fitting = (hall.id for hall in halls if hall.id in product.halls and racks_per_unit(kind, hall) <= hall.racks)
    return kind.model_copy(update={"halls": tuple(fitting)})
