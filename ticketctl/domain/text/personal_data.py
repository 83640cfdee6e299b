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
    swedish = (*_swedish_erasing(), *_swedish_leaving(), *_swedish_seeing(), *_swedish_asking(), *_swedish_objecting())
    english = (*_english_erasing(), *_english_leaving(), *_english_seeing(), *_english_asking(), *_english_objecting())
    return tuple(_spread(form) for form in (*_law(), *swedish, *english))


def spread(text: str) -> str:
    """The text as the forms look at it: two spaces between words, so that each word has one on either side."""
    ended = ENDS.sub(" . ", text.replace("’", "'")).replace(", ", " , ")
    return f" {'  '.join(OTHERS.sub(' ', ended).split())} "


def _spread(form: str) -> str:
    """`~` is any ending of a word; a space is any number of them."""
    return form.replace("~", r"\S*").replace(" ?", " *").replace(" ", " +").replace(" +*", " *")


def _law() -> tuple[str, ...]:
    """The law, an article of it or a name that it gives to a request."""
    named = _one(r"gdpr|gdpr-\S+|ccpa|dataskydds~|data protection (?:act|laws?|regulation)")
    article = r"(?:artikel|article|art(?: \.)?) (?:15|16|17|18|20|21) "
    asks = (
        r"begär~|kräver|åberopar|utöva|rätt|rätten|rättighet~|rätta~|rättelse~|registerutdrag|radera~|radering~"
        r"|få veta|invänder|requests?|requesting|demand|invok~|exercis~|rights?|entitled|erase|erasure|delete|deletion"
        r"|rectif~|removal"
    )
    relies = r"begär~|kräver|åberopar|utöva|med stöd av|enligt|rättighet~|exercis~|invok~|pursuant to"
    topic = r"gdpr|dataskydds~|personuppgift~|tillgång|radering|rättelse|insyn|personal data|access|erasure"
    return (
        _near(named, _one(asks), gap=60),
        _near(_one(relies, "rights?|requests?|under|according to"), named, gap=60),
        _near(article, _one(asks, topic)),
        _near(_one(asks, topic), article),
        _one(r"registerut~|dsar|sar please|(?:subject|data) access requests?|erasure request"),
        _near(_one("access request"), _one("my personal|my (?:data|records|file|information)|about me|gdpr"), gap=30),
        _one(r"data (?:subject|deletion|erasure|portability|removal)(?: access)?(?: requests?)?|dataportabilitet~"),
        _one(
            r"(?:begäran|förfrågan|ansökan|önskemål) om (?:radering|utdrag|rättelse|begränsning|registerutdrag|insyn"
            r"|utlämnande|att bli (?:glömd|raderad|borttagen))"
        ),
        _one(r"(?:request|application) (?:for|of) (?:erasure|rectification|data (?:access|deletion|erasure|removal))"),
        _near(_one("återkalla~|dra~ tillbaka|tar tillbaka"), _one("(?:mitt|allt) samtycke"), gap=15),
        _near(_one("withdraw~|revok~|retract~|take back|rescind"), _one("(?:my|any|all|the) consent"), gap=15),
        _one(r"rätt(?:en)? (?:att|till) (?:bli (?:bort)?glömd|radering|tillgång|insyn|rättelse|begränsning)"),
        _one(r"right (?:to be forgotten|(?:to|of) (?:erasure|access|rectification|object))|do not sell my \S+"),
        _one(r"lagstadgade rätt till information|statutory right to information"),
    )


# --- Swedish ---

