"""The explanation in a result folder."""

from __future__ import annotations

import json
from pathlib import Path

from ...model.explaining import Explanation
from ..folder import ResultError

EXPLANATION = "explanation.json"


def read_explanation(folder: Path) -> Explanation | None:
    """The explanation of a result folder; None without one. Raises ResultError if it cannot be read."""
    path = folder / EXPLANATION
    if not path.is_file():
        return None
    try:
        return Explanation.from_json(json.loads(path.read_text("utf-8")))
    except (
        OSError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
    ) as error:
        raise ResultError(f"{path}: not an explanation ({type(error).__name__}: {error})") from error


def explanation_text(explanation: Explanation) -> str:
    """The explanation as JSON."""
    return json.dumps(explanation.as_json(), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
