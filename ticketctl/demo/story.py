"""The demonstration's three weeks: what customers write and what Alice and Bo do, in the order of the clock.

All persons, companies and matters are made up. A `Run`'s `{key}` stands for the number of the ticket that holds the mail
of that key. Days count weekdays: 14 is the last one before today.
"""

# ruff: noqa: E501 - what people write is not folded
from __future__ import annotations

from typing import NamedTuple


class Mail(NamedTuple):
    """`answers` names the mail whose ticket's last reply of ours this one answers; `joins` an earlier mail that it
    refers to by Message-ID. `raw` replaces the whole message."""

    key: str
    day: int
    time: str
    sender: str
    subject: str
    text: str
    answers: str = ""
    joins: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    attachment: tuple[str, str, bytes] | None = None
    cc: str = ""
    raw: bytes = b""
    to: str = "support@norrsken.example"


class Run(NamedTuple):
    """One real command, as a person or cron would type it. `agent` is who; `why` is said before it."""

    day: int
    time: str
    agent: str
    line: str
    why: str = ""


ANNA = "Anna Lundqvist <anna@fjallbutiken.example>"
OLLE = "Olle Åkerström <olle@skidklubben.example>"
SARA = "Sara Öberg <sara@obergscykel.example>"
JAMES = "James Whitfield <james@peakgear.example>"
PRIYA = "Priya Nair <priya.nair@lakeside.example>"
GORAN = "Göran Håkansson <goran@hakanssonsport.example>"
MALIN = "Malin Sjöstrand <malin@kust.example>"
TOM = "Tom Becker <tom@alpentour.example>"
EVA = "Eva-Lena Björk <evalena@bjorkfriluft.example>"
PER = "Per Ström <per@stromaventyr.example>"

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c020000000b4944415478da6364f80f00010501012718e3660000"
    "000049454e44ae426082"
)
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)

