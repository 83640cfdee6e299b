"""Persons planted on a desk in every place that can hold one."""

from __future__ import annotations

import io
import zipfile
import zlib
from email.message import EmailMessage
from email.policy import SMTP

import msgspec

from tests.cases.shop import Shop
from ticketctl.domain.ticket.message import Person

NAMES = (
    "Anna Öberg|anna.oberg", "Per Dag|per.dag", "Bo Sten|bo.sten", "Åsa Lind|asa.lind", "Dag Ek|dag.ek",
    "Stig Alf Rose|stig.rose", "Björn Linn|bjorn.linn", "María José Núñez|maria.nunez", "Jean-Luc Étoile|jeanluc",
    "O'Brien Kelly|obrien", "Łukasz Żółć|lukasz", "Göran Ågren|goran.agren", "Ylva Hägg|ylva.hagg",
    "Sten Stensson|sten.stensson", "Alf Svensson|alf.svensson", "Rose Marie Blom|rosemarie", "Kim Love|kim.love",
    "Mehmet Yılmaz|mehmet", "Ingrid af Ugglas|ingrid", "Carl von Linné|carl.linne", "Sofia Papadopoulou|sofia",
    "Zhang Wei Li|zhang.wei", "Nguyễn Văn An|nguyen", "Eva-Lena Strömqvist|evalena", "Dr. Hans Frisk|hans.frisk",
    "Linn Ros|linn.ros", "Ove Sjögren|ove.sjogren", "Tove Hav|tove.hav", "Ali Reza Karimi|ali.karimi",
    "Mo Farah Jansson|mo.farah",
)  # fmt: skip


class Planted(msgspec.Struct, frozen=True):
    name: str
    address: str
    phrase: str  # words of theirs, which nobody else has

    @property
    def words(self) -> tuple[str, ...]:
        return (self.name, self.address, self.phrase)

    @property
    def header(self) -> str:
        message = EmailMessage(policy=SMTP)
        message["From"] = f'"{self.name}" <{self.address}>'
        return str(message["From"])


def persons() -> list[Planted]:
    pairs = [one.split("|") for one in NAMES]
    return [Planted(name, f"{local}@hemlig{at}.example", f"xqz{at}kanarie") for at, (name, local) in enumerate(pairs)]


def docx(text: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
    return out.getvalue()


def coded_pdf() -> bytes:
    """ "Anna Öberg" in a code of the font's own, as programs write that keep only the letters they need of a font."""
    stream = b"BT /F1 12 Tf 72 720 Td <01020203040506070809> Tj ET"
    glyphs = b"/A/n/a/space/Odieresis/b/e/r/g"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%b\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/AAAAAA+Own/Encoding<</Type/Encoding/Differences[1%b]>>>>" % glyphs,
    ]
    body, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 6\n0000000000 65535 f \n%btrailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        table,
        len(body),
    )
    return body + end


def pdf(text: str) -> bytes:
    body = zlib.compress(f"BT ({text.encode('cp1252', 'replace').decode('cp1252')}) Tj ET".encode("cp1252", "replace"))
    return b"%PDF-1.4\n1 0 obj <</Filter /FlateDecode>>\nstream\n" + body + b"\nendstream endobj\n%%EOF\n"


def mail_in_mail(who: Planted) -> EmailMessage:
    inner = EmailMessage(policy=SMTP)
    inner["From"], inner["Subject"] = who.header, f"inne {who.phrase}"
    inner.set_content(f"{who.name} skrev detta {who.phrase}", cte="base64")
    return inner


def winmail(text: str) -> bytes:
    return b"\x78\x9f\x3e\x22" + b"\x01\x00" * 8 + text.encode("utf-16-le") + b"\0\0"


def calendar(who: Planted) -> bytes:
    lines = f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nATTENDEE;CN={who.name}:mailto:{who.address}\r\nSUMMARY:{who.phrase}"
    return (lines + "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n").encode()


def mail(who: Planted, at: int, *, subject: str = "", to: str = "support@exempel.example") -> bytes:
    """A mail of theirs with every kind of attachment."""
    one = EmailMessage(policy=SMTP)
    one["From"], one["To"], one["Subject"] = who.header, to, subject or f"Fråga av {who.name}"
    one["Message-ID"] = f"<{who.phrase}.{at}@{who.address.partition('@')[2]}>"
    text = f"Hej, jag heter {who.name} och {who.phrase}.\nRing mig.\n\nMvh\n{who.name}\n{who.address}\n"
    one.set_content(text, cte=("base64", "quoted-printable", "8bit")[at % 3])
    one.add_alternative(f"<p>Hej, jag heter <b>{who.name}</b></p><p>{who.phrase} {who.address}</p>", subtype="html")
    for name, kind, data in (
        (f"{who.name}.txt", "text/plain", f"{who.name} {who.phrase}".encode()),
        ("sida.html", "text/html", f"<p>{who.name} {who.phrase}</p>".encode()),
        (f"cv {who.name}.pdf", "application/pdf", pdf(f"{who.name} {who.phrase}")),
        ("brev.docx", "application/octet-stream", docx(f"{who.name} {who.phrase}")),
        ("winmail.dat", "application/octet-stream", winmail(f"{who.name} {who.phrase}")),
        ("bokning.ics", "text/calendar", calendar(who)),
    ):
        main, _, sub = kind.partition("/")
        one.add_attachment(data, maintype=main, subtype=sub, filename=name)
    one.add_attachment(mail_in_mail(who))
    return bytes(one)


