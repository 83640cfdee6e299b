"""Whether customers are given the privacy notice, and whether what it says was filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ticketctl.domain.rules.actions import Reply
from ticketctl.errors import BadSnippet
from ticketctl.ports.store import Finding
from ticketctl.usecases.session import Session

# Places left to fill in, and names that are examples (RFC 2606; the starter's own).
PLACEHOLDER = re.compile(
    r"\[[^\]\n]{2,80}\]|<[^>@\n]{2,80}>|\b(?:TODO|FIXME|X{3,}|Y{3,})\b|…|\.{4,}|_{3,}"
    r"|\bExempel AB\b|\bExample (?:Ltd|Inc)\b|\bföretagsnamn\b|\byour company\b"
    r"|[\w.-]*\bexample\.(?:com|org|net|se)\b|\bexempel\.se\b|[\w.-]+\.example\b",
    re.IGNORECASE,
)


def notice_findings(session: Session) -> Iterator[Finding]:
    """One that all is well, or one for each thing that is not."""
    found = [*_missing(session), *_placeholders(session)]
    yield from found
    if not found:
        yield Finding(
            subject="privacy notice", state="ok", code="notice", facts={"languages": ", ".join(_languages(session))}
        )


def _missing(session: Session) -> Iterator[Finding]:
    notice, folder = session.config.privacy.notice, session.folder / "snippets"
    if not notice:
        yield _look("notice_missing", "add_notice")
        return
    without = [one for one in _languages(session) if not (folder / one / Path(notice).name).is_file()]
    for language in without:
        yield _look(
            "notice_language", "write_notice", path=f"snippets/{language}/{Path(notice).name}", language=language
        )
    if not any(isinstance(one, Reply) and one.automatic for rule in session.config.rules for one in rule.then):
        yield _look("notice_not_sent", "add_acknowledgement")


def _placeholders(session: Session) -> Iterator[Finding]:
    for language, text in notices(session).items():
        if match := PLACEHOLDER.search(text):
            yield _look("notice_placeholder", "fill_notice", found=match[0], language=language)


def notices(session: Session) -> dict[str, str]:
    """Language → the notice as a customer reads it; "" where it cannot be made (rules check says why)."""
    from ticketctl.content import snippets
    from ticketctl.content.snippet_values import sample_contexts

    config, found = session.config, dict[str, str]()
    for language in _languages(session) if config.privacy.notice else ():
        try:
            values = sample_contexts(config)[""]
            found[language] = snippets.partial(session.folder / "snippets", config.privacy.notice, language, values)
        except BadSnippet:
            found[language] = ""
    return found


def _languages(session: Session) -> list[str]:
    """In which the desk answers."""
    folder = session.folder / "snippets"
    return sorted({path.parent.name for path in folder.glob("*/*.j2") if not path.stem.startswith("_")})


def _look(code: str, step: str, **facts: object) -> Finding:
    return Finding(subject="privacy notice", state="warning", code=code, facts=facts, next_step=step)
