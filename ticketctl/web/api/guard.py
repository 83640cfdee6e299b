"""Who comes in with a key (RFC 6750), and how often."""

from __future__ import annotations

import math
from typing import cast

from flask import Response, current_app, g, request

from ticketctl.errors import NotAllowed
from ticketctl.usecases.access.keys import ApiKey, use_key
from ticketctl.usecases.session import Session
from ticketctl.web.api.limits import Buckets
from ticketctl.web.current import session, site
from ticketctl.web.doors import needs_of
from ticketctl.web.errors import answer

REALM = 'Bearer realm="ticketctl"'
PER_KEY = (120, 600)  # at once, a minute
WRONG = (20, 20)  # wrong keys from one network address


def keep_out() -> Response | None:
    """The guard of the door "api"."""
    address, (keys, wrong) = request.remote_addr or "", _buckets()
    if wrong.is_empty(address):
        wait = wrong.take(address)
        return _too_many(wait)
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not secret.strip():
        return _refused(401, REALM, "no key: send `Authorization: Bearer KEY`", "no_key")
    key = use_key(session("api"), secret.strip())
    if key is None:
        wrong.take(address)
        return _refused(401, f'{REALM}, error="invalid_token"', "this key is not good, or no longer", "bad_key")
    if wait := keys.take(key.name):
        return _too_many(wait)
    wanted = needs_of(current_app, request.endpoint or "")
    if not key.may(*wanted.split()):
        told = f'{REALM}, error="insufficient_scope", scope="{wanted}"'
        return _refused(403, told, f"this key has not the scope {' or '.join(wanted.split())}", "no_scope")
    g.api_key = key
    return None


def key() -> ApiKey:
    """With which this request came in."""
    return cast("ApiKey", g.api_key)


def own_session() -> Session:
    """A session of whom the key acts as. Raises NotAllowed where they are not of the team any more."""
    config, name = site().config, key().agent
    if config.team and config.agent(name) is None:
        raise NotAllowed("{name} is not in team: of rules.yaml any more", code="no_agent_now", name=name)
    return session("api", name)


def sees_all() -> bool:
    """False: only what a customer may see."""
    return not key().may("customer")


def _buckets() -> tuple[Buckets, Buckets]:
    found = current_app.extensions.setdefault("ticketctl.api", (Buckets(*PER_KEY), Buckets(*WRONG)))
    return cast("tuple[Buckets, Buckets]", found)


def _refused(status: int, told: str, detail: str, code: str) -> Response:
    response = answer(status, "", detail, code)
    response.headers["WWW-Authenticate"] = told
    return response


def _too_many(seconds: float) -> Response:
    response = answer(429, "", "", "too_many")
    response.headers["Retry-After"] = str(max(1, math.ceil(seconds)))
    return response
