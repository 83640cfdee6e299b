"""In which language a text is written, by its most frequent short words; small, and honest about what it can't tell."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection
from functools import cache

from ticketctl.domain.text import phrases

LONGEST = 4000  # characters that are looked at
WORD = re.compile(r"[^\W\d_]+")
SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7af]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
)
FOREIGN = re.compile("[\u0370-\u03ff\u0590-\u06ff\u0e00-\u0e7f\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")  # any of them
LETTERS = {  # letters that a language has and its neighbours lack; worth half a word
    "ä": ("sv", "fi", "de", "et"), "ö": ("sv", "fi", "de", "et", "hu", "tr"), "å": ("sv", "no", "da"),
    "æ": ("da", "no"), "ø": ("da", "no"), "ß": ("de",), "ü": ("de", "hu", "tr", "et"), "ñ": ("es",), "ã": ("pt",),
    "ł": ("pl",), "ż": ("pl",), "ę": ("pl",), "ą": ("pl",), "ř": ("cs",), "ů": ("cs",), "ě": ("cs",), "ő": ("hu",),
    "ğ": ("tr",), "ı": ("tr",), "ț": ("ro",), "ș": ("ro",), "õ": ("et", "pt"), "ç": ("fr", "pt", "tr"), "œ": ("fr",),
    "ы": ("ru",), "э": ("ru",), "ї": ("uk",), "є": ("uk",), "і": ("uk",),
}  # fmt: skip
TELLING = frozenset(LETTERS)


def detect(text: str) -> str | None:
    """ISO 639-1 code of the language, or None where the text is too short or too mixed to tell.

    Norwegian is always `no`. Of a long text only the beginning is looked at.
    """
    sample = text[:LONGEST]
    if "@" in sample or "//" in sample:
        sample = " ".join(word for word in sample.split() if "@" not in word and "//" not in word)
    foreign = _by_script(sample) if FOREIGN.search(sample) else None
    return foreign or _by_words(WORD.findall(phrases.fold(sample)))


SUBJECTS = {  # words of subjects, of which a text need not have many
    "sv": "fråga frågor hjälp faktura fakturan kvitto kvittot leverans leveransen betalning betalningen beställning"
    " beställningen min mitt mina saknas trasig trasigt ärende konto lösenord återbetalning reklamation paket paketet"
    " inte och om till från är var när hur varför vill kan ni erbjudande synpunkter önskemål akut",
    "en": "question questions help invoice receipt delivery payment my missing broken account password refund"
    " complaint parcel not and about from is are where when how why want can you your please received the hello hi"
    " urgent issue problem with wrong cancel request enquiry inquiry thanks feedback",
}


def guess(subject: str) -> str | None:
    """The language of a subject or of a few words: as `detect`, or where all telling words are of one language."""
    found = detect(subject)
    if found is not None:
        return found
    words = set(WORD.findall(phrases.fold(subject[:LONGEST])))
    spoken = [code for code, known in SUBJECTS.items() if words & set(map(phrases.fold, known.split()))]
    return spoken[0] if len(spoken) == 1 else None


def named(content_language: str) -> str | None:
    """The one language that a Content-Language header names (RFC 3282); None where it names several, or none."""
    code = content_language.strip().lower().partition("-")[0]
    if not re.fullmatch(r"[a-z]{2}", code) or "," in content_language:
        return None
    return "no" if code in ("nb", "nn") else code


def likeliest(text: str, among: Collection[str]) -> str | None:
    """Which of these few languages it is in, as far as `detect` can't tell alone; None where nothing speaks for one."""
    if found := detect(text):
        return found
    scores = _scores(WORD.findall(phrases.fold(text[:LONGEST])))
    ranked = sorted(((scores[code], code) for code in among), reverse=True)
    second = ranked[1][0] if len(ranked) > 1 else 0.0
    return ranked[0][1] if ranked and ranked[0][0] >= max(0.8, 2 * second) else None


def _by_script(sample: str) -> str | None:
    letters = sum(map(str.isalpha, sample))
    for code, script in SCRIPTS:
        found = len(script.findall(sample))
        if found >= 4 and found * (2 if code == "ja" else 1) > letters * 0.3:
            return code
    return None


def _by_words(words: list[str]) -> str | None:
    ranked = sorted(((score, code) for code, score in _scores(words).items()), reverse=True)
    if not ranked or ranked[0][0] < max(1.5, 0.1 * len(words)):
        return None
    second = ranked[1][0] if len(ranked) > 1 else 0.0
    return ranked[0][1] if ranked[0][0] >= 1.15 * second else None


def _scores(words: list[str]) -> dict[str, float]:
    scores: dict[str, float] = defaultdict(float)
    index = _index()
    for word in words:
        for code, weight in index.get(word, ()):
            scores[code] += weight
        for letter in () if word.isascii() else TELLING.intersection(word):
            for code in LETTERS[letter]:
                scores[code] += 0.5 / len(LETTERS[letter])
    return scores


@cache
def _index() -> dict[str, tuple[tuple[str, float], ...]]:
    """Word → languages that have it among their frequent ones, and what it says for each: less where it has many."""
    index: dict[str, list[str]] = defaultdict(list)
    for code, language in phrases.languages().items():
        single = [word for word in phrases.words(language.thanks) + phrases.words(language.greeting) if " " not in word]
        for word in {*phrases.words(language.common), *single}:
            index[word].append(code)
    return {word: tuple((code, 1 / len(codes) ** 0.5) for code in codes) for word, codes in index.items()}
