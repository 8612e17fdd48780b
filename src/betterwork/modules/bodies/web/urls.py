"""Addresses of committees."""

from __future__ import annotations

from django.urls import path

from betterwork.modules.bodies.web import bodies, decisions, meetings, members, records

PREFIX = "committees/"
urlpatterns = [
    path("", bodies.bodies, name="bodies"),
    path("mine/", bodies.bodies_own, name="bodies_own"),
    path("new/", bodies.found, name="found"),
    path("agreements/", records.agreements, name="agreements"),
    path("agreements/new/", records.agreement_add, name="agreement_add"),
    path("agreements/<str:agreement>/end/", records.agreement_over, name="agreement_end"),
    path("governing-body/", records.remarks, name="remarks"),
    path("governing-body/new/", records.remark_add, name="remark_add"),
    path("governing-body/<str:remark>/follow/", records.remark_follow, name="remark_follow"),
    path("follow-up/<str:follow_up>/", decisions.follow_up, name="follow_up"),
    path("members/<str:member>/end/", members.end, name="member_end"),
    path("meetings/<str:meeting>/", meetings.meeting, name="meeting"),
    path("meetings/<str:meeting>/present/", meetings.attendance, name="attendance"),
    path("meetings/<str:meeting>/item/", meetings.item, name="item"),
    path("items/<str:item>/off/", meetings.item_off, name="item_off"),
    path("meetings/<str:meeting>/paper/", meetings.paper, name="paper"),
    path("meetings/<str:meeting>/decide/", decisions.decide, name="decide"),
    path("meetings/<str:meeting>/cancel/", meetings.cancel, name="cancel"),
    path("meetings/<str:meeting>/minutes/", meetings.minutes, name="minutes"),
    path("meetings/<str:meeting>/minutes/write/", meetings.write, name="minutes_write"),
    path("meetings/<str:meeting>/minutes/adopt/", meetings.adopt, name="minutes_adopt"),
    path("mine/meetings/<str:meeting>/", meetings.meeting_own, name="meeting_own"),
    path("mine/meetings/<str:meeting>/minutes/", meetings.minutes_own, name="minutes_own"),
    path("decisions/<str:decision>/", decisions.decision, name="decision"),
    path("decisions/<str:decision>/answer/", decisions.answer, name="answer"),
    path("decisions/<str:decision>/follow/", decisions.follow, name="follow"),
    path("mine/decisions/<str:decision>/", decisions.decision_own, name="decision_own"),
    path("<str:body>/", bodies.body, name="body"),
    path("<str:body>/rules/", bodies.rules, name="rules"),
    path("<str:body>/close/", bodies.close, name="close"),
    path("<str:body>/seat/", members.seat, name="seat"),
    path("<str:body>/chair/", members.chair, name="chair"),
    path("<str:body>/call/", meetings.call, name="call"),
    path("mine/<str:body>/", bodies.body_own, name="body_own"),
]

_MEETING = (
    *(meetings.meeting, meetings.meeting_own, meetings.call, meetings.paper, meetings.cancel, meetings.write),
    *(meetings.adopt, meetings.minutes, meetings.minutes_own, decisions.decide, decisions.decision),
    *(decisions.answer, decisions.follow, decisions.follow_up, decisions.decision_own, meetings.attendance),
    *(meetings.item, meetings.item_off),
)
_WHO = (
    *(bodies.bodies, bodies.bodies_own, bodies.body, bodies.body_own, bodies.found, bodies.rules, bodies.close),
    *(members.seat, members.end, members.chair),
    *(records.agreements, records.agreement_add, records.agreement_over),
    *(records.remarks, records.remark_add, records.remark_follow),
)
for _name, _views in {"how-to/hold-a-committee-meeting": _MEETING, "explanation/who-decides": _WHO}.items():
    for _view in _views:
        _view.help = _name  # type: ignore[attr-defined]
