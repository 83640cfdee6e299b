"""The help pages: entries of docs/faq/ in the desk's folder that say of themselves that they are public.

What is public is decided here and nowhere else: a list, a search, a suggestion and a page all read `_public`.
"""

from __future__ import annotations

import re
from datetime import date
from zoneinfo import ZoneInfo

import msgspec

from ticketctl.domain.patterns.words import stems_of
from ticketctl.errors import NoSuchTicket, TicketctlError
from ticketctl.usecases.session import Session

FOLDER = ("docs", "faq")
SUGGESTED = 3
_NAME = re.compile(r"[\w-]{1,80}", re.ASCII)
_HEAD = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_YES = ("yes", "ja", "true")


class HelpPage(msgspec.Struct, frozen=True, kw_only=True):
    """`text` is Markdown without its title; `language` "" is for everybody."""

    name: str
    title: str
    text: str
    language: str = ""


def help_pages(session: Session, language: str, words: str = "") -> tuple[HelpPage, ...]:
    """Those that are public, in that language where there are any; with `words` those that fit them, the best first."""
    session.must("help")
    every = _public(session)
    own = [one for one in every if one.language in ("", language)]
    pages = own or every
    if not words.strip():
        return tuple(sorted(pages, key=lambda one: one.title.casefold()))
    ranked = [(score, one) for one in pages if (score := _score(one, words, language)) > 0]
    return tuple(one for _, one in sorted(ranked, key=lambda pair: (-pair[0], pair[1].title.casefold())))


def suggested(session: Session, language: str, words: str) -> tuple[HelpPage, ...]:
    """The few that may answer what somebody is about to ask."""
    return help_pages(session, language, words)[:SUGGESTED] if words.strip() else ()


def help_page(session: Session, name: str) -> HelpPage:
    """Raises NoSuchTicket for one that is not there, and for one that is not public: nobody can tell which."""
    session.must("help")
    for one in _public(session):
        if one.name == name:
            return one
    raise NoSuchTicket("there is no help page {name}", code="no_help_page", name=name)


def _public(session: Session) -> list[HelpPage]:
    folder = session.folder.joinpath(*FOLDER)
    today = session.now.astimezone(ZoneInfo(session.config.timezone)).date()
    found = []
    for file in session.host.names(folder):
        name, dot, kind = file.rpartition(".")
        if (dot, kind) != (".", "md") or not _NAME.fullmatch(name) or (folder / file).is_symlink():
            continue
        try:
            text = (session.host.read(folder / file) or b"").decode("utf-8").replace("\r\n", "\n")
        except (UnicodeDecodeError, TicketctlError):
            continue
        page = _read(name, text, today)
        if page is not None:
            found.append(page)
    return found


def _read(name: str, text: str, today: date) -> HelpPage | None:
    """None where its head does not say `public: yes`, or `until:` is over or is no day."""
    head = _HEAD.match(text)
    if head is None:
        return None
    said = {key.strip().lower(): value.strip() for key, _, value in (one.partition(":") for one in head[1].split("\n"))}
    if said.get("public", "").lower() not in _YES or not _still(said.get("until", ""), today):
        return None
    body = _COMMENT.sub("", text[head.end() :]).strip()
    first, _, rest = body.partition("\n")
    title = re.sub(r"\\(.)", r"\1", first.lstrip("#").strip())
    if not title:
        return None
    return HelpPage(name=name, title=title, text=rest.strip(), language=said.get("language", "").lower())


def _still(until: str, today: date) -> bool:
    if not until:
        return True
    try:
        return today <= date.fromisoformat(until)
    except ValueError:
        return False


def _score(page: HelpPage, words: str, language: str) -> int:
    """Each telling word counts three times in the title and once in the text; half a word counts as its beginning."""
    spoken = page.language or language
    title, text = set(stems_of(page.title, spoken)), set(stems_of(page.text, spoken))
    asked = set(stems_of(words, spoken))
    score = 3 * len(asked & title) + len((asked - title) & text)
    begun = [one.casefold() for one in re.findall(r"\w{4,}", words)]
    told = [one.casefold() for one in re.findall(r"\w+", f"{page.title} {page.text}")]
    return score + sum(any(one.startswith(word) for one in told) for word in begun)
