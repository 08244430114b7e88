"""Index sets held as arrays: which combinations of workload, site, year ... there are.

A member is a row of numbers, one for each *dimension*: the workload, site, year ... it is about.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt
import pyomo.environ as pyo
from pyomo.core.base.set import FiniteScalarSet
from scipy import sparse

Codes = npt.NDArray[np.int32]
Positions = npt.NDArray[np.signedinteger[Any]]
Vector = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

ABSENT = -1
EVERY = slice(None)


@dataclass(frozen=True, eq=False)
class Dimension:
    """What an index stands for ("site"), and the labels of all there are; members name them by number."""

    name: str
    labels: tuple[Hashable, ...]

    def __len__(self) -> int:
        return len(self.labels)

    @cached_property
    def number(self) -> dict[Hashable, int]:
        """The number of each label."""
        return {label: number for number, label in enumerate(self.labels)}

    @cached_property
    def label_array(self) -> npt.NDArray[np.object_]:
        """The labels as an array, to look up many at once."""
        array = np.empty(len(self.labels), dtype=object)
        array[:] = self.labels
        return array


class Members(FiniteScalarSet):  # type: ignore[misc]
    """A Pyomo Set of index tuples, held as one array of numbers for each dimension.

    `members[w, :, t]` are the members with that w and t; a sum over it runs over what stands at the colon:
    `sum(m.place[w, s, t] for s in m.placing[w, :, t])`.
    """

    def __init__(self, dimensions: Sequence[Dimension], codes: Sequence[npt.NDArray[Any]] | None = None) -> None:
        """Hold the members with these numbers in each dimension; without numbers, all combinations there can be."""
        super().__init__(dimen=len(dimensions))
        self.dimensions = tuple(dimensions)
        self.shape = tuple(len(dimension) for dimension in dimensions)
        self._full = codes is None
        self._codes = None if codes is None else tuple(np.asarray(each, dtype=np.int32) for each in codes)
        self._groups: dict[tuple[int, ...], tuple[Positions, Positions | None]] = {}

    @classmethod
    def where(cls, dimensions: Sequence[Dimension], mask: Flags, order: Sequence[int] | None = None) -> Members:
        """The members that the mask, an array with an axis for each dimension, says yes to.

        `order` names the axes from the slowest to the fastest; the members come in that order.
        """
        order = tuple(range(mask.ndim)) if order is None else tuple(order)
        found = dict(zip(order, np.nonzero(mask.transpose(order)), strict=True))
        return cls(dimensions, [found[axis] for axis in range(mask.ndim)])

    @property
    def codes(self) -> tuple[Codes, ...]:
        """The number of every member in each dimension."""
        if self._codes is None:
            self._codes = tuple(np.indices(self.shape, dtype=np.int32).reshape(len(self.shape), -1))
        return self._codes

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the dimensions."""
        return tuple(dimension.name for dimension in self.dimensions)

    def of(self, name: str) -> Codes:
        """The number of every member in the first dimension of that name."""
        return self.codes[self.names.index(name)]

    def labels(self, axis: int) -> npt.NDArray[np.object_]:
        """The label of every member in a dimension."""
        return self.dimensions[axis].label_array[self.codes[axis]]

    def index(self, position: int) -> Any:
        """The labels of one member, as Pyomo writes them: a tuple, or one label alone."""
        labels = tuple(d.labels[codes[position]] for d, codes in zip(self.dimensions, self.codes, strict=True))
        return labels if len(labels) > 1 else labels[0]

    def only(self, mask: npt.NDArray[Any]) -> Members:
        """The members that the mask (or the positions) picks."""
        return Members(self.dimensions, [codes[mask] for codes in self.codes])

    def at(self, **masks: Flags) -> Members:
        """The members that every mask says yes to; a mask has an entry for each label of its dimension."""
        picked = np.ones(len(self), dtype=bool)
        for name, mask in masks.items():
            picked &= mask[self.of(name)]
        return self.only(picked)

    def over(self, *names: str) -> Members:
        """The members there are over some of the dimensions, each once."""
        axes = [self.names.index(name) for name in names]
        seen = np.zeros([self.shape[axis] for axis in axes], dtype=bool)
        seen[tuple(self.codes[axis] for axis in axes)] = True
        return Members.where([self.dimensions[axis] for axis in axes], seen)

    def mask(self) -> Flags:
        """Whether each combination of numbers is a member."""
        mask = np.zeros(self.shape, dtype=bool)
        mask[self.codes] = True
        return mask

    def find(self, codes: Sequence[npt.NDArray[Any]]) -> Positions:
        """The positions of the members with these numbers; ABSENT where there is no such member."""
        outside = [
            (each < 0) | (each >= size)
            for each, size in zip(codes, self.shape, strict=True)
            if each.size and (each.min() < 0 or each.max() >= size)
        ]
        if outside:
            within = ~np.logical_or.reduce(outside)
            found = np.full(len(within), ABSENT, dtype=np.int32)
            found[within] = self.find([each[within] for each in codes])
            return found
        flat = flat_index(codes, self.shape)
        return flat if self._full else self._position_of[flat]

    @cached_property
    def _position_of(self) -> Codes:
        position = np.full(prod(self.shape), ABSENT, dtype=np.int32)
        position[flat_index(self.codes, self.shape)] = np.arange(len(self), dtype=np.int32)
        return position

    def matching(
        self, axes: tuple[int, ...], codes: Sequence[npt.NDArray[Any]], count: int
    ) -> tuple[Positions, Positions]:
        """For each of `count` combinations of numbers in some dimensions, the members that have them.

        Returns the number of the combination and the position of the member, pair by pair.
        """
        starts, order = self.grouped(axes)
        group = flat_index(codes, [self.shape[axis] for axis in axes], count)
        first = starts[group]
        counts = starts[group + 1] - first
        ends = np.cumsum(counts, dtype=np.int32)
        total = int(ends[-1]) if count else 0
        combination = np.repeat(np.arange(count, dtype=np.int32), counts)
        position = np.arange(total, dtype=np.int32)
        position += np.repeat(first - (ends - counts), counts)
        return combination, position if order is None else order[position]

    def grouped(self, axes: tuple[int, ...]) -> tuple[Positions, Positions | None]:
        """Where the group of every combination in these dimensions starts, and the positions group by group.

        None instead of the positions where the members stand in that order already.
        """
        if axes not in self._groups:
            shape = [self.shape[axis] for axis in axes]
            key = flat_index([self.codes[axis] for axis in axes], shape, len(self))
            starts = np.zeros(prod(shape) + 1, dtype=np.int32)
            np.cumsum(np.bincount(key, minlength=prod(shape)), out=starts[1:])
            in_order = bool((key[1:] >= key[:-1]).all())
            self._groups[axes] = starts, None if in_order else _sorted_by(key, prod(shape))
        return self._groups[axes]

    def __getitem__(self, index: Any) -> Slice:
        return Slice(self, index if isinstance(index, tuple) else (index,))

    def construct(self, data: Any = None) -> None:
        """Nothing to do: the members are there."""
        self._constructed = True

    def __len__(self) -> int:
        return prod(self.shape) if self._codes is None else len(self._codes[0])

    def _iter_impl(self) -> Iterator[Any]:
        return (self.index(position) for position in range(len(self)))

    def get(self, value: Any, default: Any = None) -> Any:
        """The member itself, or the default where it is none; how Pyomo asks for membership."""
        labels = value if isinstance(value, tuple) else (value,)
        return value if len(labels) == len(self.shape) and self.position(labels) >= 0 else default

    def position(self, labels: tuple[Any, ...]) -> int:
        """The position of one member; ABSENT where it is none."""
        numbers = [d.number.get(label, ABSENT) for d, label in zip(self.dimensions, labels, strict=True)]
        return int(self.find([np.array([number]) for number in numbers])[0])