SV_KIN = (
    r"(?:man|fru|sambo|make|maka|partner|dotter|son|barn|mamma|pappa|mor|far|mormor|farmor|morfar|farfar|bror|syster"
    r"|familj|huvudman)(?:s)?"
)
SV_ME = rf"(?:mig|mej|oss|honom|henne|undertecknad|min person|(?:min|mitt|mina|vår) (?:\S+ )?{SV_KIN})"
SV_ABOUT = rf"(?:om|kring|rör|rörande|angående|gällande|berör|på|till|avser) {SV_ME}|om en"
SV_DATA = (
    r"(?:(?:person|kund|kontakt|hälso)?(?:upp?gift(?:er|erna)?|data|datan|information|informationen|info)|persondata"
    r"|person(?:upp?gifter|uppgifterna)|(?:kund|köp|order|ärende|chatt|sök)?historik(?:en)?|patientjournal|journal)"
)
SV_OWNER = "(?:min|mina|mitt|hans|hennes|sina|sin|sitt|ens|våra|vår)"
SV_MINE = _one(
    rf"{SV_OWNER}(?: (?:egna|egen|gamla|lagrade|sparade|samtliga|privata|personliga))? {SV_DATA}",
    r"person(?:upp?gifter|uppgifterna|data)",
)
SV_TRAIT = (
    rf"{SV_OWNER} (?:\S+ och )?(?:(?:för|efter)?namn|personnummer|(?:telefon|mobil)?nummer|kundprofil|profil"
    r"|(?:e-?post|e-?mail|mejl|mail|hem|post)?adress|kontaktuppgifter|födelsedatum)"
)
SV_ACCOUNT = _one(
    r"mitt (?:kund|användar|medlems)?konto|kontot|min (?:kund|användar)?profil|min användare|medlemskapet"
)
SV_YOU = _one("ni|er|ert|era|du|företaget|man")
SV_KEEP = (
    r"har|hade|ha|vet|spara~|lagra~|registrera~|samla~|behandla~|hanterar|finns|står|skrivit|känner till|sitter på"
    r"|noterat|antecknat|dokumentera~|arkivera~|ha kvar|har kvar|lagt in"
)
SV_PLACE = _one(
    r"(?:kund|medlems)?(?:register|registret|databas~|listor|lista|arkiv|arkivet|rullor|böcker|system|systeme[nt])"
    r"|kundlista~|kunddatabas~|crm|hos er"
)
SV_ERASE = _one(
    r"radera[rst]?|raderad~?|radering(?:en)?|ta(?:r|s|git|gits)? (?:\S+ )?bort|bort(?:ta~)?|få bort|förstör~|förinta~",
    r"plocka(?:r|s)? (?:\S+ )?bort|stryk~|rensa~|avlägsna~|utplåna~|makulera~|sudda~|avidentifi~|anonymisera~|gallra~",
    r"slänga?|slängs|kasta[rs]?|försvinn~|nollställ~|delet~|göra? (?:er|dig) av med|eliminera~",
)
SV_GET = _one(
    r"kopi~|utdrag|insyn|sammanställning|lista|del av|få ut|få se|ut|utlämna~|begär~|var|varifrån",
    r"vem|vilka|hur|bekräfta|skicka|exportera|tillgång till|sparar|lagrar|behandlar|hanterar|använder|delar|delat",
    "säljer|sålt|ladda (?:ner|ned|hem)|få hem|mejla|maila|redovisa|redogör~|ge mig",
)


SV_SOFT = _one(r"mejl|mail|e-post|bilder|foton|inspelningar|samtal|anteckningar|ärenden|konversationer|meddelanden")


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
        _near(SV_ERASE, _one("det|vad|allting|allt"), SV_YOU, _one(SV_KEEP), gap=15),
        _near(SV_ERASE, _one("alla|samtliga|gamla"), SV_SOFT, gap=20),
        _near(SV_SOFT, _one(SV_ABOUT, f"av {SV_ME}"), SV_ERASE, gap=20),
        _near(SV_ERASE, SV_SOFT, _one(f"(?:om|av) {SV_ME}"), gap=20),
        _near(
            SV_ERASE, _one("allt|alla spår", SV_DATA), _one("efter mig|hör(?:ande)? till (?:det|kontot|mig)"), gap=20
        ),
    )


