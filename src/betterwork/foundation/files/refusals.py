"""Refusing a file, in words that say what to do."""

from __future__ import annotations

from typing import Any

from betterwork.core.errors import WrongUse


class FileRefused(WrongUse):
    """This file is not taken. The message, in the reader's language, says why and what would do."""

    def __init__(self, words: Any) -> None:
        super().__init__(str(words))
