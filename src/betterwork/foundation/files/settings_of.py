"""What the settings say of files."""

from __future__ import annotations

from django.conf import settings
from django.core.files.storage import Storage, storages

from betterwork.foundation.ledger import keys

_MB = 1_000_000


def size_limit() -> int:
    """The most bytes a file may have, as it is given (setting FILES_LIMIT_MB)."""
    return int(getattr(settings, "FILES_LIMIT_MB", 20)) * _MB


def files_key() -> bytes | None:
    """The key under which files are stored (setting FILES_KEY); None where they are stored as they are.

    Raises WrongUse for a setting that holds no key.
    """
    return keys.key_read(getattr(settings, "FILES_KEY", ""), "FILES_KEY")


def files_storage() -> Storage:
    """Where files lie: a folder, or a service by setting."""
    return storages["files"]
