"""Who may do what: the role that each use case needs, checked in its first line.

It keeps colleagues from slips of the hand. The fence is what the computer lets a person read and write: whoever may
write the desk's folder can do everything, whatever rules.yaml calls them.
"""

from __future__ import annotations

from ticketctl.domain.settings.settings import Role
from ticketctl.errors import NotAllowed, TicketctlError
from ticketctl.usecases.session import Session

RANK = {role: rank for rank, role in enumerate(("viewer", "agent", "admin"))}
# These work, or say what is wrong in their own way, while rules.yaml has mistakes.
WITHOUT_RULES = frozenset({"doctor", "inspect", "recover", "rules check"})
# By use case. A dry run changes nothing, and everybody may look.
USE_CASES: dict[str, Role] = {
    "board": "viewer",
    "inbox": "viewer",
    "list": "viewer",
    "search": "viewer",
    "patterns": "viewer",
    "patterns show": "viewer",
    "patterns name": "agent",
    "patterns merge": "agent",
    "patterns split": "agent",
    "patterns hide": "agent",
    "patterns faq": "agent",
    "explain": "viewer",
    "export": "viewer",
    "report": "viewer",
    "product": "viewer",
    "people": "viewer",
    "explain_figure": "viewer",
    "show": "viewer",
    "past_answers": "viewer",
    "mail_report": "agent",
    "measure start": "agent",
    "measure stop": "agent",
    "measure list": "viewer",
    "measure report": "viewer",
    "audit show": "admin",
    "audit verify": "viewer",
    "assign": "agent",
    "close": "agent",
    "cron install": "admin",
    "cron remove": "admin",
    "cron show": "viewer",
    "doctor": "viewer",
    "privacy breach": "admin",
    "privacy check": "viewer",
    "privacy record": "viewer",
    "unmask": "admin",
    "purge": "admin",
    "backup": "admin",
    "import": "admin",
    "recover": "admin",
    "resume": "admin",
    "rules check": "viewer",
    "rules replay": "viewer",
    "rules test": "viewer",
    "snippets check": "viewer",
    "label": "agent",
    "link": "agent",
    "merge": "agent",
    "new": "agent",
    "note": "agent",
    "fetch": "agent",
    "receive": "agent",
    "form": "agent",
    "help": "viewer",
    "chats": "viewer",
    "chat say": "agent",
    "chat see": "viewer",
    "chat end": "agent",
    "page": "viewer",
    "page answer": "agent",
    "page close": "agent",
    "page ask": "agent",
    "page rate": "agent",
    "page issue": "agent",
    "page revoke": "agent",
    "quarantine release": "agent",
    "quarantine drop": "admin",
    "login": "admin",
    "inspect": "viewer",
    "logins": "viewer",
    "quarantine": "viewer",
    "quarantine show": "viewer",
    "reconcile": "viewer",
    "priority": "agent",
    "reopen": "agent",
    "reply": "agent",
    "suggest_draft": "agent",
    "set": "agent",
    "spam": "agent",
    "triage": "agent",
    "unmerge": "agent",
    "unwatch": "viewer",
    "wait": "agent",
    "watch": "viewer",
    "move": "agent",
    "split": "agent",
    "requester": "agent",
    "promise": "agent",
    "take": "agent",
    "handover": "agent",
    "away": "agent",
    "undo": "agent",
    "send": "agent",
    "release": "agent",
    "retry": "agent",
    "drop": "agent",
    "take_back": "agent",
    "drop_draft": "agent",
    "escalate": "agent",
    "outbox": "viewer",
    "drafts": "viewer",
    "suggest_merges": "viewer",
    "suggest_triage": "viewer",
    "snippets": "viewer",
    "show_snippet": "viewer",
    "hold": "agent",
    "person show": "viewer",
    "person export": "admin",
    "person erase": "admin",
    "person rectify": "agent",
    "person link": "agent",
    "person unlink": "agent",
    "person restrict": "agent",
    "person note": "agent",
    "try_snippet": "viewer",
    "snippet_values": "viewer",
    "webhook list": "viewer",
    "webhook resume": "admin",
    "webhook test": "admin",
    "key add": "admin",
    "key revoke": "admin",
    "key list": "viewer",
    "file": "viewer",
    "propose_reallocation": "viewer",
    "reallocate": "agent",
    "message_html": "viewer",
    "user add": "admin",
    "user list": "viewer",
    "user remove": "admin",
    "user password": "viewer",  # one's own
    "user sessions": "viewer",
    "user logout": "viewer",
    "log_in": "viewer",
    "second_step": "viewer",
    "save_view": "viewer",
    "use_keys": "viewer",
}


def must(session: Session, use_case: str, *, keep: bool = True) -> None:
    """Raises NotAllowed if the actor may not, and BadRules while rules.yaml has mistakes. `keep=False` is a dry run,
    which is for everybody."""
    if use_case not in WITHOUT_RULES:
        session.config  # noqa: B018 - reported before anything else, whatever is on the desk
    if keep:
        must_be(session, USE_CASES[use_case], use_case)


def must_be(session: Session, role: Role, what: str) -> None:
    """Raises Refused where the actor is of the team and has a lesser role. Whom the team does not name, such as cron's
    "system", may; and so may every agent what needs an admin where the team has none."""
    if role == "viewer":
        return
    try:
        agent = session.config.agent(session.actor)
    except TicketctlError:
        return  # no desk, a file with faults, a login that nobody in team has: the command itself tells what it needs
    if agent is None or RANK[agent.role] >= RANK[role]:
        return
    has_admin = any(one.role == "admin" for one in session.config.team)
    if agent.role == "viewer" and role == "admin":
        raise NotAllowed(
            "{name} has `role: viewer`, and `{what}` needs `role: {role}` in rules.yaml",
            code="viewer_needs_role",
            name=agent.name,
            what=what,
            role=role if has_admin else "agent",
        )
    if agent.role == "viewer":
        raise NotAllowed(
            "{name} is a viewer and changes no tickets; `role: {role}` in rules.yaml would allow it",
            code="viewer_changes_nothing",
            name=agent.name,
            role=role,
        )
    if has_admin:
        raise NotAllowed(
            "{name} is an agent, and `{what}` is for an admin; `role: admin` in rules.yaml would allow it",
            code="needs_admin",
            name=agent.name,
            what=what,
        )
