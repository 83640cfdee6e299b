"""The starter's rule for requests about personal data: it labels them however they are worded, starts a clock of 30
days, and leaves mails alone that only use the same words."""

from __future__ import annotations

from datetime import timedelta
from textwrap import fill

import pytest

from tests.conftest import NOW, ROOT, Office
from ticketctl.domain.deadlines.promises import running

SWEDISH = [
    "Jag vill ha ett registerutdrag.",
    "Hej! Jag begär registerutdrag enligt artikel 15.",
    "Radera mig tack",
    "Ta bort alla uppgifter ni har om mig.",
    "Ni får gärna radera mitt konto och allt som hör till det.",
    "Vad har ni sparat om mig egentligen?",
    "Vilka uppgifter har ni om mig?",
    "Jag vill veta vilken information ni lagrar om mig och varför.",
    "Jag åberopar rätten att bli bortglömd.",
    "Med stöd av GDPR begär jag att få ut det ni har.",
    "Skicka en kopia på mina personuppgifter.",
    "Jag vill ta del av mina personuppgifter.",
    "Kan ni lämna ut allt ni har registrerat om mig?",
    "Jag vill bli borttagen ur ert kundregister.",
    "Ta bort mig från era system, tack.",
    "Jag vill att mina uppgifter raderas omgående.",
    "Begäran om radering av personuppgifter",
    "Hur länge sparar ni mina personuppgifter, och kan de tas bort?",
    "Var snälla och glöm mig, jag vill inte finnas hos er mer.",
    "Jag önskar få all min data utlämnad i digitalt format.",
    "Jag kräver att ni förstör alla uppgifter som rör mig.",
    "Enligt dataskyddsförordningen har jag rätt att få veta vad ni vet om mig.",
    "Jag återkallar mitt samtycke och vill få mina data raderade.",
    "Kan jag få se vad som står om mig i ert register?",
    "Avsluta mitt konto och ta bort min information.",
    "Hej, min fru fick mejl från er. Radera hennes och mina uppgifter.",
    "Jag vill utöva mina rättigheter enligt GDPR.",
    "Begär utdrag ur era register om mig, personnummer skickar jag vid behov.",
    "Sluta behandla mina personuppgifter!",
    "Jag har sagt upp mig som kund: se till att alla spår av mig försvinner ur er databas.",
    "Skicka allt ni har på mig.",
    "Kan ni ta bort mitt namn och min adress ur systemet?",
    "Jag vill få reda på vilka personuppgifter ni behandlar om mig.",
    "Var vänlig radera samtliga uppgifter kopplade till mig.",
    "Jag vill inte längre finnas kvar i ert register.",
    "Önskar få ut en lista på all information som ni har kring min person.",
    "Hej, kan ni plocka bort mig ur systemet?",
    "Jag vill att ni tar bort allt som rör mig.",
    "Vill begära ett utdrag över de uppgifter ni har.",
    "Kan jag få en sammanställning av mina personuppgifter?",
    "Ni ska radera min profil inom en månad.",
    "Jag vill ha mina personuppgifter raderade.",
    "Vad finns sparat om mig hos er?",
    "Jag motsätter mig att ni behandlar mina personuppgifter.",
    "Skicka över samtlig data som finns om min person.",
    "Jag vill säga upp mitt konto och att alla mina personuppgifter tas bort.",
    "Kan ni bekräfta om ni behandlar uppgifter om mig?",
    "Jag begär härmed insyn i mina uppgifter.",
    "Varifrån har ni fått mina uppgifter?",
]
ENGLISH = [
    "This is a subject access request.",
    "Please delete my data.",
    "I would like a copy of all personal data you hold about me.",
    "What information do you have on me?",
    "Erase everything you have about me.",
    "Under the GDPR I request access to my personal data.",
    "Delete me",
    "Please remove my account and all associated information.",
    "I want to exercise my right to be forgotten.",
    "DSAR",
    "Kindly provide me with the data that you have collected about me.",
    "Pursuant to article 17 I ask you to erase my details.",
    "Could you tell me what you know about me?",
    "I withdraw my consent. Please wipe my records.",
    "I am making an access request for my records.",
    "Please forget me and take me out of your database.",
    "Remove my personal information from your systems.",
    "How long do you keep my personal data, and who gets it?",
    "Data subject request",
    "I want you to destroy all data relating to me.",
    "Can I see which of my details are stored with you?",
    "I invoke my right of access.",
    "Send me everything you've got on me.",
    "Stop processing my personal data.",
    "I'd like my personal details deleted, please.",
    "Request for erasure of personal data",
    "Please close my account and delete all my details.",
    "My data should be removed from your records immediately.",
    "I object to the processing of my personal data.",
    "Please export all my data, I am entitled to data portability.",
    "I request that you disclose all information concerning me.",
    "Am I in your database? If so, please take my details off it.",
    "Please send me a full export of my data.",
    "I want all of my personal information erased.",
    "Do you store any data about me?",
    "Kindly delete all records you hold on me.",
    "I no longer want you to keep my details.",
    "Please provide a copy of my personal data.",
    "Where did you get my personal data from?",
    "Take my data down and confirm.",
    "I would like to see the personal information you have on file for me.",
    "Please anonymise or delete my customer profile.",
    "Can you delete my account permanently?",
    "Could you get rid of all the information you have about me?",
    "What personal data do you process?",
    "I'd like to know what data you hold on me.",
    "Please confirm whether you are processing my personal data.",
    "I am writing to request erasure under Article 17 GDPR.",
    "Please correct my personal data in your system.",
]
OTHERS = [
    "Jag har ändrat mina uppgifter i kassan, stämmer adressen nu?",
    "Kan ni ta bort en vara ur min order?",
    "Jag råkade radera mejlet med kvittot, kan ni skicka det igen?",
    "Ta bort mig från nyhetsbrevet, tack.",
    "Hur raderar jag ett bokmärke i appen?",
    "Vilken information behöver ni för att byta storlek?",
    "Kan ni skicka information om leveranstider?",
    "Vad har ni för öppettider?",
    "Jag har glömt mitt lösenord och kommer inte in på mitt konto.",
    "Glöm mig inte när rean börjar!",
    "Kan jag få en kopia på kvittot?",
    "Alla uppgifter om produkten finns på sidan, men jag hittar inte vikten.",
    "Registret i pianot låter konstigt.",
    "Hur ändrar jag mitt konto till företag?",
    "Ni kan radera min förra fråga, det löste sig.",
    "Vi är konsulter och hjälper er med GDPR-utbildning.",
    "Er integritetspolicy länkar till en sida som inte finns.",
    "Det står fel namn på mitt paket.",
    "Stäng av reklamen i appen",
    "Jag vill veta mer om ert företag.",
    "Ta bort fläcken, hur gör man?",
    "Mitt konto är spärrat, kan ni öppna det?",
    "Skicka allt på en gång, tack.",
    "Jag begär pengarna tillbaka.",
    "Kan ni se om mitt paket har kommit?",
    "Vem har rätt att returnera?",
    "Tack för informationen om mig passade tiden bra.",
    "Uppgifterna på fakturan är fel, det ska stå 500 kr.",
    "Jag vill ha utdrag ur katalogen.",
    "Radera inte mitt konto, jag vill ha det kvar.",
    "I deleted the email with my receipt, can you resend it?",
    "Please remove one item from my order.",
    "How do I delete a bookmark?",
    "Take me off the newsletter please.",
    "What information do you need from me?",
    "I cannot access my account.",
    "Please send me information about your prices.",
    "My account was deleted by mistake, please restore it.",
    "Can I get a copy of my invoice?",
    "Access to the car park was blocked.",
    "All the information you have on the blue lamp would help.",
    "I forgot my password.",
    "Could you see where my parcel is?",
    "The data cable is broken.",
    "You have the right to return it within 30 days, says your page.",
    "Please update my delivery address.",
    "We offer GDPR training for small companies.",
    "What do you know about this product?",
    "The right of way sign is missing.",
    "Remove the stain: how?",
    "Please don't delete my account, I will use it again.",
    "Request a quote for 20 chairs",
    "The download of my data sheet fails.",
    "I want to change my details in the profile, the button does nothing.",
    "Is the wipe machine washable?",
    "Everything you have in blue, please send me the list.",
    "Erase button on the remote does not work",
    "Thanks for the information, it helped me.",
    "Which records do you sell on vinyl?",
    "My personal favourite is the red one.",
    "Can I export my order list to Excel?",
    "Access request: please give Erik access to the shared folder.",
    "How do I edit my personal details in the app?",
]


