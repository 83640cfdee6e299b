"""How people ask about their own personal data: to see it, have it erased or corrected, or to object (GDPR, Articles 15
to 21). Each form is a small sentence: what is to be done, to what, and whose it is, within one sentence of the mail.

They are expressions of RE2 for a text that is compared folded, with white space collapsed (`plain_text`).
"""

from __future__ import annotations

import re
from functools import cache

ENDS = re.compile(r"[.!?](?!\w)")
OTHERS = re.compile(r"[^\w.,'-]+")


def _one(*words: str) -> str:
    """Any of the words, which are expressions with `|` between them, as whole words."""
    return " (?:" + "|".join(words) + ") "


def _near(*parts: str, gap: int = 45) -> str:
    """The parts in this order in one sentence, with at most `gap` characters between two."""
    return rf"[^.]{{0,{gap}}}".join(f"(?:{part})" for part in parts)


@cache
def forms() -> tuple[str, ...]:
    """All forms of both languages; one of them in a text, as `spread` writes it, makes it a request."""
    swedish = (*_swedish_erasing(), *_swedish_leaving(), *_swedish_seeing(), *_swedish_objecting())
    english = (*_english_erasing(), *_english_leaving(), *_english_seeing(), *_english_objecting())
    return tuple(_spread(form) for form in (*_law(), *swedish, *english))


def spread(text: str) -> str:
    """The text as the forms look at it: two spaces between words, so that each word has one on either side."""
    ended = ENDS.sub(" . ", text).replace(", ", " , ")
    return f" {'  '.join(OTHERS.sub(' ', ended).split())} "


def _spread(form: str) -> str:
    """`~` is any ending of a word; a space is any number of them."""
    return form.replace("~", r"\S*").replace(" ?", " *").replace(" ", " +").replace(" +*", " *")


def _law() -> tuple[str, ...]:
    """The law, an article of it or a name that it gives to a request."""
    named = _one(r"gdpr|ccpa|dataskydds~|data protection (?:act|laws?|regulation)")
    article = r"(?:artikel|article|art(?: \.)?) (?:15|16|17|18|20|21) "
    asks = (
        r"begär~|kräver|åberopar|utöva|rätt|rätten|rättighet~|registerutdrag|radera~|få veta|invänder"
        r"|requests?|requesting|demand|invok~|exercis~|rights?|entitled|erase|erasure|delete|deletion|rectif~"
    )
    relies = r"begär~|kräver|åberopar|utöva|med stöd av|enligt|rättighet~|exercis~|invok~|pursuant to"
    topic = r"gdpr|dataskydds~|personuppgift~|tillgång|radering|rättelse|insyn|personal data|access|erasure"
    return (
        _near(named, _one(asks), gap=60),
        _near(_one(relies, "rights?|requests?|under|according to"), named, gap=60),
        _near(article, _one(asks, topic)),
        _near(_one(asks, topic), article),
        _one(r"registerut~|dsar|sar please|subject access requests?|access request|erasure request"),
        _one(r"data (?:subject|deletion|erasure|portability|removal)(?: access)?(?: requests?)?|dataportabilitet~"),
        _one(r"rätt(?:en)? (?:att|till) (?:bli (?:bort)?glömd|radering|tillgång|insyn|rättelse|begränsning)"),
        _one(r"right (?:to be forgotten|(?:to|of) (?:erasure|access|rectification|object))|do not sell my \S+"),
        _one(r"lagstadgade rätt till information|statutory right to information"),
    )


# --- Swedish ---

SV_ME = "(?:mig|mej|min person)"
SV_ABOUT = f"(?:om|kring|rör|på|till|avser) {SV_ME}"
SV_DATA = (
    r"(?:(?:person|kund)?(?:upp?gift(?:er|erna)?|data|datan|information|informationen|info)|persondata"
    r"|person(?:upp?gifter|uppgifterna))"
)
SV_OWNER = "(?:min|mina|mitt|hans|hennes|sina|våra)"
SV_MINE = _one(
    rf"{SV_OWNER}(?: (?:egna|gamla|lagrade|sparade|samtliga))? {SV_DATA}|person(?:upp?gifter|uppgifterna|data)"
)
SV_TRAIT = (
    rf"{SV_OWNER} (?:(?:för|efter)?namn|personnummer|(?:telefon|mobil)?nummer|(?:e-?post|e-?mail|mejl|mail)?adress"
    r"|kundprofil|profil)"
)
SV_ACCOUNT = _one(r"mitt (?:kund|användar)?konto|kontot|min (?:kund|användar)?profil|min användare")
SV_YOU = _one("ni|er|ert|era|du|företaget")
SV_KEEP = r"har|hade|vet|spara~|lagra~|registrera~|samla~|behandla~|hanterar|finns|står|skrivit|känner till"
SV_PLACE = _one(r"(?:kund)?(?:register|registret|system|systeme[nt]|databas~|listor|arkiv|rullor|böcker)")
SV_ERASE = _one(
    r"radera[rs]?|radering(?:en)?|ta(?:r|s)? bort|bort(?:ta~)?|plocka(?:r|s)? bort|förstör~|stryk~|rensa~",
    r"avlägsna~|utplåna~|makulera~|sudda~|avidentifiera~|anonymisera~|slänga?|kasta[rs]?",
    r"försvinner|nollställ~|deleta",
)
SV_GET = _one(
    r"kopi~|utdrag|insyn|sammanställning|lista|del av|få ut|få se|lämna~|ut|utlämna~|begär~|var|varifrån",
    r"vem|vilka|hur|bekräfta|skicka|exportera|tillgång till|sparar|lagrar|behandlar|hanterar|använder|delar|delat",
    "säljer|sålt",
)


