"""What came of mail that was fetched, compared or set aside, and the logins it needs, as JSON."""

from __future__ import annotations

from typing import Any

import msgspec

from ticketctl.ports.store import Quarantined
from ticketctl.present.json import instant
from ticketctl.usecases.intake.quarantine import Released, SetAside
from ticketctl.usecases.intake.reconcile import Comparison
from ticketctl.usecases.intake.result import FetchResult
from ticketctl.usecases.upkeep.login import LoggedOut, LoginState

Json = dict[str, Any]


def fetched_json(result: FetchResult, error: str) -> Json:
    """`error` is what is said of a source that failed, "" for nothing."""
    return {
        "source": result.source,
        "new": result.new,
        "joined": result.joined,
        "known": result.known,
        "skipped": result.skipped,
        "closed": result.closed,
        "quarantined": result.quarantined,
        "error": error or None,
        "trouble": result.trouble,
        **({"undecided": [msgspec.to_builtins(one) for one in result.undecided]} if result.undecided else {}),
    }


def comparison_json(found: Comparison) -> Json:
    differences = [msgspec.structs.asdict(one) for one in found.differences]
    for one in differences:
        del one["when"]
    return {**msgspec.structs.asdict(found), "error": found.error or None, "differences": differences}


def quarantined_json(item: Quarantined) -> Json:
    return {
        "id": item.id,
        "message_id": item.message_id or None,
        "reason": item.reason,
        "at": instant(item.at),
        "source": item.source,
        "uid": item.uid or None,
        "looked_at": instant(item.looked_at),
    }


def set_aside_json(found: SetAside) -> Json:
    return {**quarantined_json(found.item), "raw": found.text}


def released_json(done: Released) -> Json:
    return {"id": done.id, "ticket": done.ticket or None}


def login_json(state: LoginState) -> Json:
    login = state.login
    return {
        "source": state.source,
        "user": state.user,
        "logged_in_at": instant(login.logged_in_at) if login else None,
        "refreshed_at": instant(login.refreshed_at) if login else None,
        "expires_at": instant(login.expires_at) if login else None,
        "renewable": bool(login and login.refresh_token),
    }


def logged_out_json(ended: LoggedOut) -> Json:
    return {"source": ended.source, "forgotten": ended.was}
