"""The description of the API (OpenAPI 3.1): what all operations have in common is said once, here."""

from __future__ import annotations

import re
from typing import Any

from ninja.openapi.schema import REF_TEMPLATE, OpenAPISchema
from ninja.operation import Operation

from betterwork.foundation.api.once import AGAIN, HEADER, LONGEST
from betterwork.foundation.api.problems import DETAILS, KIND, ProblemShape
from betterwork.foundation.doors.operations import SAFE
from betterwork.foundation.doors.pages import Door

BEARER, COOKIE = "token", "session"
_ALWAYS = (400, 404, 405, 422, 429, 500, 503)
_WRITING = (403, 409, 413, 415)
_INT = re.compile(r"{int:(\w+)}")

_COUNT = {"type": "string", "examples": ['"minute";r=599;t=60']}
HEADERS: dict[str, Any] = {
    "RateLimit": {"description": "What is left of this minute.", "schema": _COUNT},
    "RateLimit-Policy": {
        "description": "How much may be asked for in how many seconds.",
        "schema": {"type": "string", "examples": ['"minute";q=600;w=60']},
    },
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}},
    "WWW-Authenticate": {"description": "How to say who asks.", "schema": {"type": "string"}},
    "Allow": {"description": "The methods of this address.", "schema": {"type": "string"}},
    "ETag": {"description": "Send it back as If-None-Match.", "schema": {"type": "string"}},
    "X-Request-Number": {"description": "The request's number in the log.", "schema": {"type": "string"}},
    AGAIN: {"description": "true: this answer was given before.", "schema": {"type": "string", "enum": ["true"]}},
}
_OF_PROBLEM = {401: ("WWW-Authenticate",), 405: ("Allow",), 429: ("Retry-After", "RateLimit"), 503: ("Retry-After",)}

_KEY = {
    "in": "header",
    "name": HEADER,
    "required": False,
    "description": "A word of your own for this request. Sent again with it, the request is done once and answered the "
    "same. Kept for a day.",
    "schema": {"type": "string", "maxLength": LONGEST, "pattern": "^[!-~]*$"},
    "example": "0193f2a4-import-17",
}


class Description(OpenAPISchema):
    """Ninja's description with security, problems, headers and keys."""

    def operation_details(self, operation: Operation) -> dict[str, Any]:
        """One operation, with what may go wrong and who may ask."""
        found: dict[str, Any] = super().operation_details(operation)
        door: Door = operation.view_func.door  # type: ignore[attr-defined]
        writes = not SAFE.issuperset(operation.methods)
        _paths_typed(found, operation.path)
        _responses_described(found, door, writes)
        found["description"] = f"{found.get('description', '').strip()}\n\nWho may: {door.policy.says}".strip()
        found["security"] = [{BEARER: []}, {COOKIE: []}, *([{}] if door.policy.open_to_strangers else [])]
        if writes and not getattr(operation.view_func, "commits_itself", False):
            found["parameters"].append(dict(_KEY))
        return found

    def get_components(self) -> dict[str, Any]:
        """Shapes, problems, headers, ways to say who asks."""
        problem = ProblemShape.model_json_schema(ref_template=REF_TEMPLATE, mode="serialization")
        self.add_schema_definitions(problem.pop("$defs"))
        self.schemas["Problem"] = problem
        found: dict[str, Any] = super().get_components()
        found["headers"] = HEADERS
        found["responses"] = {_name(status): _problem(status) for status in sorted(DETAILS)}
        found["securitySchemes"] = {
            BEARER: {
                "type": "http",
                "scheme": "bearer",
                "description": "A token made under “Your account”: it reaches what you reach now, within its scope.",
            },
            COOKIE: {
                "type": "apiKey",
                "in": "cookie",
                "name": "sessionid",
                "description": "A browser that is signed in. What changes something needs the header X-CSRFToken too.",
            },
        }
        return found


def _paths_typed(found: dict[str, Any], path: str) -> None:
    numbers = set(_INT.findall(path))
    for one in found["parameters"]:
        if one["in"] == "path":
            kind = {"type": "integer", "minimum": 0, "maximum": 2**63 - 1} if one["name"] in numbers else None
            one["schema"] = {**one["schema"], **(kind or {"type": one["schema"].get("type", "string"), "minLength": 1})}


def _responses_described(found: dict[str, Any], door: Door, writes: bool) -> None:
    found["responses"] = {str(status): answer for status, answer in found["responses"].items()}
    named = ["RateLimit", "RateLimit-Policy", "X-Request-Number", *([AGAIN] if writes else ["ETag"])]
    for answer in found["responses"].values():
        answer["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in named}
    if not writes:
        found["responses"]["304"] = {"description": "What you have is what there is (If-None-Match)."}
    stranger = () if door.policy.open_to_strangers else (401, 403)
    for status in sorted({*_ALWAYS, *stranger, *(_WRITING if writes else ()), 401}):
        found["responses"].setdefault(str(status), {"$ref": f"#/components/responses/{_name(status)}"})


def _name(status: int) -> str:
    return f"Problem{status}"


def _problem(status: int) -> dict[str, Any]:
    from http import HTTPStatus

    title = HTTPStatus(status).phrase
    example = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": DETAILS[status],
        "request": "019a0b1c2d3e4f50",
        "faults": [{"where": "query.limit", "what": "Input should be less than or equal to 200"}]
        if status == 422
        else [],
    }
    return {
        "description": DETAILS[status],
        "content": {KIND: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}},
        "headers": {
            name: {"$ref": f"#/components/headers/{name}"}
            for name in ("X-Request-Number", *_OF_PROBLEM.get(status, ()))
        },
    }