def _swedish_erasing() -> tuple[str, ...]:
    """The deed before or behind what it is done to."""
    return (
        _near(SV_ERASE, SV_MINE),
        _near(SV_MINE, SV_ERASE + "|" + _one("raderad|raderat|raderade|borttagna|förstörda")),
        SV_MINE + r".{0,70}" + _one("(?:radera|ta bort|kasta) (?:dem|det|dom)"),
        _near(_one(f"(?:allt?|spår|uppgifter) (?:av|om) {SV_ME}"), SV_ERASE, gap=30),
        _near(SV_ERASE, _one(SV_TRAIT), SV_PLACE, gap=40),
        _near(SV_ERASE, _one("allt?|alla|spår", SV_DATA), _one(SV_ABOUT, f"av {SV_ME}", "med mitt namn"), gap=30),
        _near(SV_ERASE, _one("allt"), _one(f"med {SV_ME} att göra"), gap=20),
        _near(_one("allt?", SV_DATA), _one(SV_ABOUT), SV_ERASE, gap=30),
        _near(SV_ERASE, _one("allt", SV_DATA), SV_YOU, _one(SV_KEEP), gap=30),
        _near(_one(r"radera~"), SV_ACCOUNT, gap=25),
        _near(_one("ta bort|tar bort|avsluta"), SV_ACCOUNT, _one("allt|hos er|permanent|helt", SV_DATA)),
        _near(SV_ERASE, _one("det|vad"), SV_YOU, _one(SV_KEEP), gap=15),
    )


def _swedish_leaving() -> tuple[str, ...]:
    """The person is to be gone."""
    at_once = "tack|helt|och|nu|omgående|genast|snarast|hos er"
    out = _one(
        f"(?:radera|ta bort|plocka bort|stryk~|avregistrera) {SV_ME}",
        r"borttagen|bort tagen|raderad|struken|försvinna|finnas|finns|står|förekommer",
    )
    return (
        rf" (?:radera|glöm|ta bort|stryk|(?:att|ska) ni glömmer) {SV_ME}(?: $| [.,]| (?:{at_once}) )",
        _near(out, _one("ur|från|i"), SV_PLACE, gap=25),
        _near(_one(rf"(?:radera|ta bort|plocka bort|stryk~|avregistrera) {SV_ME}"), SV_PLACE, gap=25),
        _one(r"bli(?:r|vit)? (?:\S+ )?(?:raderad|borttagen|bortglömd|glömd av \S+|anonym)"),
        _near(SV_PLACE, _one("försvinna|bort|ut därifrån"), gap=40),
    )


def _swedish_seeing() -> tuple[str, ...]:
    """What somebody has about the person, where it is from and who gets it."""
    about = _one(f"(?:om|kring|rör|berör) {SV_ME}", r"kopplad~ till (?:mig|mitt \S+|min \S+)")
    return (
        _near(_one("vad|vilka|vilken|allt|register|något", SV_DATA), SV_YOU, _one(SV_KEEP), _one(SV_ABOUT)),
        _near(_one(SV_KEEP), _one("allt", SV_DATA), _one(SV_ABOUT)),
        _near(_one("vad|allt", SV_DATA), _one(SV_KEEP), _one(f"om {SV_ME}")),
        _near(SV_GET, _one("allt|historik", SV_DATA), about),
        _near(_one("allt|alla data|all data|all information"), SV_YOU, _one(SV_KEEP), gap=12),
        _near(_one(r"utdrag|kopi~|sammanställning"), _one("register", SV_DATA), SV_YOU + "|" + _one(SV_ME), gap=30),
        _near(SV_GET, SV_MINE, gap=40),
        _near(SV_MINE, _one(r"utlämna~|skickade|exporterade"), gap=30),
        _near(_one("register"), _one("jag (?:förekommer|finns|står|är med)"), gap=25),
        _near(_one("var|varifrån|hur"), SV_YOU, _one(r"fått|fick|hitta~"), _one(SV_TRAIT), gap=20),
    )


