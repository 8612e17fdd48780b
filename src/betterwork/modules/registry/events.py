"""What happens in the register, told to other rooms: opaque ids alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class FactoryRegistered:
    """A factory stands in the register for the first time."""

    NAME: ClassVar[str] = "registry.factory.registered"
    factory: int


@dataclass(frozen=True, slots=True)
class FactoryChanged:
    """Something of a factory changed: ``what`` is the kind of it (name, site, ownership, workforce, …)."""

    NAME: ClassVar[str] = "registry.factory.changed"
    factory: int
    what: str


@dataclass(frozen=True, slots=True)
class FactoriesMerged:
    """One record was merged into another."""

    NAME: ClassVar[str] = "registry.factories.merged"
    merge: str
    kept: int
    gone: int


@dataclass(frozen=True, slots=True)
class FactoriesUnmerged:
    """A merge was undone: both records stand as they were."""

    NAME: ClassVar[str] = "registry.factories.unmerged"
    merge: str
    kept: int
    gone: int
