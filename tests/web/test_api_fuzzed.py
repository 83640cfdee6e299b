"""The API, fuzzed by its own description with schemathesis: no request makes an error of ours, and every answer is one
that the description names."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.web.test_api import Program
from ticketctl.web.api.limits import Buckets

pytestmark = [pytest.mark.long]
CASES = 100  # of each operation


def test_no_request_makes_an_error_of_ours(site, monkeypatch):
    schemathesis = pytest.importorskip("schemathesis")
    from hypothesis import HealthCheck, given, settings
    from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

    monkeypatch.setattr(Buckets, "take", lambda *_: 0.0)  # how much a key may ask is tried elsewhere
    statuses: Counter[int] = Counter()
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", site.app)
    operations = [found.ok() for found in schema.get_all_operations()]

    def fuzz(operation, program) -> None:
        @settings(max_examples=CASES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(case=operation.as_strategy())
        def ask(case) -> None:
            answered = case.call(headers=program.headers)
            statuses[answered.status_code] += 1
            assert answered.status_code < 500, (case.as_curl_command(), answered.text)
            case.validate_response(answered, checks=[status_code_conformance, response_schema_conformance])

        ask()

    for number, operation in enumerate(operations):
        fuzz(operation, Program(site, "read", "write", "admin", agent=("alice", "bo")[number % 2]))
        site.office.run("key", "revoke", ("alice", "bo")[number % 2] + "-read-write-admin")
    assert statuses[429] == 0, statuses
    assert len(operations) >= 10 and statuses.total() >= len(operations) * 10
