"""Putting words into the vault so that a power cut leaves nothing half said. All of it outside any transaction.

A concern: its row first, with the notices, so that the named persons hear of it whatever follows; then the words. Sent
again, what is missing is completed. A step: the words first, so that no state changes without its reason; words whose
step never came are nobody's, and are erased (``schedule.py``).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from betterwork.core.errors import BetterWorkError, WrongUse
from betterwork.foundation.access.queries import actor_called
from betterwork.foundation.vault.changing import Busy
from betterwork.foundation.vault.models import VaultItem
from betterwork.foundation.vault.services import vault_change, vault_put
from betterwork.modules.alerts.policy import VAULT_KIND
from betterwork.modules.alerts.queries import item_subject


class WordsWait(BetterWorkError):
    """The concern stands and was told; its words are not in the vault yet. Sent again, they will be."""


def words_put(
    *, actor: str, concern_id: str, item_id: str, openers: Iterable[str], words: str, at: datetime, again: bool
) -> None:
    """See to it that words lie in the vault under this id; done again it changes nothing.

    ``again``: where there are other words of hers under this id, these take their place. Raises :class:`WordsWait`
    while somebody else is at it; :class:`WrongUse` for an id that is somebody else's.
    """
    if not _there(actor, item_id):
        try:
            vault_put(
                actor=actor,
                kind=VAULT_KIND,
                subject=item_subject(concern_id),
                openers={actor, *openers},
                content={"words": words},
                item_id=item_id,
                at=at,
            )
        except Busy as error:
            if not _there(actor, item_id):
                raise WordsWait(
                    "What you wrote could not be put away yet: it is being sent from elsewhere at this moment. "
                    "Send it again."
                ) from error
        else:
            return
    if again:
        vault_change(actor=actor_called(actor, at), item_id=item_id, content={"words": words}, at=at)


def _there(actor: str, item_id: str) -> bool:
    found = VaultItem.objects.filter(pk=item_id).values_list("kind", "made_by").first()
    if found is not None and found != (VAULT_KIND, actor):
        raise WrongUse("this id belongs to something else: make a new one")
    return found is not None
