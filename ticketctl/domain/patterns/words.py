"""The telling words of a text, as stems: what is left without stop words, numbers, dates and addresses.

Stems are Snowball's where the extra `[insight]` is installed (snowballstemmer), by the language of the text; else a few
endings of Swedish and English are cut off. STEMS says which, and a stored pattern remembers it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from functools import cache, lru_cache
from importlib.util import find_spec

from ticketctl.domain.text import phrases
from ticketctl.domain.text.language import detect

LONGEST = 20_000  # characters that are looked at: a pasted log must not drown what was asked
MOST = 1_000  # words that are looked at
LONG = 20  # a text of more telling words is long
STEMS = "snowball" if find_spec("snowballstemmer") else "plain"
SNOWBALL = {
    "en": "english", "sv": "swedish", "da": "danish", "no": "norwegian", "fi": "finnish", "de": "german", "nl": "dutch",
    "fr": "french", "es": "spanish", "pt": "portuguese", "it": "italian", "ro": "romanian", "hu": "hungarian",
    "ru": "russian", "tr": "turkish",
}  # fmt: skip
_WORD = re.compile(r"(?<![^\W\d_])[^\W\d_]{2,40}(?![^\W\d_])")
_ADDRESS = re.compile(r"\S*(?:@|//|www\.|&#)\S*")
_STOP = {  # few, since "how much" and "where is" tell short questions apart
    "en": """a about above after again against all am an and any are aren as at be because been before being below
between both but by can cannot could couldn did didn do does doesn doing don down during each few for from further had
hadn has hasn have haven having he her here hers herself him himself his how if in into is isn it its itself just let
me more most must my myself no nor not of off on once one only or other ought our ours ourselves out over own same shan
she should shouldn so some such than that the their theirs them themselves then there these they this those through to
too under until up very was wasn we were weren what when where which while who whom why will with won would wouldn you
your yours yourself yourselves ll re ve may might shall also dear hello hi thank thanks please regard regards best kind
kindly sincerely cheers question questions""",
    "sv": """alla att av blev bli blir blivit de dem den denna deras dess dessa det detta dig din dina ditt du där då
efter ej eller en er era ert ett från för ha hade han har henne hennes hon honom hur här i icke ingen inom inte jag ju
kan kunde man med mellan men mig min mina mitt mot mycket ni nu när någon något några och om oss på samma sedan sig sin
sina sitta själv skulle som så sådan sådana sådant till under upp ut utan vad var vara varför varit varje vars vart vem
vi vid vilka vilkas vilken vilket vår våra vårt än är åt över hej hejsan tack tackar hälsning hälsningar vänlig vänliga
vänligen mvh vh bästa god vill fråga
frågor""",
}
_BLAND = {  # these tell as little, and are in no name
    "en": """a about above after again against ago all also am an and any anybody anyone anything are aren as at be
because been before being below between both but by can cannot cant could couldn did didn do does doesn doing don done
down during each either else etc even ever few for from further get gets getting go going gone got had hadn has hasn
have haven having he hello help her here hers herself hi him himself his how however if im in into is isn it its itself
ive just know let like ll look made make many may maybe me might mine more most much must my myself need needed no nor
not now of off on once one only or other ought our ours ourselves out over own per perhaps please quite rather re
really said same say see seem seems shall she should shouldn since so some somebody someone something still such sure
take tell than thank thanks that the their theirs them themselves then there these they thing things think this those
through thus to too try trying two under until up upon us use used using ve very want wanted was wasn way we well were
weren what when where whether which while who whom whose why will with within without won would wouldn yes yet you your
yours yourself yourselves able already always another around back best cheers dear forward good great hey hope kind
kindly lot morning afternoon evening question questions regard regards sincerely wondering""",
    "sv": """all alla allt alltid alltså an andra annan annat att av bara behöver bland bli blir blivit blev bra bör
