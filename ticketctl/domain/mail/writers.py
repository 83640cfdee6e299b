"""Who wrote a mail: From; but a form, a shop, a marketplace or a list that rewrites From writes for somebody else, whom
Reply-To or X-Original-From names.

A person's Reply-To to another person makes nobody the writer: who forges From wants the answer elsewhere. And who is
known by such a header alone is a weaker claim than From: anybody can type an address into a form (domain.conversation
says what that claim may do).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Protocol

import msgspec

from ticketctl.domain.mail import auto_mail_phrases as machine_phrases
from ticketctl.domain.ticket.message import MAIL, Inbound, Person

_SPLIT = re.compile(r"[-_.+=\d]+")
# Words of addresses in which programs write; and those of a whole firm, in which people of that firm write too.
_ROBOT = re.compile(
    r"forms?|form(?:ular|ulär|ulaire|mail|mailer|spree|submit|bot|data|handler|post|results?|responses?|submissions?)"
    r"|submissions?|conversations?|sites?|webb?plats(?:en)?|webb?form(?:s|ular|ulär)?|mailform"
    r"|kontakt[-_.]?form(?:ular|ulär)?|contact[-_.]?forms?|wufoo|typeform|jotform"
    r"|wordpress|wp|woocommerce|shopify|magento|prestashop|squarespace|wix|drupal|joomla|www|webb?(?:site|master|mail)?"
    r"|hemsida(?:n)?|webserver|apache|nginx|httpd|php|nobody|mailer|(?:mail)?(?:ro)?bots?|auto(?:mat|matic|mated|mail)?"
    r"|system|notif(?:ication|ications|y|ier)|notis(?:er)?|avisering(?:ar)?|alerts?|messag(?:e|es|ing)|meddelanden?|relay"
    r"|orders?|bestallning(?:ar)?|beställning(?:ar)?|shop|store|butik(?:en)?|webb?shop|webstore|eshop|ehandel|checkout"
    r"|bookings?|bokning(?:ar)?|marketplace|marknadsplats|leads?|(?:in|en)quir(?:y|ies)|forfragan|förfrågan|members?|buyers?"
)
_ROLE = re.compile(
    r"info|kontakt|contact|support|kundtjänst|kundtjanst|kundservice|customerservice|helpdesk|service|sales|sälj|salj"
    r"|försäljning|hej|hello|post|mail|epost|email|office|admin|reception"
)
_NAMED = re.compile(
    r"(?i)\b(?:via|genom|på uppdrag av|on behalf of|im auftrag von)\s+\S|formulär|\bform(?:ular)?\b|contact ?form\b"
    r"|kontaktformular|no-?reply"
)
_SCRIPT = re.compile(
    r"(?i)phpmailer|wordpress|contact form|gravity|ninja|wpforms|formmail|drupal|joomla|typo3|woocommerce|prestashop"
    r"|magento|shopify|squarespace|webflow"
)
_WEBMAIL = re.compile(r"(?i)rcmail|rcube|roundcube|squirrel|horde|rainloop|snappymail")
_NO_REPLY = re.compile(  # beside those of machine_phrases: in more languages, and behind a firm's or shop's name
    r"(?:.*[-_.+])?(?:(?:no|not|do[-_.]?not|ne[-_.]?pas|nicht|keine?|inget|ingen|inte|ej|ikke|ei|nao|non)[-_.]?"
    r"(?:reply|respond|answer|responder|repondre|antworten|antwort|svar|svara|vastata|rispondere)"
    r"|svara?[-_.]?(?:inte|ej|ikke)|ei[-_.]?vasta\w{0,20}|unattended|obevakad)(?:[-_.+\d].*)?"
)
_SHARED = re.compile(  # a domain of many says nothing about who we are
    r"(?:gmail|googlemail|outlook|hotmail|live|msn|yahoo|icloud|me|mac|aol|gmx|web|proton|protonmail|fastmail|telia|tele2"
    r"|bredband|spray|passagen|comhem|bahnhof|home)\.[a-z]{2,3}(?:\.[a-z]{2})?"
)


class Writer(msgspec.Struct, frozen=True):
    """Whose words a mail is. `claimed`: a header that anybody can fill in through a form is all that says so. `through`
    is From where that is not the writer."""

    person: Person
    claimed: bool = False
    through: Person | None = None


class We(Protocol):
    """Our addresses, our agents', and those of forms that write to us; lower case."""

    @property
    def own(self) -> frozenset[str]: ...
    @property
    def team(self) -> frozenset[str]: ...
    @property
    def forms(self) -> frozenset[str]: ...
    def is_ours(self, address: str) -> bool:
        """Whether it is one of our own addresses (support+17@ too) or an agent's."""
        ...


def root(address: str) -> str:
    """The mailbox behind an address: support+17@ is support@."""
    local, at, domain = address.rpartition("@")
    return f"{local.partition('+')[0] or local}{at}{domain}"


