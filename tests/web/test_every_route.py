"""Every route of the site, made from its table: nobody comes in by a door that is not theirs, and nobody reads what is
not for them. A new route is tested by itself; one whose door or arguments are not known in tests/web/doors.py fails."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.routing import Rule

from tests.web.doors import FORM_KEY, KEEPERS, OTHER, REFUSED, SOURCES, Keeper, Visit, fill
from ticketctl.web.caps import Caps
from ticketctl.web.doors import door_of, needs_of
from ticketctl.web.security import CHANGING


@pytest.fixture
def guarded(site, monkeypatch):
    """The site with two customers' tickets, and who may come in by each door."""
    monkeypatch.setenv("TICKETCTL_PASSWORD_WEB", FORM_KEY)
    site.rules(SOURCES)
    fill(site)
    return site, {name: keeper(site) for name, keeper in KEEPERS.items()}


def rules(site: Any, *kinds: str) -> list[Rule]:
    found = [rule for rule in site.app.url_map.iter_rules() if rule.endpoint != "static"]
    return [rule for rule in found if not kinds or door_of(site.app, rule.endpoint) in kinds]


def methods(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def call(site: Any, rule: Rule, method: str, keeper: Keeper, visit: Visit, **more: Any) -> Any:
    values = {**keeper.values, **visit.values}
    if missing := rule.arguments - values.keys():
        pytest.fail(f"{rule}: say in tests/web/doors.py what {', '.join(sorted(missing))} is")
    asked = {name: values[name] for name in rule.arguments}
    with site.app.test_request_context():
        url = site.app.url_map.bind("localhost").build(rule.endpoint, asked | _asked_beside(visit, keeper))
    client = site.app.test_client()
    for name, value in visit.cookies.items():
        client.set_cookie(name, value)
    site.app.extensions.pop("ticketctl.api", None)  # throttling has tests of its own
    site.app.extensions["caps"] = Caps()
    headers = {**visit.headers, **more.pop("headers", {})}
    body = {"json": {}} if method in CHANGING and door_of(site.app, rule.endpoint) in ("api", "hook", "signed") else {}
    if method in CHANGING and visit.form and not body:
        body = {"data": dict(visit.form)}
    return client.open(url, method=method, headers=headers, **body, **more)


def _asked_beside(visit: Visit, keeper: Keeper) -> dict[str, Any]:
    """What goes into the query: values that are no argument of any route."""
    return {name: value for name, value in visit.values.items() if name not in keeper.values}


def nobodys(keeper: Keeper) -> dict[str, Any]:
    """Values for the arguments of routes that open nothing by themselves."""
    return {name: "0" * 32 if isinstance(value, str) else value for name, value in keeper.values.items()}


def state(site: Any) -> Any:
    with site.office.store.reading() as desk:
        return [(one.number, one.revision) for one in desk.find()], [one.id for one in desk.outbox()]


def test_every_door_has_a_keeper(site):
    kinds = {door_of(site.app, rule.endpoint) for rule in rules(site)} - {"public"}
    assert kinds <= KEEPERS.keys(), "tests/web/doors.py has a keeper for each door that a route has"


def test_a_public_route_shows_nothing_and_changes_nothing(guarded):
    site, _ = guarded
    before = state(site)
    for rule in rules(site, "public"):
        assert not set(methods(rule)) & set(CHANGING), f"{rule}: the door public changes nothing"
        if not rule.arguments:
            assert "CANARY" not in site.client.get(rule.rule).text, rule
    assert state(site) == before


def test_who_has_no_right_to_it_is_refused_and_reads_nothing(guarded):
    site, keepers = guarded
    before, tried = state(site), 0
    for rule in rules(site):
        kind = door_of(site.app, rule.endpoint)
        for name, visit in keepers[kind].bad.items() if kind != "public" else ():
            for method in methods(rule):
                answered = call(site, rule, method, keepers[kind], visit)
                where = f"{method} {rule} with the {name} of {kind}: {answered.status_code}"
                open_to_all = method in keepers[kind].for_all and answered.status_code == 200
                assert answered.status_code in keepers[kind].refused or open_to_all, where
                assert b"CANARY" not in answered.data + str(answered.headers).encode(), where
                tried += 1
    assert state(site) == before
    assert tried >= 100


def test_who_has_a_right_to_it_comes_in(guarded):
    """Else the test above would prove nothing."""
    site, keepers = guarded
    for rule in rules(site):
        kind = door_of(site.app, rule.endpoint)
        if kind == "public":
            continue
        keeper = keepers[kind]
        for method in methods(rule):
            good = keeper.needs(needs_of(site.app, rule.endpoint)) if kind in ("api", "agent") else keeper.good
            answered = call(site, rule, method, keeper, good)
            come_in = answered.headers.get("Location", "/login?")[:7] != "/login?"
            assert come_in or answered.status_code not in REFUSED, f"{method} {rule}: {answered.status_code}"


def test_the_keys_of_one_door_open_no_other(guarded):
    site, keepers = guarded
    for rule in rules(site):
        kind = door_of(site.app, rule.endpoint)
        for other in keepers.keys() - {kind} if kind not in ("public", "form") else ():
            visit = keepers[other].good._replace(values={})
            for method in methods(rule):
                answered = call(site, rule, method, keepers[kind], visit._replace(values=nobodys(keepers[kind])))
                where = f"{method} {rule} with the key of {other}"
                assert answered.status_code in REFUSED | {413, 422} and b"CANARY" not in answered.data, where


def test_a_key_of_another_scope_opens_nothing(guarded):
    site, keepers = guarded
    keeper = keepers["api"]
    for rule in rules(site, "api"):
        wanted = needs_of(site.app, rule.endpoint).split()
        assert wanted, f"{rule}: a route of the API says which scope it needs"
        for scope in {"read", "write", "admin", "customer"} - set(wanted):
            for method in methods(rule):
                answered = call(site, rule, method, keeper, keeper.needs(scope))
                assert answered.status_code == 403 and b"CANARY" not in answered.data, (rule, scope)
                assert "insufficient_scope" in answered.headers["WWW-Authenticate"]


def test_another_sites_page_reads_nothing_and_posts_nothing(guarded):
    """A program with a key sends no cookie, so that its door asks for no origin; but no page of another site may read
    what is answered."""
    site, keepers = guarded
    for rule in rules(site):
        kind = door_of(site.app, rule.endpoint)
        keeper = keepers.get(kind) or Keeper({}, Visit(), {})
        if rule.arguments - keeper.values.keys():
            continue
        for method in methods(rule):
            before = state(site)
            answered = call(site, rule, method, keeper, keeper.good, headers={"Origin": "https://evil.example"})
            assert "Access-Control-Allow-Origin" not in answered.headers, rule
            if method in CHANGING and kind not in ("api", "hook", "signed"):
                assert answered.status_code == 403 and state(site) == before, f"{method} {rule}"


def test_what_is_for_the_team_reaches_no_customer_by_the_api(guarded):
    site, keepers = guarded
    customer = keepers["api"].needs("customer")
    read = 0
    for rule in rules(site, "api"):
        if "customer" not in needs_of(site.app, rule.endpoint).split():
            continue
        answered = call(site, rule, "GET", keepers["api"], customer)
        assert answered.status_code == 200 and b"CANARY-inside" not in answered.data, rule
        assert b"ETag" not in str(answered.headers).encode(), "that it changed would tell of a note"
        read += b"CANARY" in answered.data
    assert read == 3, "the customer reads their own words, the list and the file"
    asked = site.client.get(f"/api/v1/tickets/{OTHER}", headers=dict(customer.headers)).json
    assert asked is not None and [one["key"] for one in asked["messages"]] == ["m1", "m8"]
