"""Where other systems push messages: `POST /hook/NAME`, for the sources `mattermost` and `webhook` of rules.yaml."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from ticketctl.errors import ChannelFailed
from ticketctl.ports.hooks import NotVerified
from ticketctl.usecases.intake.receive import TakeHook, take_hook
from ticketctl.web.current import session
from ticketctl.web.doors import door
from ticketctl.web.errors import answer

hooks = Blueprint("hooks", __name__)

LARGEST = 30 * 1024 * 1024  # bytes of a call


@hooks.post("/hook/<name>")
@door("signed")
def hook(name: str) -> ResponseReturnValue:
    """Files the message. Every call that is not proven gets the same answer, whatever is wrong with it."""
    if (request.content_length or 0) > LARGEST:
        return answer(413, "Too large")
    body = request.get_data(cache=False)
    headers = {key.lower(): value for key, value in request.headers.items()}
    try:
        received = take_hook(session("web"), TakeHook(source=name, headers=headers, body=body))
    except (NotVerified, ChannelFailed):
        return _shut()
    if received is None:
        return jsonify({})
    return jsonify({"ticket": received.ticket, "again": received.again})


def _shut() -> Response:
    response = jsonify({"title": "not verified", "status": 401})
    response.status_code = 401
    response.content_type = "application/problem+json"
    return response
