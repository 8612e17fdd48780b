"""The fixed words of the report: what things mean, how they are counted, what they do not say."""

from __future__ import annotations

from betterwork.modules.reports import words
from betterwork.modules.reports.values import SafeReport

SIMULATED_NOTICE = (
    "Simulated data. Every factory and every finding in this report is invented. "
    "It shows what a report looks like and says nothing about any country."
)
SIMULATED_SHORT = "SIMULATED DATA – no real factory, no real finding"

ROUNDED_DIFFERENCES = (
    "Differences are taken before rounding: one may differ by a percentage point from the rounded shares beside it."
)
SHARE_OF_A_QUESTION = "Share = factories whose answer is not in compliance"
PUBLISHED_BESIDE_SIMULATED = (
    "The simulated data were made to come near the published figures: that the two columns agree says nothing about "
    "how well the platform counts, and nothing about any factory."
)

READING_A_SHARE = (
    "A factory is asked about 250 questions. Questions on one subject make up a compliance point, and points a "
    "cluster. A finding means that the factory was not in compliance on that question; one finding is enough for the "
    "factory to be not in compliance with the point. A bar is the share of factories that were not in compliance, "
    "with the number of factories behind it: 166/193 means 166 of the 193 factories that were asked. Shorter is better."
)


def definitions(report: SafeReport) -> tuple[tuple[str, str], ...]:
    """What each word and number of the report means."""
    minimum = report.frame.minimum_group
    return (
        (
            "Which assessment counts",
            "One per factory: its latest that began inside the period. Latest is by start date; where two began on the "
            "same day the higher cycle, then the larger number of the questionnaire. Records marked obsolete are left "
            "out.",
        ),
        (
            "Question",
            "Not in compliance: factories where the question is a finding, among those asked. A question that does not "
            "apply, was not assessed or has no answer was not asked, and is in no base.",
        ),
        (
            "Compliance point",
            "A group of questions on one subject. A factory is not in compliance with a point when at least one of its "
            "questions is a finding. A point of which no question was asked was not asked.",
        ),
        (
            "Cluster",
            "A group of points. Two readings, never mixed: the share of factories with a finding on any point of the "
            "cluster, and the mean of the points' shares.",
        ),
        (
            "Improvement",
            "For factories asked both times: share not in compliance before, less share now, in percentage points. A "
            "plus is better. Before is the factory's assessment before the counted one, whenever that was. Reports of "
            "the programme call this compliance effort.",
        ),
        (
            "Balanced panel",
            "Factories that have every cycle from the first to the last one shown, so that each cycle speaks of the "
            "same factories. Only questions that every version of the tool asks are compared.",
        ),
        (
            "Years in the programme",
            "Whole years from a factory's first assessment to the counted one.",
        ),
        (
            "95 % interval",
            "Wilson's interval. Factories of the programme are not a sample: all of them are assessed, and the share "
            "is the share. The interval means something only to a reader who takes these factories as one draw from a "
            "wider process, for example what might have been found in other months.",
        ),
        (
            "Withheld",
            f"{words.withheld_rule(minimum)} The rule: {report.frame.minimum_source}.",
        ),
        (
            "Rounding",
            "Shares are rounded to whole per cent here; the tables that come with the report hold them unrounded. "
            "Differences are taken before rounding and may differ by one percentage point from the rounded shares: "
            "from 26 % to 29 % can be a difference of 2 points.",
        ),
    )


LIMITS = (
    "An assessment lasts about two days. Some breaches, above all of core labour standards, are hard to find in that "
    "time: that nothing was found is no proof that nothing happens.",
    "Findings speak of the employer's conduct, not of the country's law. Where the law is silent, the tool sets a "
    "benchmark and says so.",
    "Compare countries with care: laws differ, and so does what counts as a finding.",
    "Change between assessments is not yet effect: the report does not say what caused it.",
    "Groups by years in the programme hold different factories; they do not follow the same ones.",
    "A factory that leaves the programme or closes is no longer counted, and may have differed from those that stay.",
)


def provenance(report: SafeReport) -> tuple[tuple[str, str], ...]:
    """What names the data and makes the report again."""
    snapshot = report.frame.snapshot
    return (
        ("Snapshot", f"{snapshot.name or 'current'}: {words.plural(snapshot.documents, 'sealed document')}"),
        ("Digest of the snapshot", snapshot.digest),
        ("Latest document sealed", snapshot.taken_at.replace("T", " ").replace("+00:00", "Z").replace("Z", " UTC")),
        ("Code version", snapshot.code_version),
        (
            "Made again",
            "The same snapshot, code and parameters give the same bytes of every file. manifest.json holds them, with "
            "a SHA-256 of each file.",
        ),
    )
