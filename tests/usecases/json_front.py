"""A front end of a few lines: each line of stdin is a wish in JSON, each line of stdout what became of it. The
test starts it where neither click nor termios can be imported."""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime, timedelta
from typing import Any

from ticketctl.errors import TicketctlError
from ticketctl.usecases.reply.reply import reply
from ticketctl.usecases.reply.request import ReplyRequest
from ticketctl.usecases.reply.take_back import TakeBack, take_back
from ticketctl.usecases.results import Failed, Objected
from ticketctl.usecases.session import Session
from ticketctl.usecases.tickets.close import Close, close
from ticketctl.wiring import build_session


def done(session: Session, wish: dict[str, Any]) -> dict[str, Any]:
    number = wish["ticket"]
    if wish["do"] == "reply":
        undo, accept = timedelta(seconds=wish["undo"]), frozenset(wish.get("accept", ()))
        after = reply(session, ReplyRequest(ticket=number, text=wish["text"], undo=undo, accept=accept)).value.after
    elif wish["do"] == "take_back":
        after = take_back(session, TakeBack(ticket=number)).value.after
    else:
        (one,) = close(session, Close(tickets=(number,), cause=wish["cause"]))
        if isinstance(one, Failed):
            raise one.error
        after = one.value.after
    return {"ticket": number, "status": after.status, "delivery": after.messages[-1].delivery}


for line in sys.stdin:
    desk, user = os.environ["TICKETCTL_DESK"], os.environ["TICKETCTL_AS"]
    session = build_session(desk=desk, user=user).at(datetime.fromisoformat(os.environ["TICKETCTL_NOW"]))
    try:
        answer = done(session, json.loads(line))
    except Objected as objected:
        answer = {"error": "objected", "objections": [one.code for one in objected.objections]}
    except TicketctlError as error:
        answer = {"error": error.code, "text": str(error)}
    print(json.dumps(answer), flush=True)
