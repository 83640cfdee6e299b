"""`oauth:` of a mailbox or the outgoing server: which server of tokens, and who we are there."""

from __future__ import annotations

from collections.abc import Mapping

from ticketctl.config.reading import Read, Reader, Section, choice, listed, matching, shown
from ticketctl.config.tree import Node
from ticketctl.domain.settings.hosts import is_safe
from ticketctl.domain.settings.oauth import PROVIDERS, OAuth

_SECRETS = ("client_secret", "secret", "refresh_token", "access_token", "token")


def oauth(reader: Reader, node: Node) -> OAuth | None:
    mapping = reader.mapping(node)
    plain = [name for name in mapping.keys if name.lower() in _SECRETS] if mapping else []
    section = reader.section(node, (*_KEYS, *plain), "oauth")
    if mapping is None or section is None:
        return None
    for name in plain:
        instead = "write client_secret_command: COMMAND that prints it; tokens come with the first log-in"
        reader.fault(mapping.keys[name], f"{name!r}: a secret does not belong in rules.yaml; {instead}")
    said = section.struct(OAuth, _KEYS, needed=("client_id",))
    _check(reader, section, said.provider)
    return said


def _check(reader: Reader, section: Section, provider: str) -> None:
    """Which of the keys go together."""
    if ("provider" in section) == ("issuer" in section):
        reader.fault(
            section.node, f"oauth has a provider ({', '.join(PROVIDERS)}), or the https:// address of an issuer"
        )
    if provider == "microsoft" and "tenant" not in section:
        reader.fault(section.node, "'tenant' is missing here: your domain at Microsoft, or the directory's id")
    elif "tenant" in section and provider != "microsoft":
        reader.fault(section.node.keys["tenant"], "only provider: microsoft has a tenant")


def _issuer(reader: Reader, node: Node) -> str | None:
    text = reader.text(node)
    if text is not None and (not is_safe(text) or "?" in text or "#" in text):
        reader.fault(node, f"{shown(text)} is not the https:// address of an issuer (http:// only of this machine)")
        return None
    return text


_KEYS: Mapping[str, Read] = {
    "provider": choice(tuple(PROVIDERS), "provider"),
    "issuer": _issuer,
    "client_id": Reader.text,
    "tenant": matching(r"[.-]*[^\W_](?:[^\W_]|[.-])*", "is not a tenant; write example.com, or the directory's id"),
    "client_secret_command": Reader.text,
    "scopes": listed(matching(r"[!-~]+", "is not a scope; list them one by one")),
    "login": Reader.text,
}