def _swedish_leaving() -> tuple[str, ...]:
    """The person is to be gone."""
    at_once = (
        "tack|helt|och|nu|omgående|omedelbart|genast|snarast|hos er|fullständigt|permanent|för alltid|snälla|så fort"
    )
    removing = (
        "(?:radera~|avregistrera~|glöm|glömma|glömmer|stryka?|stryker|släng|slänga|rensa|ta(?:r|git)? (?:helt )?bort"
        "|plocka(?:r|t)? bort|få bort|lyft(?:a|er)? ut)"
    )
    out = _one(
        f"{removing} {SV_ME}",
        r"borttagen|bort tagen|raderad|struken|försvinna|försvinner|finnas|finns|står|förekommer|vara|ligger"
        r"|ligga|synas|syns|bort",
    )
    return (
        rf" (?:radera|glöm|ta (?:helt )?bort|stryk|plocka bort|(?:att|ska) ni glömmer) (?:mig|mej|oss)"
        rf"(?: $| [.,]| (?:{at_once}) )",
        rf" (?:er|dig) att {removing} (?:mig|mej|oss) ",
        _near(_one(f"{removing} {SV_ME}"), _one("allt|alla", SV_DATA), _one(SV_KEEP, SV_ABOUT), gap=30),
        _near(
            _one("inte|aldrig|varför|fortfarande"),
            _one("(?:finnas|finns|ligger|ligga|står|stå|är|vara|synas|syns)(?: jag)?"),
            _one("kvar|fortfarande|längre|mer"),
            _one("hos er|i ert|i er|i era"),
            gap=10,
        ),
        _near(_one("inte|aldrig"), _one("finnas|finns|synas|syns|förekomm~"), _one("hos er"), gap=25),
        _near(
            _one("inte|vill|önskar|ska|måste|borde|bli|blir|varför|fortfarande"),
            out,
            _one("ur|från|i"),
            SV_PLACE,
            gap=25,
        ),
        _near(_one(rf"{removing} {SV_ME}"), SV_PLACE, gap=25),
        _one(r"bli(?:r|vit)? (?:\S+ )?(?:raderad|borttagen|bortglömd|glömd av \S+|anonym)"),
        _near(SV_PLACE, _one("försvinna|bort|ut därifrån"), gap=40),
    )


def _swedish_seeing() -> tuple[str, ...]:
    """What somebody has about the person, where it is from and who gets it."""
    about = _one(f"(?:om|kring|rör|rörande|berör) {SV_ME}", r"koppla~ till (?:mig|mitt \S+|min \S+)|på mitt \S+")
    return (
        _near(_one("vad|vilka|vilken|allt|register|något", SV_DATA), SV_YOU, _one(SV_KEEP), _one(SV_ABOUT)),
        _near(_one(SV_KEEP), _one("allt", SV_DATA), _one(SV_ABOUT)),
        _near(_one("vad|allt", SV_DATA), _one(SV_KEEP), _one(f"om {SV_ME}")),
        r" (?:lagrat|sparat|registrerat) om en (?:$| ?[.,])",
        _near(SV_GET, _one("allt|historik", SV_DATA), about),
        _near(_one("allt|alla data|all data|all information"), SV_YOU, _one(SV_KEEP), gap=12),
        _near(_one(r"utdrag|kopi~|sammanställning"), _one("register", SV_DATA), SV_YOU + "|" + _one(SV_ME), gap=30),
        _near(SV_GET, SV_MINE, gap=40),
        _near(SV_MINE, _one(r"utlämna~|skickade|exporterade"), gap=30),
        _near(_one("register"), _one("jag (?:förekommer|finns|står|är med)"), gap=25),
        _near(
            _one("var|varifrån|hur"), SV_YOU, _one(r"fått|fick|hitta~|kom över|tag i"), _one(SV_TRAIT, SV_DATA), gap=20
        ),
        _near(_one("varifrån|hur"), SV_YOU, _one(r"har"), _one(SV_TRAIT), gap=12),
    )


def _swedish_asking() -> tuple[str, ...]:
    """Whether something is kept, for how long, who reads and gets it; to have it handed out."""
    mails = _one(rf"{SV_OWNER} (?:(?:mejl|mail|meddelanden|ärenden?|e-post)|{SV_DATA})|person(?:upp?gifter|data)")
    return (
        _near(_one("finns|har|sparar|lagrar"), _one("några", SV_DATA), _one(f"om {SV_ME}"), gap=25),
        _near(_one("hur länge"), _one("sparar?|sparas|lagra[rs]|behåller|ligger|finns"), mails, gap=15),
        _near(
            _one("vem|vilka"),
            _one(r"läst|läser|tittat|ser|sett|kommer åt|tillgång till|del av|öppnat"),
            mails,
            gap=15,
        ),
        _near(
            _one("vem|vilka|vart|lämnar ni|delar ni|säljer ni"),
            _one(r"lämnar?|lämnat|vidare|ut|dela~|skicka~|sålt|säljer|sprida|spridit|fått|gett|ge"),
            _one(rf"(?:min|mina|mitt) (?:{SV_DATA}|namn|e-?post|adress)", f"{SV_DATA} om {SV_ME}"),
            gap=25,
        ),
        _near(_one("ha|få|flytta|ta|har"), _one("ut|med|över|hem|ned|ner"), SV_MINE, gap=15),
        _near(_one("vad|allt"), SV_YOU, _one("vet|har|sparat|skrivit|noterat"), _one(SV_ABOUT), gap=20),
        _near(_one("vad|hur|varför"), _one("gör|använd~|behandla~|hantera~"), SV_YOU, SV_MINE, gap=15),
    )