class Slice(FiniteScalarSet):  # type: ignore[misc]
    """The members of a set that agree with an index where it is not a colon; what stands at the colons varies."""

    def __init__(self, members: Members, index: tuple[Any, ...]) -> None:
        """Fix the dimensions that the index gives; the others are free."""
        if len(index) != len(members.dimensions):
            raise IndexError(f"{members.local_name} has the dimensions {', '.join(members.names)}, not {len(index)}")
        self.members, self.fixed = members, index
        self.free = tuple(axis for axis, part in enumerate(index) if part.__class__ is slice)
        self.bound = tuple(axis for axis, part in enumerate(index) if part.__class__ is not slice)
        super().__init__(dimen=len(self.free))
        self._constructed = True

    def _iter_impl(self) -> Iterator[Any]:
        members = self.members
        numbers = [members.dimensions[axis].number.get(pyo.value(self.fixed[axis]), ABSENT) for axis in self.bound]
        agree = np.ones(len(members), dtype=bool)
        for axis, number in zip(self.bound, numbers, strict=True):
            agree &= members.codes[axis] == number
        for position in np.flatnonzero(agree).tolist():
            labels = tuple(members.dimensions[axis].labels[members.codes[axis][position]] for axis in self.free)
            yield labels if len(labels) > 1 else labels[0]


def flat_index(codes: Sequence[npt.NDArray[Any]], shape: Sequence[int], length: int = 0) -> Positions:
    """Where combinations of numbers stand in an array of that shape; without any dimension, `length` times 0."""
    if not codes:
        return np.zeros(length, dtype=np.int32)
    flat: npt.NDArray[np.int64] = codes[0].astype(np.int32 if prod(shape) <= np.iinfo(np.int32).max else np.int64)
    for each, size in zip(codes[1:], shape[1:], strict=True):
        flat *= size
        flat += each
    return flat


def _sorted_by(key: Positions, groups: int) -> Positions:
    """Positions in the order of their keys, equal keys in their own order: a counting sort."""
    ones, each = np.ones(len(key), dtype=np.int8), np.arange(len(key) + 1, dtype=np.int32)
    one_each = sparse.csc_array((ones, key, each), (groups, len(key)))
    return np.asarray(one_each.tocsr().indices)


def members_of(dimensions: Sequence[Dimension], indices: Iterable[tuple[Any, ...]]) -> Members:
    """The members with these labels, for small sets that are easier to list than to mask."""
    listed = list(indices)
    codes = [
        np.array([dimension.number[index[axis]] for index in listed], dtype=np.int32)
        for axis, dimension in enumerate(dimensions)
    ]
    return Members(dimensions, codes)
