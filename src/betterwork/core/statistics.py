"""Wilson's interval of a share and McNemar's exact test of paired changes.

What an interval means here: the members of a programme are all assessed, so a share of them is
no sample and has no sampling error. The interval speaks of the process behind the share (what
might have been found with the same conduct) or of factories like these; see
``docs/algorithms/wilson-interval.md``.
"""

from __future__ import annotations

from functools import lru_cache
from math import isfinite, nan, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray


@lru_cache(maxsize=32)
def normal_quantile(confidence: float) -> float:
    """The z of a two-sided interval: 1.959964 for 0.95. Raises ValueError outside 0 < confidence < 1."""
    if not (isfinite(confidence) and 0 < confidence < 1):
        raise ValueError(f"confidence lies between 0 and 1, not at {confidence!r}")
    return NormalDist().inv_cdf(0.5 + confidence / 2)


def wilson_interval(successes: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """Wilson's score interval of the share ``successes / n``, as fractions 0 to 1, without continuity correction.

    Exactly 0 at the lower end when nothing was found, exactly 1 at the upper end when everything was.
    Nothing asked (``n`` 0) has no interval: (nan, nan), which tables leave empty.
    Raises ValueError when the counts cannot be (negative, or more found than asked).

    Source: Wilson (1927), Journal of the American Statistical Association 22, 209-212;
    method 3 of Newcombe (1998), Statistics in Medicine 17, 857-872.
    """
    if not 0 <= successes <= n:
        raise ValueError(f"{successes!r} of {n!r} cannot be: found lies between 0 and asked")
    if n == 0:
        return nan, nan
    z = normal_quantile(confidence)
    spread = z * sqrt(z * z + 4 * successes * (n - successes) / n)
    high = (2 * successes + z * z + spread) / (2 * (n + z * z))
    # The two ends are the roots of one quadratic; the lower one by their product, which loses no
    # digits where both terms of the usual difference are nearly equal.
    low = successes / n * (successes / (n + z * z)) / high
    return low, 1.0 if successes == n else high


def wilson_intervals(
    successes: ArrayLike, n: ArrayLike, confidence: float = 0.95
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """As :func:`wilson_interval` for arrays of one shape (or that broadcast to one): (low, high).

    Raises ValueError when any pair of counts cannot be.
    """
    found, asked = np.broadcast_arrays(np.asarray(successes, dtype=np.float64), np.asarray(n, dtype=np.float64))
    if not bool(np.all((found >= 0) & (found <= asked))):
        raise ValueError("found lies between 0 and asked in every row")
    z = normal_quantile(confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = z * np.sqrt(z * z + 4 * found * (asked - found) / asked)
        high = (2 * found + z * z + spread) / (2 * (asked + z * z))
        low = found / asked * (found / (asked + z * z)) / high
    nothing = asked == 0
    low = np.where(nothing, np.nan, low)
    high = np.where(nothing, np.nan, np.where(found == asked, 1.0, high))
    return low, high


@lru_cache(maxsize=4096)
def mcnemar_exact(fixed: int, relapsed: int) -> float:
    """The two-sided p-value of McNemar's exact test: could as one-sided a change be chance alone?

    ``fixed`` factories went from non-compliant to compliant, ``relapsed`` the other way. Were both
    equally likely, ``fixed`` would be binomial with one half; p is twice the smaller tail, at most 1,
    and 1.0 when nothing changed. Whole numbers are used up to the last division, so p is the float
    nearest to the exact value for any count. Raises ValueError when a count is negative.

    Source: McNemar (1947), Psychometrika 12, 153-157, in its exact (binomial) form.
    """
    if fixed < 0 or relapsed < 0:
        raise ValueError(f"counts of factories are not negative: {fixed!r}, {relapsed!r}")
    if fixed == relapsed:  # the two tails share the middle term, so twice one of them is more than 1
        return 1.0
    changed, fewer = fixed + relapsed, min(fixed, relapsed)
    tail = ways = 1
    for k in range(fewer):
        ways = ways * (changed - k) // (k + 1)
        tail += ways
    return 2 * tail / (1 << changed)
