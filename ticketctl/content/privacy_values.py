"""What a privacy notice says, in words: who is responsible, on which ground, how long, who else, where to complain."""

from __future__ import annotations

from ticketctl.domain.config import Config
from ticketctl.domain.settings.settings import Duration

TEXTS = {
    "sv": {
        "legitimate_interest": "intresseavvägning",
        "contract": "avtal med dig",
        "legal_obligation": "rättslig förpliktelse",
        "consent": "ditt samtycke",
        "kept": "i högst {age} efter att ärendet har avslutats",
        "kept_no_rule": "så länge det behövs för ditt ärende",
        "months": "{count} månader",
        "days": "{count} dagar",
        "authority": "Integritetsskyddsmyndigheten (imy.se)",
    },
    "en": {
        "legitimate_interest": "legitimate interests",
        "contract": "a contract with you",
        "legal_obligation": "a legal obligation",
        "consent": "your consent",
        "kept": "for at most {age} after the case is over",
        "kept_no_rule": "for as long as your case needs it",
        "months": "{count} months",
        "days": "{count} days",
        "authority": "the data protection authority (in Sweden imy.se)",
    },
}


def privacy_words(config: Config, language: str) -> dict[str, str]:
    """The values `privacy.…` of a snippet in that language."""
    privacy, words = config.privacy, TEXTS.get(language, TEXTS["en"])
    return {
        "responsible": responsible(config),
        "contact": contact(config),
        "ground": words[privacy.ground],
        "kept": kept(config, language),
        "recipients": ", ".join(one.name for one in privacy.processors),
        "authority": words["authority"],
    }


def responsible(config: Config) -> str:
    """The controller."""
    return config.privacy.responsible or config.name


def contact(config: Config) -> str:
    """Where to write about personal data."""
    sender = config.outgoing.sender if config.outgoing else ""
    return config.privacy.contact or sender.rpartition("<")[2].rstrip("> ")


def kept(config: Config, language: str) -> str:
    """How long what a customer writes is kept: what the rule for all closed tickets says."""
    words = TEXTS.get(language, TEXTS["en"])
    ages = [one.age for one in config.privacy.retention if one.status == "closed" and not one.label]
    if not ages:
        return words["kept_no_rule"]
    longest = max(ages, key=lambda age: (age.months * 30 + age.days, age.months))
    return words["kept"].format(age=in_words(longest, language))


def in_words(age: Duration, language: str) -> str:
    words = TEXTS.get(language, TEXTS["en"])
    return words["months"].format(count=age.months) if age.months else words["days"].format(count=age.days)
