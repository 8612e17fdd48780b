"""``python -m tests.trust`` writes docs/reference/access-matrix.md anew, from what the platform answers."""

from __future__ import annotations

import os
import sys

import pytest

os.environ["WRITE_ACCESS_MATRIX"] = "1"
sys.exit(
    pytest.main(["-q", "-n", "0", "-p", "no:cacheprovider", "tests/trust/test_access_matrix.py", "-k", "committed"])
)
