"""Errors a person can act on. The command line prints the message alone and never a traceback."""


class BetterWorkError(Exception):
    """Something the user can mend; the message says what is wrong and what to do. Exit status 1."""


class WrongUse(BetterWorkError):
    """The request itself is wrong (an unknown name, an impossible window). Exit status 2."""
