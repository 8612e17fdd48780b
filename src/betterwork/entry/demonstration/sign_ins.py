"""Who can sign in to the demonstration: one person for each role. SIMULATED: nobody here exists."""

from __future__ import annotations

from dataclasses import dataclass

DOMAIN = "demo.example"
PASS_PHRASE = "rivers meet below the mill"  # noqa: S105 - of simulated people in a home marked as simulated


@dataclass(frozen=True, slots=True)
class SignIn:
    """A person of the demonstration: what she is, over what, and what to try signed in as her."""

    word: str
    name: str
    role: str
    scope: str
    try_this: str
    language: str = "en"

    @property
    def email(self) -> str:
        """Her address, in a domain that can never exist."""
        return f"{self.word}@{DOMAIN}"


FIRST, SECOND = "geneva", "geneva.second"
"""The two who run the programme: the operator gives them their roles, they give and confirm all others."""

SIGN_INS = (
    SignIn(FIRST, "Simulated Programme Lead", "global-staff", "world", "give a role, see who has access, the jobs"),
    SignIn(SECOND, "Simulated Second Lead", "global-staff", "world", "confirm what the first lead gave"),
    SignIn("analyst", "Simulated Analyst", "analyst", "world", "the list of all factories and its download"),
    SignIn(
        "manager.vietnam",
        "Simulated Manager, Viet Nam",
        "country-manager",
        "country:VN",
        "call the committee, submit the draft",
    ),
    SignIn("manager.jordan", "Simulated Manager, Jordan", "country-manager", "country:JO", "the same in Arabic", "ar"),
    SignIn("leader.vietnam", "Simulated Team Leader", "team-leader", "country:VN", "the plan of visits, the draft"),
    SignIn("advisor.vietnam", "Simulated Advisor One", "advisor", "country:VN", "take her visit along: /capture/"),
    SignIn("partner.vietnam", "Simulated Advisor Two", "advisor", "country:VN", "the same, in Vietnamese", "vi"),
    SignIn("advisor.cambodia", "Simulated Advisor Three", "advisor", "country:KH", "pages in Khmer", "km"),
    SignIn("advisor.bangladesh", "Simulated Advisor Four", "advisor", "country:BD", "pages in Bangla", "bn"),
    SignIn(
        "government", "Simulated Ministry", "government-representative", "country:VN", "her committee, which she chairs"
    ),
    SignIn("employers", "Simulated Employers", "employers-representative", "country:VN", "what she may not see: 404"),
    SignIn("workers", "Simulated Union", "workers-representative", "country:VN", "the figures of her country"),
    SignIn("factory", "Simulated Factory Manager", "factory-manager", "factory:{factory}", "her own factory, no other"),
    SignIn("committee", "Simulated Committee Member", "committee-member", "factory:{factory}", "her own account"),
    SignIn("buyer", "Simulated Buyer", "buyer", "organisation:simulated-buyer", "that nothing is released to her yet"),
    SignIn("inspector", "Simulated Inspector", "inspector", "country:VN", "her own account, with a second step"),
    SignIn("researcher", "Simulated Researcher", "researcher", "world", "her own account"),
    SignIn("custodian", "Simulated Custodian", "survey-custodian", "world", "that she sees no programme data"),
    SignIn("donor", "Simulated Donor", "donor", "organisation:simulated-donor", "her own account"),
    SignIn("auditor", "Simulated Auditor", "auditor", "world", "the trail: who did what, who saw what"),
)
