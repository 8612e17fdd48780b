"""The headline facts and published levels counted again with pandas, from the rows of the export files alone."""

from __future__ import annotations

import pandas as pd

NEEDED = (
    "Country",
    "Factory.Assessed.ID",
    "Factory.Assessed.Name",
    "Quest.ID",
    "Assesment.Start.Date",
    "TQ.Name",
    "Question.ID",
    "Question.type",
    "Finding",
)
PAY = ("CMP-1", "CMP-6", "CMP-7")
HIV = tuple(f"DIS-4-0{number}" for number in range(1, 8))


class Programme:
    """Answers that count: compliance questions asked, of factories that are not obsolete, each row once."""

    def __init__(self, rows: pd.DataFrame) -> None:
        rows = rows[(rows["Question.type"] == "NCQ") & rows["Finding"].isin(["0", "1"])]
        rows = rows[~rows["Factory.Assessed.Name"].str.contains("(Obsolete)", regex=False)]
        rows = rows.drop_duplicates(["Country", "Quest.ID", "Question.ID"])
        rows = rows.rename(columns={"Country": "country", "Factory.Assessed.ID": "factory", "Quest.ID": "quest"})
        asked_in = rows.groupby("Question.ID")["TQ.Name"].nunique()
        codes = rows["Question.ID"]
        self.answers = pd.DataFrame(
            {
                "country": rows["country"],
                "factory": rows["factory"],
                "quest": rows["quest"],
                "day": pd.to_datetime(rows["Assesment.Start.Date"], format="%d/%m/%Y"),
                "code": codes,
                "point": codes.str.slice(0, 5),
                "found": (rows["Finding"] == "1").astype(int),
                "comparable": codes.map(asked_in) == 2,
            }
        )
        visits = self.answers[["country", "factory", "quest", "day"]].drop_duplicates().sort_values("day")
        grouped = visits.groupby(["country", "factory"])
        self.visits = visits.assign(begun=grouped["day"].transform("min"), number=grouped["quest"].transform("size"))
        self.first = grouped.head(1)
        self.last = grouped.tail(1)

    def point_findings(self, visits: pd.DataFrame, *, comparable: bool = False) -> pd.DataFrame:
        """One row per assessment and point: whether it is non-compliant."""
        answers = self.answers[self.answers["comparable"]] if comparable else self.answers
        chosen = answers.merge(visits[["country", "quest"]], on=["country", "quest"])
        return chosen.groupby(["country", "factory", "quest", "point"], as_index=False)["found"].max()

    def safety_ratio(self, *, singles: bool) -> pd.Series:
        """Per country: mean point rate of safety, latest over first assessment, on comparable questions."""
        keep = self.visits[(self.visits["number"] > 1) | singles]
        means = []
        for visits in (self.last, self.first):
            found = self.point_findings(visits[visits["quest"].isin(keep["quest"])], comparable=True)
            rates = found[found["point"].str.startswith("OSH")].groupby(["country", "point"])["found"].mean()
            means.append(rates.groupby("country").mean())
        return means[0] / means[1]

    def paid_in_full(self) -> pd.Series:
        """Per country: share of factories with two whole years whose latest assessment has no pay finding."""
        latest = self.last.merge(self.visits)
        latest = latest[latest["begun"] + pd.DateOffset(years=2) <= latest["day"]]
        found = self.point_findings(latest)
        return (
            1 - found[found["point"].isin(PAY)].groupby(["country", "factory"])["found"].max().groupby("country").mean()
        )

    def contracts_changed(self) -> pd.Series:
        """Per country: of factories non-compliant on contracts at first, the share compliant at the latest."""
        first, last = (self.point_findings(visits) for visits in (self.first, self.last))
        both = first.merge(last, on=["country", "factory", "point"], suffixes=("_first", "_last"))
        both = both[(both["point"] == "CHR-1") & (both["found_first"] == 1)]
        return 1 - both.groupby("country")["found_last"].mean()

    def hiv_findings(self) -> pd.DataFrame:
        """Per country: assessments with a finding on HIV, in latest ones and in those before."""
        hiv = self.answers[self.answers["code"].isin(HIV) & (self.answers["found"] == 1)]
        hiv = hiv.assign(latest=hiv["quest"].isin(self.last["quest"]))
        counted = hiv.groupby(["country", "latest"])["quest"].nunique().unstack(fill_value=0)
        return counted.rename(columns={True: "latest", False: "before"})

    def share(self, country: str, start: object, end: object, column: str, code: str) -> tuple[int, float]:
        """Number of latest assessments in the window that were asked, and the share with any finding."""
        inside = self.visits[(self.visits["country"] == country) & self.visits["day"].between(str(start), str(end))]
        latest = inside.groupby("factory").tail(1)
        answers = self.answers[self.answers["quest"].isin(latest["quest"]) & (self.answers["country"] == country)]
        if column == "cluster":
            answers = answers.assign(cluster=answers["code"].str.slice(0, 3))
        found = answers[answers[column] == code].groupby("quest")["found"].max()
        return len(found), float(found.mean())
