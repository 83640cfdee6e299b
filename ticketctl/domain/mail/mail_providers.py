"""What mail providers make of an address: which spellings are one mailbox, and whose domains anybody may have an
address in."""

from __future__ import annotations

from ticketctl.domain.text import phrases

# Domain → the one that it is the same as.
_SAME_DOMAIN = {
    "googlemail.com": "gmail.com",
    "me.com": "icloud.com",
    "mac.com": "icloud.com",
    "protonmail.com": "proton.me",
    "protonmail.ch": "proton.me",
    "pm.me": "proton.me",
    "ya.ru": "yandex.ru",
    "yandex.com": "yandex.ru",
}
# Domain → characters before the @ that make no difference there.
_IGNORED = {"gmail.com": ".", "proton.me": ".-_"}
_WITH_MINUS = frozenset({"yahoo.com", "yahoo.se", "yahoo.co.uk", "ymail.com"})  # disposable addresses: name-shop@
_SUBDOMAINS = ("fastmail.com", "fastmail.fm", "messagingengine.com")  # shop@anna.fastmail.com is anna@fastmail.com

PUBLIC = frozenset(
    phrases.words(
        "gmail.com | icloud.com | proton.me | yandex.ru | yahoo.com | yahoo.se | yahoo.co.uk | ymail.com | fastmail.com"
        " | fastmail.fm | outlook.com | outlook.se | hotmail.com | hotmail.se | hotmail.co.uk | live.com | live.se"
        " | msn.com | aol.com | gmx.de | gmx.net | gmx.com | web.de | t-online.de | telia.com | comhem.se"
        " | bredband.net | swipnet.se | spray.se | tele2.se | bahnhof.se | home.se | online.no | wp.pl | o2.pl"
        " | libero.it | orange.fr | free.fr | laposte.net | btinternet.com | mail.com | mail.ru | tutanota.com"
        " | tuta.io | zoho.com | hey.com"
        " | qq.com | 163.com | comcast.net | verizon.net | att.net"
    )
)
"""Where thousands of strangers have addresses: they have no share together."""

_SECOND_LEVEL = frozenset(("co", "com", "org", "net", "ac", "gov", "edu", "or", "ne", "go", "gob"))


def root_mailbox(address: str) -> str:
    """One spelling for all addresses of a mailbox, as far as its provider is known: what stands behind a "+" is the
    owner's to choose everywhere, dots mean nothing at Gmail, whose other name is googlemail."""
    local, at, domain = address.lower().rpartition("@")
    for known in _SUBDOMAINS:
        if domain.endswith(f".{known}"):
            local, domain = domain.removesuffix(f".{known}"), known
    domain = _SAME_DOMAIN.get(domain, domain)
    local = local.partition("+")[0] or local
    if domain in _WITH_MINUS:
        local = local.partition("-")[0] or local
    kept = "".join(char for char in local if char not in _IGNORED.get(domain, ""))
    return f"{kept or local}{at}{domain}"


def owned_domain(address: str) -> str:
    """The domain that somebody registered, "x.example" for anna@mail.x.example; "" for one in which anybody may have an
    address, and for what is none."""
    domain = root_mailbox(address).rpartition("@")[2] if "@" in address else ""
    labels = domain.split(".")
    count = 3 if len(labels) > 2 and labels[-2] in _SECOND_LEVEL and len(labels[-1]) == 2 else 2
    found = ".".join(labels[-count:])
    return "" if found in PUBLIC or domain in PUBLIC else found