@pytest.fixture
def starter(office: Office) -> Office:
    (office.folder / "rules.yaml").write_text((ROOT / "ticketctl/starter/rules.yaml").read_text("utf-8"), "utf-8")
    return office


def labelled(office: Office, texts: list[str]) -> list[str]:
    """Those of the texts that the rule labels, each a mail of its own."""
    box = office.folder / "box"
    for name in ("cur", "new", "tmp"):
        (box / name).mkdir(parents=True)
    for number, text in enumerate(texts):
        head = f"From: k{number}@kund.example\nTo: support@example.com\nSubject: Hej\n"
        head += f"Message-ID: <{number}@kund.example>\nContent-Type: text/plain; charset=utf-8\n"
        (box / "new" / f"{number:03}").write_text(f"{head}\n{text}\n", "utf-8")
    office.run("fetch", f"maildir:{box}")
    with office.store.reading() as desk:
        found = {one.requester.address: one for one in desk.find(texts=True)}
    return [text for number, text in enumerate(texts) if "gdpr" in found[f"k{number}@kund.example"].labels]


@pytest.mark.parametrize("texts", [SWEDISH, ENGLISH], ids=["sv", "en"])
def test_every_wording_of_a_request_is_labelled(starter: Office, texts: list[str]) -> None:
    assert len(texts) >= 30
    found = labelled(starter, texts)
    assert [text for text in texts if text not in found] == []