def writer_of(inbound: Inbound, we: We) -> Writer | None:
    """None where no header names anybody."""
    sender = inbound.sender
    if sender is not None and inbound.claimed:
        return Writer(sender, claimed=True)
    if sender is not None and sender.medium != MAIL:
        return Writer(sender)  # their server vouches for them
    if sender is None or "@" not in sender.address:
        named = next(_named(inbound.reply_to, "", we), None)
        if named is not None:
            return Writer(named, claimed=True)
        return Writer(sender) if sender else None
    others = [*_named(inbound.original_from, sender.address, we), *_named(inbound.reply_to, sender.address, we)]
    others = others or list(_named(_by_group(inbound, sender), sender.address, we))
    if others and _writes_for_others(inbound, sender, others, we):
        return Writer(others[0], claimed=True, through=sender)
    typed = any(one.address in we.forms and one.address != sender.address for one in inbound.sent_by)
    return Writer(sender, claimed=typed)


def is_persons(inbound: Inbound, we: We) -> bool:
    """Whether it is a person's mail although a machine sent it: one of the forms that the desk names, for somebody."""
    writer = writer_of(inbound, we)
    return writer is not None and writer.through is not None and writer.through.address in we.forms


def is_unanswerable(address: str, forms: Collection[str] = ()) -> bool:
    """Whether nobody reads what is sent there: an address that says so of itself, or a form's."""
    return address.lower() in forms or _is_no_reply(address.partition("@")[0].lower())


def _is_no_reply(local: str) -> bool:
    return bool(machine_phrases.NO_REPLY.fullmatch(local) or _NO_REPLY.fullmatch(local))


def _named(persons: Iterable[Person], sender: str, we: We) -> Iterator[Person]:
    """Those who may have written: somebody else than From, and nobody of whom we know that they read no answers. A mail
    in our own name is never an agent's."""
    taken = we.own | {sender} | (we.team if sender in we.own else frozenset())
    for one in persons:
        addressed = "@" in one.address and not is_unanswerable(one.address, we.forms)
        if addressed and one.address not in taken and root(one.address) not in we.own:
            yield one


def _writes_for_others(inbound: Inbound, sender: Person, others: Iterable[Person], we: We) -> bool:
    local, _, domain = sender.address.partition("@")
    words = [local, *_SPLIT.split(local)]
    if sender.address in we.own or is_unanswerable(sender.address, we.forms):
        return True
    if sender.address in we.team:
        return False
    if (
        any(map(_ROBOT.fullmatch, words))
        or _NAMED.search(sender.name)
        or any(_encodes(local, one.address) for one in others)
    ):
        return True
    elsewhere = not _any_at(others, domain)
    if any(map(_ROLE.fullmatch, words)) and (_is_our_domain(domain, we) or elsewhere):
        return True
    if elsewhere and _is_our_domain(domain, we) and not _is_named_after(sender):
        return True
    rewritten = any(one.address != sender.address for one in inbound.original_from)
    return rewritten or _by_script(inbound)


def _is_named_after(sender: Person) -> bool:
    """Whether the address is made of the first and last name of a person: kim@, kim.berg@, kberg@ of "Kim Berg"."""
    names = [word for word in re.split(r"[\W\d_]+", sender.name.casefold()) if len(word) > 1]
    local = sender.address.partition("@")[0]
    domain = sender.address.partition("@")[2].partition(".")[0]
    return len(names) > 1 and domain not in names and any(name in local for name in names)


def _any_at(persons: Iterable[Person], domain: str) -> bool:
    return any(one.address.endswith(f"@{domain}") for one in persons)


def _is_our_domain(domain: str, we: We) -> bool:
    return any(one.endswith(f"@{domain}") for one in we.own) and not _SHARED.fullmatch(domain)


def _encodes(local: str, address: str) -> bool:
    """Whether a list has put the writer's address into its own: anna=kund.test@, anna_at_kund.test@ …"""
    made = re.sub(r"[^a-z0-9]+", " ", local.replace("=40", "=").replace("_at_", "="))
    return made == re.sub(r"[^a-z0-9]+", " ", address) if made.count(" ") > 1 else False


def _by_script(inbound: Inbound) -> bool:
    """Whether a web site's own program sent it; a webmail is one too, in which people write."""
    scripts = _values(inbound, "x-php-originating-script", "x-php-script")
    mailers = _values(inbound, "x-mailer", "user-agent")
    if any(map(_WEBMAIL.search, (*scripts, *mailers))):
        return False
    return bool(scripts) or any(map(_SCRIPT.search, mailers))


def _by_group(inbound: Inbound, sender: Person) -> Iterator[Person]:
    """Whom Google Groups names where it rewrites From: "'Kim Berg' via Support"."""
    name, via, _ = sender.name.partition(" via ")
    if via:
        yield from (
            Person(one.strip("<> ").lower(), name.strip("'\" ")) for one in _values(inbound, "x-original-sender")
        )


def _values(inbound: Inbound, *names: str) -> list[str]:
    return [value for name in names for value in inbound.headers.get(name, ())]
