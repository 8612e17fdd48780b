"""Devices, a bad network and a server that dies: whatever happens, all of them end equal."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict

import pytest
from conftest import HEAVY

from betterwork.core.capture.tests.memory_server import MemoryServer
from betterwork.core.capture.tests.simulation import run

pytestmark = pytest.mark.capability("C2")

SCHEDULES = 1_000 if HEAVY else 150


def test_after_any_schedule_devices_and_server_are_equal_and_nothing_is_lost_or_doubled() -> None:
    happened: Counter[str] = Counter()
    for seed in range(SCHEDULES):
        happened.update(asdict(run(seed, MemoryServer())))
    for what in ("written", "refused", "conflicts", "deaths", "server_deaths", "dropped", "doubled"):
        assert happened[what] > SCHEDULES // 20, f"hardly any {what}: the schedules do not try it"


@pytest.mark.parametrize("fault", ["commits late", "counts twice", "loses one"])
def test_a_server_with_a_fault_is_found_out(fault: str) -> None:
    with pytest.raises(AssertionError):
        for seed in range(200):
            run(seed, MemoryServer(fault=fault))


@pytest.mark.parametrize("fault", ["number first", "forgets first"])
def test_a_device_that_writes_in_the_wrong_order_is_found_out(fault: str) -> None:
    with pytest.raises(AssertionError):
        for seed in range(400):
            run(seed, MemoryServer(), device_fault=fault)


def test_a_schedule_is_the_same_again_from_its_seed() -> None:
    assert run(7, MemoryServer()) == run(7, MemoryServer())
