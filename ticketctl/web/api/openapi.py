"""The description of the API (OpenAPI 3.1), made of the routes and of the structs that their requests are read into."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from flask import Blueprint, Flask, Response, current_app, jsonify

from ticketctl import __version__
from ticketctl.web.api.bodies import ListAsked
from ticketctl.web.doors import door, door_of, needs_of

description = Blueprint("api_description", __name__)
Json = dict[str, Any]
PROBLEMS = {
    "400": "It could not be read",
    "401": "No key, or one that is not good",
    "403": "The key or its agent may not",
    "404": "There is no such ticket or file",
    "409": "The ticket's state does not allow it, or something is to be accepted first (`objections`)",
    "412": "The ticket was changed since the revision in If-Match",
    "413": "It is too large",
    "415": "It is no application/json",
    "422": "Something in it is not right",
    "429": "Too many requests; Retry-After says when",
    "503": "Another run has the desk; Retry-After says when",
}
_OBJECT: Json = {"type": "object", "additionalProperties": True}
ANSWERS: dict[str, Json] = {
    "Changed": {
        "type": "object",
        "properties": {"ticket": {"type": "integer"}, "revision": {"type": "integer"}},
        "required": ["ticket", "revision"],
    },
    "Ticket": _OBJECT
    | {
        "properties": {"number": {"type": "integer"}, "subject": {"type": "string"}, "messages": {"type": "array"}},
        "required": ["number", "subject", "messages"],
    },
    "Tickets": {
        "type": "object",
        "properties": {"tickets": {"type": "array", "items": _OBJECT}, "next": {"type": ["string", "null"]}},
        "required": ["tickets", "next"],
    },
    "Problem": {
        "type": "object",
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "code": {"type": "string"},
            "objections": {"type": "array", "items": _OBJECT},
        },
        "required": ["type", "title", "status"],
    },
}
_HEADERS: list[Json] = [
    {"name": "If-Match", "in": "header", "schema": {"type": "string", "pattern": '^("[0-9]{1,9}"|\\*)$'}},
    {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"}},
]


@description.get("/api/openapi.json")
@door("public")
def openapi() -> Response:
    """What the API can do, for programs that read it; nothing of the desk is in it."""
    return jsonify(described(current_app))


def described(app: Flask) -> Json:
    """`app` has all routes."""
    rules = [rule for rule in app.url_map.iter_rules() if door_of(app, rule.endpoint) == "api"]
    views = {one.endpoint: getattr(app.view_functions[one.endpoint], "operation") for one in rules}  # noqa: B009
    structs = sorted({view[1] for view in views.values() if view[1]}, key=lambda one: one.__name__)
    _, schemas = msgspec.json.schema_components([*structs, ListAsked], ref_template="#/components/schemas/{name}")
    asked = schemas.pop("ListAsked")
    paths: dict[str, Json] = {}
    for rule in rules:
        path = re.sub(r"<(?:[^:<>]+:)?(\w+)>", r"{\1}", rule.rule)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            needs = needs_of(app, rule.endpoint)
            paths.setdefault(path, {})[method.lower()] = _operation(
                rule.endpoint, path, views[rule.endpoint], asked, needs
            )
    return {
        "openapi": "3.1.0",
        "info": {"title": "ticketctl", "version": __version__, "description": "docs/api.md explains it."},
        "security": [{"key": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": {**schemas, **ANSWERS},
        },
    }


def _operation(endpoint: str, path: str, view: tuple[str, Any, str, int], asked: Json, needs: str) -> Json:
    summary, body, answers, status = view
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    parameters = [_in_path(name) for name in re.findall(r"{(\w+)}", path)]
    if answers == "Tickets":
        parameters += _in_query(asked)
    if body is not None:
        parameters += _HEADERS
    found: Json = {
        "operationId": endpoint.replace(".", "_"),
        "summary": summary,
        "description": f"The key needs the scope {' or '.join(needs.split())}.",
        "parameters": parameters,
        "responses": {
            str(status): _answer(answers),
            **({"304": {"description": "Not changed"}} if answers == "Ticket" else {}),
            **{code: {"description": text, "content": problem} for code, text in PROBLEMS.items()},
        },
    }
    if body is not None:
        schema = {"$ref": f"#/components/schemas/{body.__name__}"}
        found["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return found


def _answer(answers: str) -> Json:
    if answers == "File":
        return {"description": "The file", "content": {"application/octet-stream": {}}}
    schema = {"$ref": f"#/components/schemas/{answers}"}
    return {"description": answers, "content": {"application/json": {"schema": schema}}}


def _in_path(name: str) -> Json:
    number = {"type": "integer", "minimum": 1, "maximum": 999_999_999}
    schema = number if name == "number" else {"type": "string", "pattern": "^[0-9a-f]{64}$"}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _in_query(asked: Json) -> list[Json]:
    return [
        {"name": name, "in": "query", "schema": schema, "explode": True} for name, schema in asked["properties"].items()
    ]
