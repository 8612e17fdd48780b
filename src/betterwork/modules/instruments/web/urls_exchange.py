"""Addresses of files, of the difference of versions and of the register of law."""

from __future__ import annotations

from django.urls import path

from betterwork.modules.instruments.web import difference, exchange, law

_DRAFT = "drafts/<str:draft>/"
exchange_urlpatterns = [
    path("law/", law.law, name="law"),
    path("law/new/", law.law_add, name="law_add"),
    path("law/<str:reference>/", law.law_article, name="law_article"),
    path("law/<str:reference>/change/", law.law_change, name="law_change"),
    path("law/<str:reference>/repeal/", law.law_repeal, name="law_repeal"),
    path("submitted/<str:draft>/difference/", difference.draft_difference_body, name="draft_difference_body"),
    path(f"{_DRAFT}difference/", difference.draft_difference, name="draft_difference"),
    path(f"{_DRAFT}import/", exchange.draft_import, name="draft_import"),
    path(f"{_DRAFT}file/<str:form>/", exchange.draft_file_page, name="draft_file"),
    path("<str:tool>/difference/", difference.difference_choose, name="difference_choose"),
    path("<str:tool>/difference/<str:older>/<str:newer>/", difference.difference_page, name="difference"),
    path("<str:tool>/versions/<str:version>/file/<str:form>/", exchange.version_file, name="version_file"),
]
for _one in exchange_urlpatterns:
    _told = _one.callback.__module__ == difference.__name__
    _one.callback.help = (  # type: ignore[attr-defined]
        "algorithms/difference-of-versions" if _told else "how-to/exchange-a-tool"
    )
