"""Where symbols and their labels go on a drawing so that none hides another. All lengths in points."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]
_ROUNDS = 400


@dataclass(frozen=True)
class Box:
    """A rectangle by its left, lower, right and upper edge."""

    left: float
    low: float
    right: float
    high: float

    def overlaps(self, other: Box) -> bool:
        """Whether the two share any area."""
        across = self.left < other.right and other.left < self.right
        return across and self.low < other.high and other.low < self.high

    def holds(self, other: Box) -> bool:
        """Whether the other lies wholly inside."""
        across = self.left <= other.left and other.right <= self.right
        return across and self.low <= other.low and other.high <= self.high

    def distance(self, x: float, y: float) -> float:
        """How far a point is from the rectangle; nothing inside it."""
        across = max(self.left - x, 0.0, x - self.right)
        return math.hypot(across, max(self.low - y, 0.0, y - self.high))

    @property
    def centre(self) -> tuple[float, float]:
        """The point in the middle."""
        return (self.left + self.right) / 2, (self.low + self.high) / 2


def around(x: float, y: float, width: float, height: float) -> Box:
    """The rectangle of this size around a point."""
    return Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def spread(points: Points, radii: Sequence[float], frame: Box, gap: float = 1.0) -> Points:
    """Move discs as little as it takes until they stand apart; those at one point go in directions all round."""
    placed: Points = points.astype(np.float64)
    reach = np.array(radii)[:, None] + np.array(radii)[None, :] + gap
    turn = np.arange(len(placed)) * math.pi * (3 - math.sqrt(5))
    # Two at one place have no direction from each other: a trace of one, different for each.
    placed += 1e-3 * np.column_stack([np.cos(turn), np.sin(turn)])
    margin = np.array(radii)[:, None]
    low, high = np.array([frame.left, frame.low]) + margin, np.array([frame.right, frame.high]) - margin
    placed = np.clip(placed, low, np.maximum(low, high))
    for _ in range(_ROUNDS):
        away = placed[:, None, :] - placed[None, :, :]
        distance = np.maximum(np.hypot(away[..., 0], away[..., 1]), 1e-9)
        short = np.maximum(reach - distance, 0.0)
        np.fill_diagonal(short, 0.0)
        if short.max(initial=0.0) < 0.05:
            break
        placed += (away * (short / distance / 2)[..., None]).sum(axis=1) * 0.7
        placed = np.clip(placed, low, np.maximum(low, high))
    return placed


@dataclass
class Room:
    """What of a frame is still free for labels."""

    frame: Box
    taken: list[Box] = field(default_factory=list)

    def is_free(self, box: Box) -> bool:
        """Whether the box lies in the frame and on nothing else."""
        return self.frame.holds(box) and not any(box.overlaps(other) for other in self.taken)

    def take(self, candidates: Iterable[Box], suits: Callable[[Box], bool] = lambda box: True) -> Box | None:
        """The first of the candidates that is free and suits, which it then is no more; None if there is none."""
        for box in candidates:
            if self.is_free(box) and suits(box):
                self.taken.append(box)
                return box
        return None


def beside(x: float, y: float, radius: float, width: float, height: float) -> Iterator[Box]:
    """Places for a label of a disc: right, left, above, below."""
    aside, upright = radius + 1.5 + width / 2, radius + 1.0 + height / 2
    yield around(x + aside, y, width, height)
    yield around(x - aside, y, width, height)
    yield around(x, y + upright, width, height)
    yield around(x, y - upright, width, height)


def near(x: float, y: float, width: float, height: float, most: float) -> Iterator[Box]:
    """Places for a label around a point, the nearest first, at most so far away."""
    yield around(x, y, width, height)
    for distance in np.arange(3.0, most + 1, 3.0):
        for n in range(24):
            angle = math.pi / 2 + n * math.pi / 12
            yield around(x + distance * math.cos(angle), y + distance * math.sin(angle), width, height)