def _swedish_objecting() -> tuple[str, ...]:
    """Object, restrict, correct."""
    stop = _one(r"invänd~|motsätt~|sluta|begränsa~|återkalla~|förbjud~|rätta~|rättelse|korrigera~|flytta")
    mine = SV_MINE + "|" + _one(SV_TRAIT)
    return (
        _near(stop, SV_MINE),
        _near(_one("inte|ingen|aldrig"), SV_YOU, _one("ha", SV_KEEP), mine, gap=30),
        _near(_one("ingen rätt|aldrig|inte längre"), _one(r"ha|använd~", SV_KEEP), mine, gap=30),
        _near(SV_MINE, _one("fel|felaktiga|gamla|rättas|rättade|korrigeras|ändras"), gap=40),
        _near(_one("fel"), _one("på mig|om mig|mina uppgifter"), _one("register|registret|hos er|i era?"), gap=30),
        _near(_one(SV_TRAIT), _one("fel|felstavat|felaktigt"), SV_PLACE + "|" + _one("hos er"), gap=25),
        _near(_one("ändra|byt|rätta|uppdatera|korrigera"), _one(SV_TRAIT), SV_PLACE, gap=20),
        _near(stop, _one("profilering|direktmarknadsföring"), gap=20),
        _near(_one(f"skrivit om {SV_ME}"), SV_PLACE, gap=20),
    )


# --- English ---

EN_DATA = r"(?:data|details|info|information|records?)"
EN_KIND = r"(?:(?:own|personal|personel|customer|user|private|stored) )?"
EN_MINE = _one(
    rf"(?:my|his|her|our) {EN_KIND}(?:{EN_DATA}|file)|(?:personal|personel) (?:data|info|information|details)"
)
EN_OWN = _one(rf"my {EN_KIND}(?:data|details|information)")
EN_TRAIT = r"my (?:(?:phone|mobile|e-?mail|home) )?(?:number|address|(?:sur|last )?name|e-?mail|details|date of birth)"
EN_ACCOUNT = _one(r"my (?:\S+ )?(?:acc?ount|profile)")
EN_YOU = _one(r"you(?:'ve)?|your (?:company|systems?|database|files|records)")
EN_KEEP = r"have|has|got|hold|know|stores?|stored|keep|kept|collect~|process~|held|wrote"
EN_ABOUT = r"(?:about|on|concerning|regarding|relating to|related to) (?:me|myself)"
EN_ERASE = _one(
    r"del[ei]?te|deleting|deletion|eras(?:e|ing|ure)|remov(?:e|ing|al)|wip(?:e|ing)|destroy|destruction",
    r"purg(?:e|ing)|anonymi[sz](?:e|ing)|rid of|scrub|expunge|shred|forget|nuke",
)
EN_ERASED = (
    r"(?:deleted|erased|removed|wiped|destroyed|purged|anonymi[sz]ed|gone|scrubbed|forgotten|taken (?:out|off|down))"
)
EN_GET = _one(
    r"copy|copies|acc?ess?|see|view|export~|provide~|disclos~|request~|obtain~|receive|which|what|who",
    r"where|how|how long|shar(?:e|ed|ing)|sell~",
)
EN_USE = _one(r"shar~|sold|sell|pass~|given?|us(?:e|ing)|handle|handling|process~")
EN_PLACE = _one(r"registers?|systems?|databases?|records|files|books|servers?")


def _english_erasing() -> tuple[str, ...]:
    """The deed before or behind what it is done to."""
    return (
        _near(EN_ERASE, EN_MINE),
        _near(EN_MINE, _one(EN_ERASED), gap=2),
        _near(EN_MINE, _one(rf"be (?:\S+ )?{EN_ERASED}", f"(?:and|want) (?:them|it) {EN_ERASED}"), gap=30),
        EN_MINE + r".{0,70}" + _one("(?:delete|erase|remove) (?:them|it)"),
        _near(EN_ERASE, _one("everything|all", EN_DATA), _one(EN_ABOUT), gap=30),
        _near(EN_ERASE, _one("everything", EN_DATA), EN_YOU, _one(EN_KEEP), gap=20),
        _near(_one("delete|erase|wipe|delte|nuke"), _one("my user") + "|" + EN_ACCOUNT, gap=25),
        _near(
            _one("close|remove|cancel|terminate"),
            EN_ACCOUNT,
            _one("all|permanently|completely|from your", EN_DATA),
            gap=40,
        ),
        _near(_one("permanently (?:close|remove|cancel)"), EN_ACCOUNT, gap=10),
        _near(EN_ACCOUNT, _one("data|details"), _one(EN_ERASED, "off"), gap=12),
    )


