"""What `doctor` says of a finding, in English."""

from __future__ import annotations

from ticketctl.ports.store import Finding
from ticketctl.present.words import doctor


def detail(finding: Finding) -> str:
    return doctor.detail(finding, "en")


def step(finding: Finding) -> str:
    return doctor.step(finding, "en")