STORY: tuple[Mail | Run, ...] = (
    # --- the first week ---
    Mail(
        "faktura",
        0,
        "08:12",
        ANNA,
        "Fel belopp på faktura 20418",
        "Hej!\n\nVi har fått faktura 20418 på 12 450 kr, men enligt offerten skulle det vara 11 200 kr.\n"
        "Kan ni titta på det? Förfallodagen är på fredag.\n\nMed vänlig hälsning\nAnna Lundqvist\nFjällbutiken i Åre\n"
        "Tel 0647-555 01",
        attachment=("faktura-20418.pdf", "application/pdf", PDF),
    ),
    Mail(
        "login",
        0,
        "08:40",
        JAMES,
        "Cannot log in to the dealer portal",
        'Hello,\n\nSince this morning the portal says "unknown user" when I log in. I tried two browsers.\n'
        "It is not urgent today, but we need it for Thursday's order.\n\nKind regards,\nJames Whitfield\n"
        "-- \nPeak Gear Ltd\n+44 20 7946 0101",
    ),
    Mail(
        "storlek",
        0,
        "09:05",
        MALIN,
        "Fråga om storlek på Norrsken 40L",
        "Hej, passar ryggsäcken Norrsken 40L någon som är 160 cm lång? Finns den i grönt?\n\nMvh Malin",
    ),
    Run(0, "09:10", "system", "fetch", "Cron fetches the mail. Every message lands on a numbered ticket at once."),
    Run(0, "09:11", "alice", "list", "Alice looks at what came in, what to do next first."),
    Run(0, "09:12", "alice", "show {faktura}", "She reads the first one."),
    Run(0, "09:15", "alice", "assign {faktura} alice"),
    Run(0, "09:16", "alice", "set {faktura} category=faktura area=butik"),
    Run(
        0,
        "09:30",
        "alice",
        "reply {faktura} --wait 3d --promise auto --text 'Vi har förstått att faktura 20418 är 1 250 kr för hög. Jag kontrollerar mot "
        "offerten och skickar en ny faktura senast i morgon.'",
        "A reply is threaded, logged, and the ticket waits for the customer with a wake-up date.",
    ),
    Run(0, "09:35", "bo", "assign {login} me"),
    Run(
        0,
        "09:50",
        "bo",
        "reply {login} --text 'We understand that the portal does not recognise your user. Which e-mail address did you "
        "register with? I can then restore the account within the hour.'",
    ),
    Mail(
        "login2",
        0,
        "10:20",
        JAMES,
        "Re: Cannot log in to the dealer portal",
        "It was james.whitfield@peakgear.example, the old address.\n\nJames\n\n"
        "On Monday Norrsken Support wrote:\n> Which e-mail address did you register with?",
        answers="login",
    ),
    Run(0, "10:25", "system", "fetch -q"),
    Run(
        0,
        "10:40",
        "bo",
        "reply {login} --close --cause handhavande --lesson 'Say on the log-in page which address is the user name' "
        "--text 'Thank you. The account is restored; you can log in with that address now.'",
    ),
    Mail(
        "tack", 0, "11:02", JAMES, "Re: Cannot log in to the dealer portal", "Thanks, works!\n\nJames", answers="login"
    ),
    Run(0, "11:05", "system", "fetch", "A mere thank-you is logged but reopens nothing."),
    Run(
        0,
        "13:10",
        "bo",
        "new --requester 'Göran Håkansson <goran@hakanssonsport.example>' --channel phone "
        "--subject 'Ringde om leverans till Sälen' "
        "--text 'Vill veta om pallen kommer före helgen. Ring tillbaka på 0280-555 12.'",
        "A phone call becomes a ticket too.",
    ),
    Run(0, "15:20", "bo", "note 4 'Ringde tillbaka: pallen kommer på torsdag förmiddag. Nöjd.'"),
    Run(0, "15:21", "bo", "close 4 --cause leverans"),
    Mail(
        "leverans",
        1,
        "08:05",
        SARA,
        "Var är order 100482?",
        "Hej,\n\nVi beställde tio hjälmar den 3:e och har inte fått någon leveransbekräftelse. När kommer de?\n\n"
        "Hälsningar\nSara Öberg\nÖbergs Cykel",
    ),
    Mail(
        "leverans-dubblett",
        1,
        "08:31",
        SARA,
        "Order 100482 - har ni fått mitt mejl?",
        "Hej igen, jag är inte säker på att mitt förra mejl kom fram. Var är order 100482?\n\nSara",
    ),
    Mail(
        "frånvaro",
        1,
        "08:32",
        MALIN,
        "Autosvar: Fråga om storlek på Norrsken 40L",
        "Jag är på semester och läser inte min e-post förrän på måndag.\n\nMalin",
        headers=(("Auto-Submitted", "auto-replied"),),
        joins="storlek",
    ),
    Mail(
        "spam",
        1,
        "08:50",
        "Best Offers <win@prizes.example>",
        "You have WON a cruise!!!",
        "Click here to claim your prize within 24 hours. Limited offer. Send your bank details today.",
    ),
    Run(
        1, "09:00", "system", "fetch", "The next morning. An auto-reply is recognised: never answered, no clock moved."
    ),
    Run(1, "09:02", "alice", "spam {spam}"),
    Run(
        1,
        "09:03",
        "alice",
        "merge {leverans-dubblett} --into {leverans}",
        "Two mails about one order become one ticket.",
    ),
    Run(1, "09:05", "alice", "assign {leverans} bo"),
    Run(
        1,
        "09:20",
        "bo",
        "reply {leverans} --wait 2d --text 'Vi har förstått att ni väntar på tio hjälmar (order 100482). De lämnar lagret i dag "
        "och är hos er på torsdag.'",
    ),
    Run(
        1,
        "10:00",
        "alice",
        "reply {faktura} --close --cause betalning --lesson 'Offertpriset fördes inte över till fakturan' "
        "--text 'En ny faktura på 11 200 kr är skickad. Ni kan bortse från den förra.'",
    ),
    Mail(
        "app",
        2,
        "08:20",
        TOM,
        "App crashes when I export a route",
        "Hi,\n\nthe Norrsken app closes as soon as I tap Export (Android 14, app 3.2.1). Screenshot attached.\n"
        "My guests get their routes as PDF for now, so we can work.\n\nBest regards\nTom Becker\nAlpentour",
        attachment=("crash.png", "image/png", PNG),
    ),
    Mail(
        "app2",
        2,
        "09:14",
        PRIYA,
        "Export in the app does not work",
        "Hello team, when I export a route the app disappears. Android 13. Could you let me know when it is fixed?\n\nPriya",
    ),
    Run(2, "09:30", "system", "fetch -q"),
    Run(2, "09:40", "alice", "label {app} {app2} +reklamation"),
    Run(2, "09:41", "alice", "link {app} {app2}", "Two customers, one fault: linked, not merged."),
    Run(2, "09:42", "alice", "priority {app} {app2} medium"),
    Run(2, "09:45", "alice", "note {app} 'Same stack trace as in 3.2.0. @bo can you ask the developers?'"),
    Run(2, "09:46", "alice", "assign {app} {app2} bo"),
    Run(
        2,
        "10:10",
        "bo",
        "reply {app} --wait 5d --text 'We understand that Export closes the app on Android 14. We can reproduce it; a fix is "
        "planned for next week. Until then, exporting from the web works.'",
    ),
    Run(
        2,
        "10:15",
        "bo",
        "reply {app2} --wait 5d --text 'We understand that Export closes the app. We can reproduce it; a fix is planned for "
        "next week. Until then, exporting from the web works.'",
    ),
    Mail(
        "storlek2",
        3,
        "12:00",
        MALIN,
        "Sv: Fråga om storlek på Norrsken 40L",
        "Hej, jag glömde fråga: har ni den i butiken i Östersund?\n\nMalin",
        joins="storlek",
    ),
    Mail(
        "leverans-tack",
        3,
        "15:40",
        SARA,
        "Sv: Var är order 100482?",
        "Nu kom de! Men en av hjälmarna är blå i stället för svart. Kan jag byta?\n\nSara\n\n"
        "Den tis skrev Norrsken Support:\n> De lämnar lagret i dag och är hos er på torsdag.",
        answers="leverans",
    ),
    Run(3, "16:00", "system", "fetch", "The answer joins its ticket and wakes it."),
    Run(
        3,
        "16:20",
        "bo",
        "reply {storlek} --close --cause 'otydlig information' --lesson 'Skriv längdtabell på produktsidan' "
        "--text 'Ja, 40L passar från 155 cm och finns i grönt. Den finns i butiken i Östersund.'",
    ),
    Run(
        4,
        "09:10",
        "bo",
        "reply {leverans} --close --cause leverans --text 'Ursäkta det! En svart hjälm är på väg, behåll den blå så länge; "
        "returfrakten är betald.'",
    ),
    # --- the second week ---
    Mail(
        "driftstopp",
        5,
        "07:48",
        GORAN,
        "Webbutiken ligger nere!",
        "Hej, vi kan inte lägga order, sidan visar bara fel 500. Vi har kunder i butiken. Ring mig!\n\nGöran Håkansson\n"
        "0280-555 12",
    ),
    Mail(
        "driftstopp2",
        5,
        "07:55",
        EVA,
        "Kan inte logga in",
        "Hej,\nkan inte logga in i butiken, får bara ett felmeddelande. Är det driftstopp?\n\nEva-Lena Björk",
    ),
    Mail(
        "driftstopp3",
        5,
        "08:01",
        JAMES,
        "Portal down?",
        "Is there an outage? The portal gives error 500 for all of us.\n\nJames",
    ),
    Run(5, "08:05", "system", "fetch", "An outage. The rules give it high priority."),
    Run(5, "08:06", "alice", "board"),
    Run(
        5,
        "08:07",
        "alice",
        "merge {driftstopp2} {driftstopp3} --into {driftstopp}",
        "Three customers, one outage: one ticket, and they never learn of each other.",
    ),
    Run(5, "08:08", "alice", "assign {driftstopp} alice"),
    Run(
        5,
        "08:15",
        "alice",
        "reply {driftstopp} --stay-open --promise auto --text 'Vi har förstått att webbutiken ligger nere för er. Felet är hittat och vi startar om; "
        "nästa besked senast kl. 9.'",
        "Each gets a mail of their own; who reads no Swedish is named. A date that a reply promises is watched.",
    ),
    Run(
        5,
        "08:20",
        "alice",
        "reply {driftstopp} --to james@peakgear.example --stay-open --text 'We understand that the portal is down for you. "
        "We have found the fault and restart it; you hear from us again by 9 today.'",
    ),
    Run(
        5,
        "08:50",
        "alice",
        "reply {driftstopp} --to james@peakgear.example --stay-open --text 'The portal is up again since 8:45. A certificate "
        "had expired; we have added an alarm for that.'",
    ),
    Run(
        5,
        "08:52",
        "alice",
        "reply {driftstopp} --close --cause 'fel i produkten' --lesson 'Larm på svarskod 500 i butiken' "
        "--text 'Butiken är uppe igen sedan 8.45. Ett certifikat hade gått ut; vi har lagt till ett larm.'",
    ),
    Mail(
        "kort",
        5,
        "13:20",
        PER,
        "Betalningen drogs två gånger",
        "Hej! Min betalning för order 100519 drogs två gånger från kortet 4111 1111 1111 1111. Kan ni betala tillbaka "
        "den ena?\n\nPer Ström",
    ),
    Mail(
        "studs",
        5,
        "13:25",
        "Mail Delivery System <MAILER-DAEMON@mx.lakeside.example>",
        "Undelivered Mail Returned to Sender",
        "",
        answers="app2",
        raw=b"bounce",
    ),
    Run(5, "13:30", "system", "fetch", "A bounce is put on the message it is about: shown as not delivered."),
    Run(5, "13:31", "bo", "show {app2}"),
    Run(5, "13:40", "alice", "assign {kort} alice"),
    Run(
        5,
        "14:00",
        "alice",
        "reply {kort} --wait 5d --text 'Vi har förstått att order 100519 debiterades två gånger. Den ena betalningen återbetalas i "
        "dag och syns på kontot inom tre bankdagar.'",
    ),
    Mail(
        "sälj",
        6,
        "10:10",
        OLLE,
        "Önskar offert på 30 pannlampor",
        "Hej,\n\nvi är en ny skidklubb och vill ha pris på 30 pannlampor Polaris, levererade före jul.\n\nVänligen\n"
        "Olle Åkerström",
    ),
    Mail(
        "listan",
        6,
        "10:30",
        "Outdoor Dealers <news@dealers-list.example>",
        "[dealers] Autumn newsletter",
        "News for outdoor dealers: trade fair in Gothenburg, new return rules.",
        headers=(("List-Id", "<dealers.dealers-list.example>"), ("Precedence", "bulk")),
    ),
    Mail(
        "trasig",
        6,
        "10:31",
        "",
        "",
        "",
        raw=b"From: =?utf-8?b?w4VrZQ==?= <ake@trasig.example\nSubject: =?x-unknown?q?G=F6r_n=E5got?=\n"
        b'Message-ID: <trasig@trasig.example>\nContent-Type: multipart/mixed; boundary="abc\n\n--abc\nContent-Type: text/plain;'
        b" charset=unknown-8bit\n\nKan ni ringa mig? R\xe4kna med att jag \xe4r hemma.\n",
    ),
    Run(6, "10:40", "system", "fetch", "Broken mail is read as well as it can be; what cannot be read is set aside."),
    Run(6, "10:45", "bo", "assign {sälj} me"),
    Run(6, "10:46", "bo", "set {sälj} category=sälj customer_type=ny"),
    Run(
        6,
        "11:00",
        "bo",
        "reply {sälj} --wait 5d --text 'Vi har förstått att ni vill ha 30 pannlampor före jul. Offerten kommer i nästa mejl i "
        "morgon; leveranstiden är en vecka.'",
    ),
    Mail(
        "sälj2",
        7,
        "09:00",
        OLLE,
        "Re: Önskar offert på 30 pannlampor",
        "Perfekt. Kan ni även lägga till tio reservbatterier?\n\nOlle",
        answers="sälj",
        cc="kassor@skidklubben.example",
    ),
    Mail(
        "faktura2",
        7,
        "09:30",
        ANNA,
        "Sv: Fel belopp på faktura 20418",
        "Hej igen,\n\nnu fick vi en påminnelse på den gamla fakturan. Kan ni kreditera den?\n\nAnna\n\n"
        "Den mån skrev Norrsken Support:\n> En ny faktura på 11 200 kr är skickad.",
        answers="faktura",
    ),
    Run(7, "10:00", "system", "fetch", "The customer writes again: a closed ticket is opened again, and it counts."),
    Run(7, "10:05", "alice", "list --mine"),
    Run(
        7,
        "10:20",
        "alice",
        "reply {faktura} --close --cause betalning --text 'Den gamla fakturan är krediterad och påminnelsen makulerad. Ursäkta "
        "besväret.'",
    ),
    Run(
        7,
        "10:30",
        "bo",
        "reply {sälj} --wait 5d --text 'Tio reservbatterier är tillagda. Offerten gäller i trettio dagar.'",
    ),
    Mail(
        "kort2",
        8,
        "11:00",
        PER,
        "Sv: Betalningen drogs två gånger",
        "Pengarna är tillbaka, tack för hjälpen!\n\nPer",
        answers="kort",
    ),
    Run(8, "11:10", "system", "fetch -q"),
    Run(8, "11:20", "alice", "close {kort} --cause betalning --lesson 'Betalknappen gick att trycka på två gånger'"),
    # --- the third week ---
    Mail(
        "säkerhet",
        10,
        "08:30",
        EVA,
        "Misstänkt intrång på vårt konto",
        "Hej, någon har ändrat leveransadressen på vårt konto i natt. Vi tror att lösenordet är stulet. Vad gör vi?\n\n"
        "Eva-Lena Björk\nBjörk Friluft",
    ),
    Mail(
        "batteri",
        10,
        "09:12",
        TOM,
        "Headlamp battery lasts only one hour",
        "Hello,\nthe Polaris lamp from last month dies after an hour. It is under warranty. What shall I do?\n\nTom Becker",
    ),
    Run(10, "09:20", "system", "fetch"),
    Run(10, "09:22", "alice", "assign {säkerhet} alice"),
    Run(
        10,
        "09:30",
        "alice",
        "reply {säkerhet} --wait 1d --text 'Vi har förstått att ert konto har ändrats av någon annan. Kontot är låst. Byt lösenord via "
        "länken på inloggningssidan, så öppnar vi det så snart ni svarar här.'",
    ),
    Run(10, "10:05", "bo", "assign {batteri} me"),
    Run(
        10,
        "10:15",
        "bo",
        "reply {batteri} --wait 5d --text 'We understand that the lamp dies after an hour. Please charge it with the cable "
        "that came with it; if that does not help we send you a new one within the week.'",
    ),
    Mail(
        "säkerhet2",
        10,
        "11:45",
        EVA,
        "Sv: Misstänkt intrång på vårt konto",
        "Lösenordet är bytt nu.\n\nEva-Lena",
        answers="säkerhet",
    ),
    Mail(
        "app3",
        11,
        "08:10",
        PRIYA,
        "Sv: Export in the app does not work",
        "Any news on the export? My old address had a full mailbox, please use this one.\n\nPriya",
        joins="app2",
    ),
    Mail(
        "app4",
        11,
        "08:45",
        MALIN,
        "Appen stängs när jag exporterar",
        "Hej! Appen stängs när jag exporterar en tur. Android 14.\n\nMalin",
    ),
    Run(11, "09:00", "system", "fetch -q"),
    Run(
        11,
        "09:10",
        "alice",
        "reply {säkerhet} --close --cause handhavande --lesson 'Erbjud tvåstegsinloggning' "
        "--text 'Kontot är öppet igen och adressen återställd. Slå gärna på tvåstegsinloggning under Inställningar.'",
    ),
    Run(
        11,
        "09:30",
        "bo",
        "reply {app2} --close --cause 'fel i produkten' --text 'Version 3.2.2 with the fix is in the store since yesterday.'",
    ),
    Run(
        11,
        "09:32",
        "bo",
        "reply {app} --close --cause 'fel i produkten' --text 'Version 3.2.2 with the fix is in the store since yesterday.'",
    ),
    Run(
        11,
        "09:40",
        "bo",
        "reply {app4} --close --cause 'fel i produkten' --text 'Vi har förstått att appen stängs vid export. Det är rättat i "
        "version 3.2.2 som finns i butiken sedan i går.'",
    ),
    Mail(
        "öppet",
        12,
        "10:00",
        ANNA,
        "Öppettider i mellandagarna?",
        "Hej! Har ni öppet i mellandagarna, och går det att hämta order då?\n\nAnna",
    ),
    Mail(
        "dublett",
        12,
        "10:00",
        ANNA,
        "Öppettider i mellandagarna?",
        "Hej! Har ni öppet i mellandagarna, och går det att hämta order då?\n\nAnna",
        raw=b"same as \xc3\xb6ppet",
    ),
    Run(12, "10:10", "system", "fetch", "The same mail delivered twice is one message."),
    Run(12, "11:30", "alice", "triage", "Alice goes through what is new; --interactive does it one by one."),
    Run(
        12,
        "11:40",
        "alice",
        "reply {öppet} --close --cause 'otydlig information' --lesson 'Öppettider i mellandagarna på startsidan' "
        "--text 'Vi har öppet den 27, 28 och 30 december kl. 10–15, och det går bra att hämta då.'",
    ),
    Mail("retur", 13, "14:10", SARA, "Retur av blå hjälm", "Hej, hur skickar jag tillbaka den blå hjälmen?\n\nSara"),
    Mail(
        "offert",
        13,
        "15:00",
        OLLE,
        "Sv: Önskar offert på 30 pannlampor",
        "Vi accepterar offerten! Skicka gärna en orderbekräftelse.\n\nOlle",
        answers="sälj",
    ),
    Mail(
        "frakt",
        14,
        "07:55",
        JAMES,
        "Shipping to Ireland",
        "Do you ship to Ireland, and what does it cost for a 12 kg parcel?\n\nJames",
    ),
    Mail(
        "varning",
        14,
        "08:20",
        GORAN,
        "Fel i kassan: betalning går inte igenom",
        "Hej, sedan i morse går ingen betalning igenom i kassan. Brådskande!\n\nGöran",
    ),
    Run(14, "08:30", "system", "fetch"),
    Run(14, "08:35", "bo", "assign {offert} {frakt} bo"),
    Run(14, "08:36", "alice", "assign {varning} alice"),
    Run(
        14,
        "08:50",
        "alice",
        "reply {varning} --stay-open --promise auto --text 'Vi har förstått att ingen betalning går igenom i kassan. Betalväxeln har ett fel; "
        "ta emot kort på terminalen så länge. Nästa besked senast kl. 15.'",
    ),
)
