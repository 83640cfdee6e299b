"""What `triage` says: what the rules did, what past tickets propose, and the questions of --interactive."""

from __future__ import annotations

from collections.abc import Sequence

from ticketctl.content.terminal import line
from ticketctl.domain.reply.suggest import Proposal
from ticketctl.domain.rules.rules import Trace
from ticketctl.present.words import Say, Texts, say_in
from ticketctl.usecases.results import Done
from ticketctl.usecases.tickets.triage import Decided, Suggested

TEXTS: Texts = {
    "en": {
        "no_new": "no new tickets",
        "no_rule": "no rule fires",
        "one_looked_at": "1 ticket looked at",
        "looked_at": "{count} tickets looked at",
        "changed": "{looked_at}, {changed} changed",
        "would_change": "{looked_at}, {changed} would change",
        "no_subject": "(no subject)",
        "no_proposal": "nothing: no closed ticket is like it, or those that are differ",
        "like": "like {tickets}",
        "suggest_alone": "--suggest changes nothing; it goes with neither --dry-run nor --interactive",
        "interactive_alone": "--interactive asks and changes; it goes with neither --dry-run nor --json",
        "question": "[a]ssign  [p]riority  [l]abel  se[t]  [r]eply  [w]ait  [c]lose  mer[g]e  [s]pam\n"
        "[m]ore  [u]ndo  [b]ack  [n]ext  [q]uit",
        "place": "{at} of {count}",
        "last": "that was the last one; `ticketctl list --mine` shows yours",
        "one_letter": "one of the letters in brackets, please; Enter goes on to the next",
        "old": "{age} old",
        "unassigned": "unassigned",
        "one_more_line": "… 1 more line",
        "more_lines": "… {count} more lines",
        "to_whom": "To whom ({names})",
        "priority": "Priority (high, medium, low)",
        "no_priority": "{word!r} is no priority; write high, medium or low",
        "labels": "Labels{known}",
        "fields": "FIELD=VALUE{known}",
        "until": "Until when (3d, fredag, 3 december, vecka 50)",
        "into": "Into which ticket",
        "no_number": "{word!r} is no number of a ticket",
    },
}


def decided_lines(decided: Sequence[Done[Decided]], language: str, *, dry_run: bool, every: bool) -> list[str]:
    """Each ticket with the rules that fired (`every`: also where none did), and how many there were."""
    if not decided:
        return []
    say, count = say_in(language, TEXTS), len(decided)
    shown = [one.value for one in decided if every or one.value.trace.fired]
    looked_at = say("one_looked_at") if count == 1 else say("looked_at", count=count)
    changed = sum(bool(one.value.trace.fired) for one in decided)
    last = say("would_change" if dry_run else "changed", looked_at=looked_at, changed=changed)
    return [text for one in shown for text in _lines(say, one)] + [last]


def _lines(say: Say, one: Decided) -> list[str]:
    about = f"#{one.ticket.number} {line(one.ticket.subject)}"
    return [about, *(_fired(one.trace) or [f"  {say('no_rule')}"])]


def _fired(trace: Trace) -> list[str]:
    return [
        f"  {rule.id}: {', '.join(map(str, rule.then))}" + (f" ({rule.why})" if rule.why else "")
        for rule in trace.fired
    ]


def decided_json(one: Decided) -> dict[str, object]:
    return {
        "ticket": one.ticket.number,
        "rules": [
            {"rule": trace.rule.id, "outcome": trace.outcome, "actions": [str(action) for action in trace.rule.then]}
            for trace in one.trace.rules
            if trace.outcome != "other event"
        ],
        "trouble": list(one.trouble),
    }


# --- what similar tickets propose ---


def suggested_lines(one: Suggested, language: str) -> list[str]:
    """Each proposal with its share of the votes and the tickets behind it, and what to type for it."""
    say, found = say_in(language, TEXTS), one.proposals
    head = f"#{one.ticket.number} {line(one.ticket.subject) or say('no_subject')}"
    if not found:
        return [head, f"  {say('no_proposal')}"]
    wide = max(len(line(proposal.what)) for proposal in found)
    widest = max(len(line(proposal.value)) for proposal in found)

    def row(proposal: Proposal) -> str:
        like = say("like", tickets=", ".join(f"#{number}" for number in proposal.like))
        return f"  {line(proposal.what):<{wide}}  {line(proposal.value):<{widest}}  {proposal.share:>4.0%}  {like}"

    return [head, *map(row, found), *(f"  → `{typed}`" for typed in commands(one.ticket.number, found))]


def commands(number: int, found: Sequence[Proposal]) -> list[str]:
    """What a person types who agrees."""
    of = {what: [one.value for one in found if one.what == what] for what in ("label", "owner", "snippet")}
    fields = [f"{one.what}={_quoted(one.value)}" for one in found if one.what not in of]
    return [
        *([f"ticketctl set {number} {' '.join(fields)}"] if fields else []),
        *([f"ticketctl label {number} {' '.join('+' + value for value in of['label'])}"] if of["label"] else []),
        *(f"ticketctl assign {number} {value}" for value in of["owner"]),
        *(f"ticketctl reply {number} --snippet {value}" for value in of["snippet"]),
    ]


def _quoted(value: str) -> str:
    return f"'{value}'" if " " in value else value


def suggested_json(one: Suggested) -> dict[str, object]:
    return {
        "ticket": one.ticket.number,
        "proposals": [
            {"what": proposal.what, "value": proposal.value, "share": proposal.share, "like": list(proposal.like)}
            for proposal in one.proposals
        ],
    }
