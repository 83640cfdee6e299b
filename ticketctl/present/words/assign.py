"""What `assign` says."""

from __future__ import annotations

from ticketctl.present.words import Texts, say_in
from ticketctl.usecases.results import Changed, Done

TEXTS: Texts = {
    "en": {
        "already": "#{number} is {agent}’s already",
        "already_unassigned": "#{number} is unassigned already",
        "assigned": "#{number} assigned to {agent}",
        "assigned_from": "#{number} assigned to {agent} (was {before}’s)",
        "unassigned": "#{number} is unassigned now (was {before}’s)",
    },
    "sv": {
        "already": "#{number} har redan {agent} som ansvarig",
        "already_unassigned": "#{number} har redan ingen ansvarig",
        "assigned": "#{number} har nu {agent} som ansvarig",
        "assigned_from": "#{number} har nu {agent} som ansvarig (förut {before})",
        "unassigned": "#{number} har ingen ansvarig nu (förut {before})",
    },
}


def line(done: Done[Changed], language: str) -> str:
    say = say_in(language, TEXTS)
    before, agent = done.value.before.assignee, done.value.after.assignee
    if done.value.same:
        return say("already" if agent else "already_unassigned", number=done.number, agent=agent)
    if not agent:
        return say("unassigned", number=done.number, before=before)
    return say("assigned_from" if before else "assigned", number=done.number, agent=agent, before=before)