def _english_leaving() -> tuple[str, ...]:
    """The person, or what names them, is to be gone."""
    at_once = "please|and|now|completely|entirely|from"
    return (
        rf" (?:delete|erase|forget) me(?: $| [.,]| (?:{at_once}) )",
        _near(
            _one(rf"(?:remove|delete|erase|wipe|purge|scrub|take) (?:me|(?:all )?(?:of )?{EN_TRAIT})"), EN_PLACE, gap=35
        ),
        _near(_one("take|get|want"), EN_MINE + "|" + _one(EN_TRAIT), _one("off|down|out of"), gap=15),
        _near(_one(r"be (?:\S+ )?" + EN_ERASED), _one("from|by you|by your"), EN_PLACE, gap=25),
        _near(_one("(?:not|don't want to|no longer want to) be (?:in|on)"), EN_PLACE, gap=20),
        _one("(?:you|like you|want you) to forget me"),
        _one(r"(?:like|want|wish|ask|asking) to be (?:\S+ )?(?:forgotten|erased|deleted)"),
        _near(_one("disappear from|want out of|take me out of"), EN_PLACE, gap=20),
        _near(EN_PLACE, _one("take me out"), gap=20),
    )


def _english_seeing() -> tuple[str, ...]:
    """What somebody has about the person, where it is from and who gets it."""
    whole = _one("everything|anything|all|what|whatever|which|any")
    linked = _one(EN_ABOUT, r"(?:tied|linked|connected) to my \S+")
    return (
        _near(_one("what|which|any|all|every|see|copy|everything", EN_DATA), EN_YOU, _one(EN_KEEP), _one(EN_ABOUT)),
        _near(_one("what(?:'s)?"), _one("stored|held|kept|saved"), _one(EN_ABOUT), gap=20),
        _near(whole, _one("everything", EN_DATA), _one(EN_ABOUT)),
        _near(EN_GET, _one(EN_DATA), linked),
        _near(whole, EN_YOU, _one(EN_ABOUT), gap=20),
        r"what do you know about me ",
        _near(EN_GET, EN_MINE, EN_YOU, gap=30),
        _near(EN_GET, _one("(?:my|the) personel data|my personal (?:data|info|information|details)")),
        _near(_one("send|give|provide|see|copy"), _one(f"personal {EN_DATA}"), EN_YOU, _one(EN_KEEP), gap=20),
        _near(_one("where"), EN_MINE, _one("come|came|from"), gap=15),
        _near(_one("copy of"), EN_MINE, gap=25),
        _near(_one("export of"), _one("my (?:personal )?data"), gap=25),
        _near(
            _one("send|give|provide|transfer"), _one(r"my data|all my data|all data you \S+|everything with my name")
        ),
        _near(
            _one("what|which"),
            _one("(?:personal )?data"),
            _one("(?:is|are) (?:being )?(?:processed|stored|held)"),
            gap=25,
        ),
        _near(_one("who|where|how|do|have|did"), EN_YOU, EN_USE, EN_MINE, gap=20),
        _near(_one("where|how"), EN_YOU, _one(r"get|got|gotten|obtain~"), EN_MINE + "|" + _one(EN_TRAIT), gap=20),
    )


def _english_objecting() -> tuple[str, ...]:
    """Object, restrict, correct."""
    stop = _one(r"object~|stop|restrict~|withdraw|cease|correct~|rectif~|amend~|process~|transfer~|transmit|limit")
    mine = EN_MINE + "|" + _one(EN_TRAIT)
    return (
        _near(stop, EN_OWN, gap=40),
        _near(
            _one("no longer|not|never|no right|don't"),
            _one("having|keeping|holding|storing|using|use", EN_KEEP),
            mine,
            gap=30,
        ),
        _near(mine, _one("(?:never|not) (?:agreed|consented|gave)"), gap=40),
        _near(_one(EN_DATA), _one(EN_ABOUT), stop, gap=40),
        _near(stop, _one(EN_DATA), _one(EN_ABOUT), gap=30),
        _near(_one("change|correct|fix|update|amend"), _one(EN_TRAIT), EN_PLACE, gap=20),
        _near(stop, _one("profiling|direct marketing"), gap=20),
        _near(_one(EN_TRAIT), _one("wrong|incorrect|inaccurate"), _one("in|on"), EN_PLACE, gap=20),
    )
