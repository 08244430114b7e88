"""Hall types, retrofits and hardware of a random city before their prices are varied.

Figures are of the order of those in Jinan's case, whose tables say where they come from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ..parts import HallType

MAX_UTILISATION = {
    "vcpu": 0.65,
    "memory_gb": 0.8,
    "storage_tb": 0.85,
    "fp16_pflops": 0.75,
    "fp64_tflops": 0.8,
    "video_streams": 0.9,
    "int8_tops": 0.6,
}
Precision = Literal["fp64", "fp32", "fp16", "int8"]
CONVENTION: Mapping[str, Precision] = {"general": "fp32", "ai": "fp16", "hpc": "fp64"}
"""Hardware class -> precision that counts; inference and storage count nothing."""

HALL_TYPES = (
    HallType(id="legacy", racks=400, rack_kw=2.5, usable_u=42, pue=1.5, capex_cny=15e6, upkeep_cny_per_year=750e3,
             life_years=15),
    HallType(id="air", racks=200, rack_kw=5, usable_u=42, pue=1.4, capex_cny=22e6, upkeep_cny_per_year=660e3,
             life_years=15),
    HallType(id="indirect", racks=200, rack_kw=5, usable_u=42, pue=1.22, capex_cny=26e6, upkeep_cny_per_year=780e3,
             life_years=15, lead_years=1),
    HallType(id="dense", racks=96, rack_kw=15, usable_u=42, pue=1.29, capex_cny=36e6, upkeep_cny_per_year=1.1e6,
             life_years=15),
    HallType(id="liquid", racks=20, rack_kw=130, usable_u=48, pue=1.12, cooling="liquid", capex_cny=72e6,
             upkeep_cny_per_year=2.2e6, life_years=15, lead_years=1),
    HallType(id="edge", racks=4, rack_kw=5, usable_u=42, pue=1.45, capex_cny=660e3, upkeep_cny_per_year=25e3,
             life_years=12),
    HallType(id="leased", racks=96, rack_kw=15, usable_u=42, pue=1.2, capex_cny=0, upkeep_cny_per_year=2.6e6,
             life_years=15),
)  # fmt: skip
"""Legacy halls only exist; leased rooms stand in remote hubs, their rent is the upkeep."""

CONVERSION_CNY_PER_KW = {
    ("legacy", "air"): 11_000,
    ("legacy", "dense"): 14_000,
    ("air", "indirect"): 9_000,
    ("air", "dense"): 13_000,
    ("dense", "liquid"): 12_000,
}
"""From and to hall type -> cost of a retrofit per kW of the new hall, CNY."""


@dataclass(frozen=True)
class Product:
    """A kind of hardware on the market from and to so many years after the base year (None: to the end).

    `scarce`: the market supplies only so much of it. `leased`: only in remote hubs, for a fee.
    """

    id: str
    pool: str
    hardware_class: str
    provides: Mapping[str, float]
    halls: tuple[str, ...]
    rack_units: float
    peak_kw: float
    price_cny: float
    life_years: int
    domestic: bool = True
    lot: int = 1
    fee_cny_per_year: float = 0.0
    flops: Mapping[str, float] = field(default_factory=dict)
    from_year: int = -8
    to_year: int | None = None
    scarce: bool = False
    leased: bool = False


ROOMS = ("legacy", "air", "indirect")
PRODUCTS = (
    Product("kunpeng", "general", "general", {"vcpu": 128, "memory_gb": 512}, ROOMS, 2, 0.7, 80e3, 6, lot=10,
            flops={"fp32": 0.0027, "fp64": 0.0013}),
    Product("x86", "general", "general", {"vcpu": 128, "memory_gb": 512}, ROOMS, 2, 0.8, 65e3, 6, False, lot=10,
            flops={"fp32": 0.0086, "fp64": 0.004}, scarce=True),
    Product("hygon", "general", "general", {"vcpu": 128, "memory_gb": 768}, ROOMS, 2, 0.7, 88e3, 6, lot=10,
            flops={"fp32": 0.0023, "fp64": 0.0011}),
    Product("memory_rich", "general", "general", {"vcpu": 128, "memory_gb": 2048}, ("air", "indirect"), 2, 0.85, 150e3,
            6, lot=5, flops={"fp32": 0.0023, "fp64": 0.0011}),
    Product("edge_server", "edge", "general", {"vcpu": 64, "int8_tops": 44}, ("edge", "air"), 2, 0.45, 45e3, 6,
            flops={"fp32": 0.0014}),
    Product("edge_ai_box", "edge", "inference", {"int8_tops": 352, "vcpu": 8}, ("edge",), 1, 0.3, 30e3, 5,
            flops={"int8": 0.35, "fp16": 0.17}),
    Product("edge_storage", "edge", "storage", {"storage_tb": 128}, ("edge", "air"), 2, 0.45, 95e3, 6),
    Product("ascend", "ai", "ai", {"fp16_pflops": 2.5}, ("dense", "liquid"), 6, 6.5, 1.35e6, 5, lot=4,
            flops={"fp16": 2.5, "fp32": 0.6, "int8": 5.0}),
    Product("gpu", "ai", "ai", {"fp16_pflops": 2.5}, ("dense",), 6, 6.0, 1.15e6, 5, False, lot=4,
            flops={"fp16": 2.5, "fp32": 0.35, "int8": 5.0}, to_year=2, scarce=True),
    Product("k100", "ai", "ai", {"fp16_pflops": 1.57}, ("dense", "liquid"), 4, 4.5, 900e3, 5, lot=4,
            flops={"fp16": 1.57, "fp32": 0.39, "int8": 3.1}, scarce=True),
    Product("supernode", "ai", "ai", {"fp16_pflops": 300}, ("liquid",), 192, 559, 90e6, 5,
            flops={"fp16": 300, "int8": 600}, from_year=2, scarce=True),
    Product("hub_ai", "ai", "ai", {"fp16_pflops": 2.5}, ("leased",), 6, 6.5, 0, 5, lot=4, fee_cny_per_year=250e3,
            flops={"fp16": 2.5, "fp32": 0.6, "int8": 5.0}, from_year=1, scarce=True, leased=True),
    Product("tenant_rack", "tenant", "tenant", {"tenant_racks": 1}, ROOMS, 20, 2.5, 0, 12, False, lot=50),
    Product("storage_node", "storage", "storage", {"storage_tb": 360}, ("air", "indirect"), 4, 0.8, 200e3, 6, lot=5),
    Product("hub_storage", "storage", "storage", {"storage_tb": 360}, ("leased",), 4, 0.8, 0, 6, lot=5,
            fee_cny_per_year=45e3, from_year=1, leased=True),
    Product("gov_kunpeng", "gov_cloud", "general", {"vcpu": 128, "memory_gb": 512}, ROOMS, 2, 0.7, 82e3, 6, lot=10,
            flops={"fp32": 0.0027, "fp64": 0.0013}),
    Product("gov_x86", "gov_cloud", "general", {"vcpu": 128, "memory_gb": 512}, ROOMS, 2, 0.8, 68e3, 6, False, lot=10,
            flops={"fp32": 0.0086, "fp64": 0.004}, to_year=1),
    Product("gov_memory", "gov_cloud", "general", {"vcpu": 128, "memory_gb": 2048}, ("air", "indirect"), 2, 0.85, 155e3,
            6, lot=5, flops={"fp32": 0.0023, "fp64": 0.0011}),
    Product("gov_storage", "gov_cloud", "storage", {"storage_tb": 360}, ROOMS, 4, 0.8, 230e3, 6, lot=2),
    Product("video_server", "video", "inference", {"video_streams": 192}, ("air", "indirect"), 4, 1.0, 360e3, 5, lot=2,
            flops={"int8": 1.12, "fp16": 0.56}),
    Product("hpc_domestic", "hpc", "hpc", {"fp64_tflops": 5}, ("air", "dense"), 2, 1.0, 110e3, 6, lot=20,
            flops={"fp64": 0.005, "fp32": 0.01}),
    Product("hpc_x86", "hpc", "hpc", {"fp64_tflops": 8}, ("air", "dense"), 2, 1.2, 140e3, 6, False, lot=20,
            flops={"fp64": 0.008, "fp32": 0.016}, scarce=True),
)  # fmt: skip
"""Of each resource of each pool, one product is domestic, fits a hall without lead time and is on the market always."""
