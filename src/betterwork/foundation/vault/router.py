"""Which database a table lives in: the vault's tables in the vault, everything else outside it."""

from typing import Any

VAULT = "vault"


class VaultRouter:
    """The room "vault" goes to the database "vault" and nowhere else; nothing else goes there."""

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        """The vault for its own models; no opinion about others."""
        return VAULT if model._meta.app_label == VAULT else None

    def db_for_write(self, model: Any, **hints: Any) -> str | None:
        """The vault for its own models; no opinion about others."""
        return VAULT if model._meta.app_label == VAULT else None

    def allow_relation(self, first: Any, second: Any, **hints: Any) -> bool | None:
        """No key may cross the wall: a relation has both ends inside or both outside."""
        inside = {first._meta.app_label == VAULT, second._meta.app_label == VAULT}
        return None if inside == {False} else len(inside) == 1

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        """Tables of the vault are made in the vault only, and no other table is made there."""
        if db == VAULT or app_label == VAULT:
            return db == VAULT and app_label == VAULT
        return None