def fetched(shop: Shop, raw: bytes) -> None:
    """Comes in from a Maildir, byte for byte."""
    folder = shop.folder / "in"
    for part in ("new", "cur", "tmp"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    (folder / "new" / f"{len(list(folder.rglob('*')))}.x").write_bytes(raw)
    shop.run("fetch", f"maildir:{folder}", user="system")


QUOTES = (
    "Den 3 maj 2026 kl. 14:03 skrev {name} <{address}>:\n> jag heter {name} och {phrase}.\n> Ring mig.",
    "On Mon, 4 May 2026 at 14:03, {name} <{address}> wrote:\n\n> jag heter {name} och {phrase}.",
    "-----Ursprungligt meddelande-----\nFrån: {name} <{address}>\nSkickat: den 3 maj 2026 14:03\nTill: support\n"
    "Ämne: Fråga\n\nHej, jag heter {name} och {phrase}.",
    "From: {name} [mailto:{address}]\nSent: Monday, May 4, 2026 2:03 PM\nTo: support\nSubject: Fråga\n\n"
    "Hej, jag heter {name} och {phrase}.",
    '________________________________\nFrån: "{name}" <{address}>\nTill: support <support@exempel.example>\n\n'
    "Hej, jag heter {name} och {phrase}.",
    "> {name} <mailto:{address}> skrev:\n>> jag heter {name} och {phrase}.\n>> Ring mig.",
)


def quoted(who: Planted, style: int) -> str:
    return QUOTES[style % len(QUOTES)].format(name=who.name, address=who.address, phrase=who.phrase)


def plant(shop: Shop, who: Planted, at: int) -> dict[str, int]:
    """Mails, replies, notes, drafts, outbox, quarantine, facts, and a friend's ticket that names them. Returns the
    numbers of the tickets: "own", "with" (a friend takes part), "of" (a friend's)."""
    fetched(shop, mail(who, at))
    own = _latest(shop)
    shop.run("note", own, "--text", f"@bo {who.name} ({who.address}) {who.phrase} ringde")
    shop.run("label", own, f"+kund {who.phrase}")
    shop.run("reply", own, "--text", f"Hej {who.name}! Vi tittar på {who.phrase}", "--no-check", "--stay-open")
    shop.run("escalate", "-q", user="system")
    shop.run("send", "-q", user="system")
    friend = f"Vän {at} <van{at}@granne.example>"
    shop.mail(friend, "Min egen fråga", f"Hej!\n\nMin egen text nummer {at} är kvar.\n\n{quoted(who, at)}\n")
    of = _latest(shop)
    shop.mail(
        who.header.replace("\n", " "),
        "Vår gemensamma fråga",
        f"Hej, {who.phrase} från {who.name}",
        message_id=f"gem{at}@hemlig{at}.example",
        headers=f"Cc: van{at}@granne.example\n",
    )
    both = _latest(shop)
    shop.mail(
        friend,
        "Sv: Vår gemensamma fråga",
        f"Jag håller med {who.name} om sak {at}.\n\n{quoted(who, at + 3)}",
        f"gem{at}@hemlig{at}.example",
    )
    shop.run("reply", both, "--text", f"Hej {who.name} och vän {at}!\n{who.phrase}", "--no-check", "--draft")
    shop.run("person", "note", who.address, f"{who.name} vill ha {who.phrase}")
    drafts = shop.folder / "data" / "drafts"
    drafts.mkdir(mode=0o700, exist_ok=True)
    (drafts / f"reply-{own}-abc{at}.txt").write_text(f"Hej {who.name}, {who.phrase}")
    shop.run("fetch", "-", user="system", stdin=f"\x00\x01 {who.name} {who.address} {who.phrase}")
    return {"own": own, "of": of, "with": both}


def _latest(shop: Shop) -> int:
    with shop.store.reading() as desk:
        return max(one.number for one in desk.find(archive=True))


def person(who: Planted) -> Person:
    return Person(who.address, who.name)