def _swedish_objecting() -> tuple[str, ...]:
    """Object, restrict, correct."""
    stop = _one(
        r"invänd~|motsätt~|sluta|upphör~|begränsa~|återkalla~|förbjud~|rätta~|rättelse|korrigera~|flytta|frys~|pausa"
    )
    mine = SV_MINE + "|" + _one(SV_TRAIT)
    return (
        _near(stop, SV_MINE),
        _near(_one("sluta|upphör|sluta med"), _one(SV_KEEP), _one("allt", SV_DATA), _one(SV_ABOUT), gap=20),
        _near(
            _one("inte|aldrig|förbjud~"),
            mine,
            _one(r"används?|användas|sparas?|lagras?|behandlas?|delas?|säljas?"),
            gap=30,
        ),
        _near(
            _one("inte|ingen|aldrig"),
            SV_YOU,
            _one("har kvar|ha kvar|behåller|behålla|sparar|spara|lagra~"),
            mine,
            gap=30,
        ),
        _near(_one("fel"), _one("namn|födelsedatum|personnummer|adress|födelseår"), _one("på|om"), _one(SV_ME), gap=15),
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

EN_KIN = (
    r"(?:husband|wife|spouse|partner|son|daughter|child|children|kids?|mother|father|mum|mom|dad|brother|sister|family"
    r"|parents?|client|person)"
)
EN_ME = rf"(?:me|myself|us|him|her|them|my (?:\S+ )?{EN_KIN})"
EN_DATA = r"(?:data|details|info|information|records?|history)"
EN_KIND = (
    r"(?:(?:own|personal|personel|customer|user|private|stored|contact|purchase|order|chat|support|medical|old) )?"
)
EN_MINE = _one(
    rf"(?:my|his|her|our|one's) {EN_KIND}(?:{EN_DATA}|file)",
    r"(?:personal|personel) (?:data|info|information|details)",
)
EN_OWN = _one(rf"my {EN_KIND}(?:data|details|information)")
EN_TRAIT = (
    r"my (?:\S+ and )?(?:(?:phone|mobile|e-?mail|home|postal) )?"
    r"(?:number|address|(?:sur|last |first )?name|e-?mail|details|date of birth|birth ?date)"
)
EN_ACCOUNT = _one(r"my (?:\S+ )?(?:acc?ount|profile|membership)")
EN_YOU = _one(r"you(?:'ve|'re)?|your (?:company|systems?|database|files|records)|u")
EN_KEEP = (
    r"have|has|had|got|hold|holding|know|stor~|keep|keeping|kept|collect~|process~|held|wrote|written|gathered|recorded"
    r"|retain~|saved?"
)
EN_ABOUT = (
    r"(?:about|on|of|concerning|regarding|mention~|naming|relating to|related to|pertaining to|associated with)"
    rf" {EN_ME}"
)
EN_ERASE = _one(
    r"del[ei]?te|deleting|deletion|eras(?:e|ing|ure)|remov(?:e|ing|al)|wip(?:e|ing)|destroy~|destruction|discard~",
    r"purg(?:e|ing)|anonymi[sz](?:e|ing)|rid of|scrub~|expunge|shred~|forget|nuke|dispos(?:e|ing) of|bin|trash|clear",
)
EN_ERASED = (
    r"(?:deleted|erased|removed|wiped|destroyed|purged|anonymi[sz]ed|gone|scrubbed|forgotten|expunged|shredded"
    r"|taken (?:out|off|down))"
)
EN_GET = _one(
    r"copy|copies|acc?ess?|see|view|export~|provide~|disclos~|request~|obtain~|receive|download|list|overview|print~",
    r"shar(?:e|ed|ing)|sell~",
)
EN_ASK = _one(r"which|what|who|where|how|how long|whether|if")
EN_USE = _one(
    r"shar~|sold|sell|pass~|given?|us(?:e|ing)|handl~|process~|disclos~|read|reading|kept|keep|stor~|see|access"
)
EN_PLACE = _one(r"registers?|systems?|databases?|records|files|books|servers?|crm|customer (?:list|base)|lists")


def _english_erasing() -> tuple[str, ...]:
    """The deed before or behind what it is done to."""
    return (
        _near(EN_ERASE, EN_MINE),
        _near(EN_MINE, _one(EN_ERASED), gap=2),
        _near(EN_MINE, _one(rf"be (?:\S+ )?{EN_ERASED}", f"(?:and|want) (?:them|it) {EN_ERASED}"), gap=30),
        EN_MINE + r".{0,70}" + _one("(?:delete|erase|remove) (?:them|it)"),
        _near(EN_ERASE, _one("everything|all", EN_DATA), _one(EN_ABOUT), gap=30),
        _near(EN_ERASE, _one("everything", EN_DATA), EN_YOU, _one(EN_KEEP), gap=20),
        _near(_one("delete|deleting|deletion|erase|wipe|delte|nuke"), _one("my user") + "|" + EN_ACCOUNT, gap=25),
        _near(
            _one("close|remove|cancel|terminate"),
            EN_ACCOUNT,
            _one("all|permanently|completely|from your", EN_DATA),
            gap=40,
        ),
        _near(_one("permanently (?:close|remove|cancel)"), EN_ACCOUNT, gap=10),
        _near(EN_ACCOUNT, _one("data|details"), _one(EN_ERASED, "off"), gap=12),
        _near(EN_ERASE, _one("whatever|anything|what|all|stuff"), EN_YOU, _one(EN_KEEP), _one(EN_ABOUT, "my"), gap=20),
        _near(
            _one("pictures|photos?|recordings|e-?mails|notes|messages|tickets"),
            _one(EN_ABOUT, "mine"),
            EN_ERASED,
            gap=20,
        ),
        _near(EN_ERASE, _one("pictures|photos|recordings|e-?mails|notes|messages|tickets"), _one(EN_ABOUT), gap=15),
        _near(
            EN_ERASE,
            _one("everything|all|anything", EN_DATA),
            _one(
                r"(?:linked|tied|connected|attached) to it|that goes with it|"
                r"associated with it|(?:with|bearing) my name"
            ),
            gap=20,
        ),
    )


def _english_leaving() -> tuple[str, ...]:
    """The person, or what names them, is to be gone."""
    at_once = "please|and|now|completely|entirely|fully|permanently|for good|asap|immediately"
    removing = "(?:(?:remov|delet|eras|wip|purg|tak|strik)(?:e|ing)|scrub|get)"
    still = "still|even|yet|keep being|not"
    return (
        rf" (?:delete|erase|forget) (?:me|us)(?: $| [.,]| (?:{at_once}|from) )",
        rf" (?:remove) me(?: $| [.,]| (?:{at_once}) )",
        _near(_one(rf"{removing} (?:{EN_ME}|(?:all )?(?:of )?{EN_TRAIT})"), EN_PLACE, gap=35),
        _near(
            _one(r"ask~|want|wish|request~|demand~|like|need|insist~|require|told"),
            _one(rf"to be (?:\S+ )?{EN_ERASED} (?:$|[.,]|at once|immediately|now|please|completely|and)"),
            gap=25,
        ),
        _near(_one("i|me|we|my \\S+"), _one(still), _one("in|on"), _one("your"), EN_PLACE, gap=12),
        _near(_one(rf"{removing} {EN_ME}"), _one("everything|all|anything"), EN_YOU, _one(EN_KEEP), gap=15),
        _near(_one("nothing|no trace|any trace|traces?"), _one(r"with my name|of me|about me"), gap=10),
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
        _near(EN_ASK, _one(EN_DATA), _one("there is|is there|exists?|is kept|are kept|is stored"), linked, gap=20),
        _near(
            _one("every|all|any|each"),
            _one("records?|e-?mails?|notes?|documents?|calls?|tickets?"),
            _one(EN_ABOUT),
            gap=20,
        ),
        _near(
            _one("does|is|do|are"),
            EN_YOU + "|" + _one("there"),
            _one("any|some"),
            _one(EN_DATA),
            _one(EN_ABOUT),
            gap=20,
        ),
        _near(
            EN_ASK, _one("my personal (?:data|information|details)"), _one("used|processed|shared|stored|whom"), gap=20
        ),
        _near(_one("what"), EN_YOU, _one("do|doing"), _one("with"), EN_MINE, gap=12),
        _near(whole, EN_YOU, _one(EN_ABOUT), gap=20),
        r"what do you know about me ",
        _near(EN_GET + "|" + EN_ASK, EN_MINE, EN_YOU, gap=30),
        _near(EN_GET, _one("(?:my|the) personel data|my personal (?:data|info|information|details)")),
        _near(_one("send|give|provide|see|copy"), _one(f"personal {EN_DATA}"), EN_YOU, _one(EN_KEEP), gap=20),
    )


def _english_asking() -> tuple[str, ...]:
    """Where it is from, for how long it is kept, who reads and gets it; to have it handed out."""
    mails = _one("my (?:e-?mails?|messages|mails?|tickets|letters)")
    return (
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
        _near(_one("who|who's|whom"), EN_USE + "|" + _one("got|seen|received|opened"), EN_MINE + "|" + mails, gap=20),
        _near(_one("how long"), _one("keep|store|retain|hold|kept|stored|retained"), EN_MINE + "|" + mails, gap=15),
        _near(
            _one(r"take|move|port|transfer|download"),
            _one("my (?:personal )?data (?:$|[.,]|and|as|from|in|out|please|that|to|with)"),
            gap=20,
        ),
        _near(
            _one(r"requests?|requesting|demand"),
            _one("(?:all )?(?:of )?my (?:personal )?(?:data|records|file)"),
            gap=12,
        ),
        _near(
            _one("entitled to|right to|by law"), _one("see|know|access|receive|what"), EN_YOU + "|" + EN_MINE, gap=40
        ),
        _near(_one("where|how"), EN_YOU, _one(r"get|got|gotten|obtain~"), EN_MINE + "|" + _one(EN_TRAIT), gap=20),
    )


def _english_objecting() -> tuple[str, ...]:
    """Object, restrict, correct."""
    stop = _one(
        r"object~|stop|restrict~|withdraw|cease|correct~|rectif~|amend~|process~|transfer~|transmit|limit|pause|freeze"
    )
    mine = EN_MINE + "|" + _one(EN_TRAIT)
    linked = _one(EN_ABOUT, r"(?:tied|linked|connected) to my \S+")
    return (
        _near(stop, EN_OWN, gap=40),
        _near(
            _one("no longer|not|never|no right|don't"),
            _one("having|keeping|holding|storing|using|use", EN_KEEP),
            mine,
            gap=30,
        ),
        _near(mine, _one("(?:never|not) (?:agreed|consented|gave)"), gap=40),
        _near(
            _one("not|never|don't|stop"),
            EN_MINE,
            _one("(?:to be |being )?(?:used|shared|sold|stored|kept|processed)"),
            gap=25,
        ),
        _near(
            _one("stop|quit|cease"),
            _one("storing|keeping|saving|holding|collecting|processing|using"),
            _one(EN_DATA),
            linked,
            gap=20,
        ),
        _near(_one("got|have|wrong|incorrect"), _one(EN_TRAIT), _one("wrong|incorrect|corrected|misspelled"), gap=15),
        _near(_one(EN_DATA), _one(EN_ABOUT), stop, gap=40),
        _near(stop, _one(EN_DATA), _one(EN_ABOUT), gap=30),
        _near(_one("change|correct|fix|update|amend"), _one(EN_TRAIT), EN_PLACE, gap=20),
        _near(stop, _one("profiling|direct marketing"), gap=20),
        _near(_one(EN_TRAIT), _one("wrong|incorrect|inaccurate"), _one("in|on"), EN_PLACE, gap=20),
    )