borde båda både både då de del dem den denna deras dess dessa det detta dig din dina dit ditt du där därför efter
eftersom egen egna ej eller en enda endast er era ert ett fast fick fler flera fram från fråga frågor får få fått för
före förut ge ger gick gjort god goda gå går gärna gör göra ha hade haft han har hej hejsan hela helt henne hennes hit
hjälp hjälpa hon honom hos hur här i ibland ifall igen in inför ingen inget inga innan inne inom inte ja jag ju just
kan kanske kom komma kommer kring kunde kunnat känns la lite lägga man med mellan men mer mest mig min mina minst mitt
mot mycket mvh måste måste någon något några nej ner ni nog nu nya nån nåt när nästa också om omkring oss på rätt sade
samma samt se sedan sen ser sig sin sina sist sitt själv ska skall skulle som så sådan sådana sådant säga säger sätt ta
tack tackar tar tidigare till tills tro tror tyvärr under undrar upp ur ut utan vad var vara varför varit varje vars
vart vem vems vet vi vid vidare vilja vilka vilken vilket vill ville väl vänlig vänliga vänligen hälsning hälsningar
vår våra vårt än ändå ännu är åt över över ok okej godmorgon bästa vh dej mej""",
}
# What heads and feet of mails and dates are made of: on many desks the most frequent words of all.
_MAIL = """\
am pm re fw fwd sv vb cc bcc sent from to subject date mail email mejl mejla epost tel tfn ext mob fax monday
tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun january february
march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct okt
nov dec måndag tisdag onsdag torsdag fredag lördag söndag mån tis ons tors tor fre lör sön januari februari mars
maj juni juli augusti oktober idag igår imorgon today tomorrow yesterday day days dag dagar dagen week weeks vecka
veckor veckan hour hours timme timmar minute minutes minut minuter kl year years år month months månad månader
attached bifogat bifogad enclosed team street center st ave http https www com org net se
"""
_PLAIN = {  # endings, the longest first; what is left has four letters or more
    "en": ("ations", "ation", "ments", "ment", "ings", "ing", "edly", "ies", "ied", "es", "ed", "ly", "s", "e", "y"),
    "sv": ("ningarna", "ningar", "ningen", "arnas", "ernas", "ornas", "ning", "arna", "erna", "orna", "ande", "ende",
           "aren", "ades", "aste", "heten", "het", "ade", "are", "ens", "ets", "ans", "ast", "ar", "er", "or", "en",
           "et", "an", "at", "ad", "na", "as", "a", "e", "s", "t"),
}  # fmt: skip


def stems_of(text: str, language: str = "") -> list[str]:
    """The stems of its telling words, in order, each as often as it occurs; the language (ISO 639-1) is told from the
    text where it is not given. Nothing for a text without words."""
    spoken = language or detect(text) or "en"
    return [stem for word in _words(text) if (stem := _telling(word, spoken))]


def surfaces(text: str, language: str = "") -> dict[str, str]:
    """Stem → the word as it is written most often in the text, in small letters."""
    spoken = language or detect(text) or "en"
    seen = Counter(_words(text))
    return {stem: word for word, _ in reversed(seen.most_common()) if (stem := _telling(word, spoken))}


def is_bland(word: str) -> bool:
    """Whether a word tells little of what a text is about, though it tells texts apart: "want", "behöver"."""
    return word in _bland()


def _words(text: str) -> list[str]:
    sample = text[:LONGEST]
    if "@" in sample or "//" in sample or "www." in sample or "&#" in sample:
        sample = _ADDRESS.sub(" ", sample)
    return _WORD.findall(phrases.fold(sample))[:MOST]


@lru_cache(50_000)
def _telling(word: str, language: str) -> str:
    """Its stem; "" for one that tells nothing."""
    if word in _stop(language):
        return ""
    return _stemmer(language)(word)


@cache
def _stop(language: str) -> frozenset[str]:
    """Those of Swedish and English count in every text: people mix them."""
    found = {*_STOP["en"].split(), *_STOP["sv"].split(), *_MAIL.split()}
    own = phrases.languages().get(language) if language not in _STOP else None
    return frozenset(map(phrases.fold, (*found, *(phrases.words(own.common) if own else ()))))


@cache
def _bland() -> frozenset[str]:
    return frozenset(phrases.fold(word) for words in _BLAND.values() for word in words.split())


@cache
def _stemmer(language: str) -> Callable[[str], str]:
    if STEMS == "snowball" and language in SNOWBALL:
        import snowballstemmer

        stem: Callable[[str], str] = snowballstemmer.stemmer(SNOWBALL[language]).stemWord
        return _swedish(stem) if language == "sv" else stem
    return _plain(_PLAIN.get(language, _PLAIN["en"] if language == "en" else ()))


def _swedish(snowball: Callable[[str], str]) -> Callable[[str], str]:
    """Snowball leaves "fakturan" as it is, and makes "faktur" of "faktura" and "fakturor"."""

    def stem(word: str) -> str:
        found = snowball(word)
        return found[:-2] if found.endswith("an") and len(found) > 5 else found

    return stem


def _plain(endings: tuple[str, ...]) -> Callable[[str], str]:
    def stem(word: str) -> str:
        for ending in endings:
            if word.endswith(ending) and len(word) - len(ending) >= 4:
                return word[: -len(ending)]
        return word

    return stem
