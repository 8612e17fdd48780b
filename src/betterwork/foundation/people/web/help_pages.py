"""Which page of help belongs to which page of accounts, allauth's among them."""

from __future__ import annotations

from importlib import import_module

_SIGN_IN, _INVITE, _LEAVE = "how-to/sign-in", "how-to/invite-people", "how-to/let-people-leave"
_KEPT = "explanation/what-is-kept-of-a-person"
_OURS = "betterwork.foundation.people.web"
HELP: dict[str, dict[str, str]] = {
    f"{_OURS}.joining": {_SIGN_IN: "join"},
    f"{_OURS}.me": {_SIGN_IN: "me", _KEPT: "me_kept"},
    f"{_OURS}.people": {_INVITE: "people invite person", _LEAVE: "leave invite_back"},
    f"{_OURS}.registering": {_INVITE: "registrations", _SIGN_IN: "register registered"},
    "allauth.account.views": {
        _SIGN_IN: "login logout signup account_inactive reauthenticate email email_verification_sent password_change "
        "password_set password_reset password_reset_done password_reset_from_key password_reset_from_key_done"
    },
    "allauth.mfa.base.views": {_SIGN_IN: "authenticate reauthenticate index"},
    "allauth.mfa.totp.views": {_SIGN_IN: "activate_totp deactivate_totp"},
    "allauth.mfa.recovery_codes.views": {_SIGN_IN: "view_recovery_codes generate_recovery_codes"},
    "allauth.mfa.webauthn.views": {
        _SIGN_IN: "add_webauthn list_webauthn edit_webauthn remove_webauthn reauthenticate_webauthn"
    },
    "allauth.usersessions.views": {_SIGN_IN: "list_usersessions"},
}
"""module → page of help → its views."""


def helps_set() -> None:
    """Tell each view its page of help, as the shell asks for it."""
    for module, pages in HELP.items():
        for page, views in pages.items():
            for name in views.split():
                view = getattr(import_module(module), name)
                view.help = page
