"""The words that every language must have: a person must find her way in, around and out again."""

from __future__ import annotations

NAVIGATION = (
    "Home",
    "Help",
    "Menu",
    "Main menu",
    "Search",
    "Notices",
    "Language",
    "Skip to the content",
    "Previous",
    "Next",
    "Page",
    "Show",
    "Show all",
    "All",
    "To do",
    "Factories",
    "People",
    "Trail",
    "What is recorded of you",
    "Nothing found",
    "Where you are signed in",
)
SIGN_IN = (
    "Password",
    "Email address",
    "New password",
    "Second factor",
    "Sign out",
    "This field is required.",
    "This address and this password do not belong together. Look at both once more.",
    "This code is not right, or it is too old. Use the newest one.",
    "Too many tries. Wait a few minutes, then try again.",
    "Set up your second step",
)
PUBLIC = (
    "Better Work",
    "Better Work, a programme of the ILO and the IFC",
    "SIMULATED",
    "No factory and no person here is real.",
    "This page is not here",
    "You may not do this",
    "Something went wrong on our side",
    "We will be back shortly",
    "Go to the start",
    "Try again in a few minutes.",
)

MUST: tuple[str, ...] = (*NAVIGATION, *SIGN_IN, *PUBLIC)
