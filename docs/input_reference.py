"""Write the tables of docs/inputs.md from the schema: python docs/input_reference.py.

What stands above the marker in the page is written by hand and stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from suanli.inputs import shipped
from suanli.inputs.parts import LARGEST, GreenSite, Name, Scope
from suanli.inputs.rows import DERIVED, SECTIONS, Network, Settings

PAGE = Path(__file__).with_name("inputs.md")
MARKER = "<!-- From here on written by docs/input_reference.py; change the schema, not the page. -->"

PARTS: Mapping[type[BaseModel], str] = {Network: "network", GreenSite: "green_site", Scope: "scope", Name: "name"}
"""Models inside a row or the settings, described in a table of their own."""

MEANINGS: Mapping[str, str] = {
    "name": "what people call it; one text stands for the English name",
    "title": "what the scenario is called on its report",
    "carbon_price_cny_per_tonne": "price of a tonne of carbon, CNY; paid at all sites",
    "green_site": "what makes a site a green data centre",
    "network": "how far and how dear the way to a site is",
    "GreenSite.pue_limit": "largest PUE of a green data centre",
    "Scope.districts": "sites in these districts only",
    "Scope.kinds": "sites of these kinds only",
    "Scope.sites": "these sites only",
    "Scope.pools": "hardware of these pools only",
    "cooling": "how the hall is cooled; only shown",
    "from_hall": "hall type that is converted",
    "to_hall": "hall type that it becomes",
    "domestic": "counts as domestic hardware",
    "fp64_pflops": "double-precision compute of one unit, PFLOPS",
    "fp32_pflops": "single-precision compute of one unit, PFLOPS",
    "fp16_pflops": "half-precision compute of one unit, PFLOPS",
    "int8_pops": "8-bit compute of one unit, POPS",
    "Fleet.site": "where it stands",
    "Fleet.hall": "hall type it stands in",
    "Fleet.hardware": "what it is",
    "Fleet.count": "units at the end of the base year",
    "metric": "the quantity that is demanded; [the formulation](formulation.md#metrics) defines each",
    "sense": "at least, at most or exactly; `==` can have no penalty",
    "value": "the value demanded, in the metric's unit; a ratio as a share (0.6, not 60)",
    "Target.year": "a planning year",
    "scope": "what the metric counts",
    "en": "English",
    "zh": "Simplified Chinese",
}
"""Meanings of fields to which the schema adds no words, by field or by model and field."""


def page() -> str:
    """The whole page: what is written by hand, the marker, and the tables."""
    written = PAGE.read_text("utf-8").split(MARKER)[0]
    return written + MARKER + "\n\n" + "\n\n".join(_chapters()) + "\n"


def _chapters() -> Iterator[str]:
    yield "## Settings"
    yield "Top-level keys that hold for the whole case."
    yield _table(Settings)
    for part in (Network, GreenSite):
        yield f"### {PARTS[part]}"
        yield _intro(part)
        yield _table(part)
    for section, held in SECTIONS.items():
        yield f"## {section}"
        yield _intro(held.row)
        yield _table(held.row)
        if example := _example(section):
            yield "For example, in quickstart:"
            yield f"```yaml\n{example}\n```"
        if section == "targets":
            yield "### scope"
            yield _intro(Scope)
            yield _table(Scope)
    yield "## name and title"
    yield _intro(Name)
    yield _table(Name)


def _intro(model: type[BaseModel]) -> str:
    return " ".join((model.__doc__ or "").split())


def _table(model: type[BaseModel]) -> str:
    schema = model.model_json_schema()
    rows = ["| field | holds | default | meaning |", "| --- | --- | --- | --- |"]
    for name, field in schema["properties"].items():
        if name in DERIVED:
            continue
        default = "**needed**" if name in schema.get("required", ()) else _default(field)
        rows.append(f"| `{name}` | {_holds(field, schema)} | {default} | {_meaning(model, name)} |")
    return "\n".join(rows)


def _meaning(model: type[BaseModel], name: str) -> str:
    told = model.model_fields[name].description or MEANINGS.get(f"{model.__name__}.{name}") or MEANINGS.get(name)
    if told is None:
        raise KeyError(f"{model.__name__}.{name} has no description; add one to the schema, or to MEANINGS")
    return told.replace("|", "\\|")


def _default(field: Mapping[str, Any]) -> str:
    default = field.get("default")
    if default is None or default in ("", [], ()):
        return "none"
    if isinstance(default, Mapping):
        return "none" if all(value in ("", None) for value in default.values()) else "see below"
    if isinstance(default, bool):
        return str(default).lower()
    return f"{default:g}" if isinstance(default, float) else str(default)


def _holds(field: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """What a field holds, in words."""
    if "anyOf" in field:
        field = next(arm for arm in field["anyOf"] if arm.get("type") != "null")
    if "$ref" in field:
        name = field["$ref"].rsplit("/", 1)[-1]
        part = next(PARTS[model] for model in PARTS if model.__name__ == name)
        return f"[{part}](#{'name-and-title' if part == 'name' else part})"
    if "enum" in field:
        return ", ".join(f"`{word}`" for word in field["enum"])
    if field["type"] == "object":
        keys = field.get("propertyNames", {})
        named = f" ({_holds(keys, schema)})" if "enum" in keys else ""
        return f"mapping{named}, each: {_holds(field['additionalProperties'], schema)}"
    if field["type"] == "array":
        item = _holds(field["items"], schema)
        return {"text": "list", "year": "list of years"}.get(item, f"list of {item}")
    words = {"boolean": "true or false", "string": "text", "integer": "whole number", "number": "number"}
    return _number(words[field["type"]], field)


def _number(word: str, field: Mapping[str, Any]) -> str:
    low, above, high = field.get("minimum"), field.get("exclusiveMinimum"), field.get("maximum")
    if high == LARGEST:
        low, high = (None, None) if low == -LARGEST else (low, None)
    if (low, high) == (1900, 2200):
        return "year"
    if low is not None and high is not None:
        return f"{word}, {low:g} to {high:g}"
    if low is not None:
        return f"{word} ≥ {low:g}"
    return f"{word} > {above:g}" if above is not None else word


def _example(section: str) -> str:
    """The first row of a section in the quickstart scenario, as it is written there."""
    lines = (shipped.SCENARIOS / "quickstart.yaml").read_text("utf-8").splitlines()
    if not (starts := [number for number, line in enumerate(lines) if re.match(rf"{section}:", line)]):
        return ""
    example = [f"{section}:", lines[starts[0] + 1]]
    for line in lines[starts[0] + 2 :]:
        if not line.startswith("    "):
            break
        example.append(line)
    return "\n".join(example)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