# what must be found at least, of 100. `a` to `f` were learnt from; `g` was written with `f`, before the rule was looked
# at, and set aside: nothing of it was learnt from. It is by the same hand, so other people's wordings may do worse.
FLOORS = {"a": 95, "b": 95, "c": 95, "e": 95, "f": 95, "g": 86}


@pytest.mark.parametrize("group", FLOORS)
def test_how_many_of_the_wordings_are_found(starter: Office, group: str) -> None:
    asked = [(language, text) for language in ("sv", "en") for text in wordings(language, "ask", group)]
    others = [text for language in ("sv", "en") for text in wordings(language, "not", group)] if group != "g" else []
    marked = labelled(starter, [text for _, text in asked] + others)
    for language in ("sv", "en"):
        of = [text for one, text in asked if one == language]
        found = [text for text in of if text in marked]
        print(f"{group} {language}: {len(found)} of {len(of)} found")
        assert 100 * len(found) >= FLOORS[group] * len(of)
    false = [text for text in others if text in marked]
    print(f"{group}: {len(false)} of {len(others)} others labelled")
    assert 100 * len(false) <= 3 * len(others), false


def wordings(language: str, kind: str, group: str) -> list[str]:
    file = ROOT / "tests/config/personal_data" / f"{language}-{kind}-{group}.txt"
    return file.read_text("utf-8").splitlines()


def test_a_line_that_is_broken_in_the_middle(starter: Office) -> None:
    texts = [fill(text, 24) for text in (*SWEDISH, *ENGLISH)]
    found = labelled(starter, texts)
    assert [text for text in texts if text not in found] == []


def test_words_alone_make_no_request(starter: Office) -> None:
    assert len(OTHERS) >= 60
    assert labelled(starter, OTHERS) == []


def test_the_clock_runs_thirty_days_whatever_is_answered(starter: Office) -> None:
    labelled(starter, ["Jag vill ha ett registerutdrag."])
    owed = running(starter.get(1))
    assert owed and owed.due_at == NOW + timedelta(days=30)
    starter.now += timedelta(minutes=5)
    starter.run("reply", 1, "--text", "Vi har fått din begäran och återkommer.", user="alice")
    still = running(starter.get(1))
    assert still and still.due_at == owed.due_at
    starter.run("promise", 1, "kept")
    assert running(starter.get(1)) is None


def test_a_date_promised_in_a_reply_does_not_take_its_place(starter: Office) -> None:
    labelled(starter, ["Please delete my data."])
    owed = running(starter.get(1))
    starter.now += timedelta(minutes=5)
    starter.run("promise", 1, "2026-11-25")
    first = running(starter.get(1))
    assert owed and first and first.due_at < owed.due_at
    starter.now += timedelta(minutes=5)
    starter.run("reply", 1, "--text", "Here is the first part.")
    assert running(starter.get(1)) == owed
    starter.now += timedelta(minutes=5)
    starter.run("close", 1, "--set", "category=konto", "--cause", "annat")
    assert running(starter.get(1)) is None


def test_a_week_before_the_end_the_team_is_told(starter: Office) -> None:
    labelled(starter, ["Radera mig tack"])
    for days, told in ((22, False), (23, True)):
        starter.now = NOW + timedelta(days=days)
        starter.run("escalate", "--clock-is-right")
        assert (starter.get(1).priority == "high") is told
