"""Whoever hides something under the instance's key brings it along when the key is changed."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.apps import apps

from betterwork.foundation.ledger.rotations import ROTATIONS


def hides_under_the_instance_key(file: Path) -> bool:
    """Whether a module takes ``wrap`` or ``instance_key`` from the ledger's ``instance_key``."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").endswith("ledger.instance_key"):
            return any(one.name == "wrap" for one in node.names)
    return False


@pytest.mark.capability("P2")
def test_every_room_that_hides_under_the_instance_key_brings_its_secrets_along() -> None:
    rooms = {
        config.label
        for config in apps.get_app_configs()
        if config.name.startswith("betterwork.") and config.label != "ledger"
        for file in Path(config.path).rglob("*.py")
        if "tests" not in file.parts and hides_under_the_instance_key(file)
    }
    assert rooms <= set(ROTATIONS), "call ledger.rotations.rotation_add in its contributions.py, by the room's name"
