"""`oauth:` of a mailbox or the outgoing server: which server of tokens, and who we are there."""

from __future__ import annotations

from ticketctl.config.reading import Reader, Section, shown
from ticketctl.config.tree import Node
from ticketctl.domain.settings.hosts import is_safe
from ticketctl.domain.settings.oauth import PROVIDERS, OAuth

_KEYS = ("provider", "issuer", "client_id", "tenant", "client_secret_command", "scopes", "login")
_SECRETS = ("client_secret", "secret", "refresh_token", "access_token", "token")


def oauth(reader: Reader, node: Node) -> OAuth | None:
    mapping = reader.mapping(node)
    plain = [name for name in mapping.keys if name.lower() in _SECRETS] if mapping else []
    section = reader.section(node, (*_KEYS, *plain), "oauth")
    if mapping is None or section is None:
        return None
    for name in plain:
        told = "write client_secret_command: COMMAND that prints it; tokens come with `ticketctl login`"
        reader.fault(mapping.keys[name], f"{name!r}: a secret never stands in rules.yaml; {told}")
    provider = section.get("provider", lambda at: reader.choice(at, tuple(PROVIDERS), "provider"), "")
    issuer = section.get("issuer", lambda at: _issuer(reader, at), "")
    _check(reader, section, provider)
    return OAuth(
        provider=provider,
        issuer=issuer,
        client_id=section.need("client_id", reader.text, ""),
        tenant=section.get("tenant", lambda at: _tenant(reader, at), ""),
        client_secret_command=section.text("client_secret_command"),
        scopes=section.get("scopes", lambda at: reader.listed(at, lambda one: _scope(reader, one)), ()),
        login=section.text("login"),
    )


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
        reader.fault(node, f"{shown(text)} is no https:// address of an issuer (http:// only of this machine)")
        return None
    return text


def _tenant(reader: Reader, node: Node) -> str | None:
    text = reader.text(node)
    if text is not None and not text.replace("-", "").replace(".", "").isalnum():
        reader.fault(node, f"{shown(text)} is no tenant; write example.com, or the directory's id")
        return None
    return text


def _scope(reader: Reader, node: Node) -> str | None:
    text = reader.text(node)
    if text is not None and not (text.isascii() and text.isprintable() and " " not in text):
        reader.fault(node, f"{shown(text)} is no scope; list them one by one")
        return None
    return text
