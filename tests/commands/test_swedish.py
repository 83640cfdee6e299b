"""take, reply, drafts and close in Swedish: no English word beside what is quoted or typed."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from tests.commands.test_reply import Terminal, sent, typed, wrote
from tests.conftest import Office
from ticketctl.domain.ticket.message import Person

# Words that English lines of these commands are made of.
ENGLISH = re.compile(
    r"\b(the|is|are|was|reply|sent|sends|nothing|waits|until|stays|closed|yours|draft|kept|its|it|by|and|not|with|"
    r"there|your|says|but|nobody|already|ticket|first|writing|since|promise|send|anyway|named|wrote|line)\b",
    re.IGNORECASE,
)


def swedish(text: str) -> str:
    """`text`, once it is known to have no English in it, but in commands, options and quotations."""
    own = re.sub(r"`[^`]*`|--[a-z-]+|[”\"'][^”\"']*[”\"']|\S+@\S+|<[^>]*>|\S+\.yaml", "", text)
    assert not ENGLISH.findall(own), text
    return text


@pytest.fixture
def desk(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setenv("TICKETCTL_LANGUAGE", "sv")
    office.make(17)
    return office


def test_a_reply_that_is_sent(desk: Office) -> None:
    said = swedish(desk.say("reply", 17, "--text", "Hej!"))
    assert said == "#17: svar skickat till åsa@kund.example; väntar till fre 2026-11-27 10:00; ärendet är ditt nu\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--later", "monday"], "svaret till åsa@kund.example skickas mån 2026-11-23 08:00; `ticketctl undo 17` tar"),
        (["--draft"], "utkastet är sparat; ärendet är ditt nu; `ticketctl reply 17 --send` skickar det"),
        (["--queue"], "svar i utkorgen till åsa@kund.example; väntar till"),
        (["--stay-open"], "svar skickat till åsa@kund.example; förblir öppet"),
        (["--promise", "friday", "--to", "eva@kund.example"], "; obesvarade: Åsa Öberg <åsa@kund.example> (`ticketctl"),
        (["--check"], "inget att anmärka på"),
    ],
)
def test_what_becomes_of_a_reply(desk: Office, words: list[str], said: str) -> None:
    assert said in swedish(desk.say("reply", 17, "--text", "Hej!", *words))


def test_drafts(desk: Office) -> None:
    assert swedish(desk.say("drafts")) == "Det finns inga utkast.\n"
    desk.run("reply", 17, "--text", "Hej!", "--draft")
    assert swedish(desk.say("drafts")).splitlines()[0].split() == ["#", "av", "ålder", "till", "rubrik", "text"]
    assert swedish(desk.say("drafts", 17, "--drop")) == "#17 utkastet m2 är borttaget\n"
    assert swedish(desk.trouble("drafts", 17, "--drop", code=5)).startswith(
        "ticketctl: #17 har inget utkast som är ditt"
    )


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--text", "Se bilagan."], 5, "texten säger ”Se bilagan”, men ingenting är bifogat; inget skickades"),
        (["--text", "Hej [NAMN]!"], 5, "rad 1: inte ifyllt: [NAMN]"),
        (["--text", "Hej [NAMN]!", "--strict"], 5, "inget skickades, för svar kontrolleras strängt"),
        (["--text", "Hej", "--wait", "1d", "--stay-open"], 2, "--wait och --stay-open går inte ihop"),
        (["--text", "Hej", "--cause", "leverans"], 2, "--cause och --lesson hör till --close"),
        (["--text", "Hej", "--wait", "snart"], 2, "är ingen tid framåt; skriv något av"),
        (["--text", "Hej", "--later", "vecka 60"], 2, "--later: 'vecka 60': 2026 har 53 veckor; skriv något av"),
        (["--text", "Hej", "--cc", "<>"], 2, "är ingen person; skriv"),
        (["--text", "Hej", "--cc", "Ringaren"], 2, "--cc: 'Ringaren' är ingen e-postadress; skriv"),
        (["--text", "Hej", "--to", "support@exempel.example"], 2, "är en av våra egna adresser"),
        (["--text", "Hej", "--close"], 5, "#17 stängs inte: det saknar category"),
        (["--text", "Hej", "--close", "--cause", "okänd"], 2, "orsaken 'okänd' finns inte i causes: i rules.yaml"),
        (["--snippet", "losningen"], 2, "det finns ingen mall 'losningen'"),
        (["--text", " "], 5, "ingen text gavs, så inget ändrades"),
        (["--text", "Hej", "--base-revision", "9"], 5, "#17 har ändrats sedan revision 9"),
    ],
)
def test_what_is_refused(desk: Office, words: list[str], code: int, said: str) -> None:
    assert said in swedish(desk.trouble("reply", 17, *words, code=code))


def test_whom_a_reply_cannot_reach(desk: Office) -> None:
    desk.make(18, requester=Person("noreply@kund.example"))
    assert "ingen läser mejl till noreply@kund.example; inget skickades; `ticketctl reply 18 --to" in swedish(
        desk.trouble("reply", 18, "--text", "Hej", code=5)
    )
    desk.make(19, requester=Person("", "Åsa"))
    assert "Åsa har ingen e-postadress; svara per telefon; `ticketctl note 19` sparar vad som sades" in swedish(
        desk.trouble("reply", 19, "--text", "Hej", code=5)
    )
    assert "det finns inget ärende #99" in swedish(desk.trouble("reply", 99, "--text", "Hej", code=4))
    assert "får bara läsa" in swedish(desk.trouble("reply", 17, "--text", "Hej", user="vera", code=5))


def test_the_questions(desk: Office, tmp_path: Path) -> None:
    terminal = Terminal(desk, tmp_path, typed("Hej [NAMN]! Se bilagan, du får svar senast 2026-12-01."), "reply", 17)
    terminal.answer("Texten säger ”Se bilagan”, men ingenting är bifogat. Skicka ändå? [j/N]", "j")
    terminal.answer("Skicka ändå? [j]a, [r]edigera, [N]ej", "j")
    terminal.answer("löfte: tis 2026-12-01 17:00", "j")
    told = terminal.end()
    assert "varning: rad 1: inte ifyllt: [NAMN]" in told
    assert "svar skickat till åsa@kund.example; förblir öppet, utlovat till tis 2026-12-01 17:00" in told
    assert len(sent(desk)) == 1


def test_what_stands_below_the_text_in_the_editor(desk: Office, tmp_path: Path) -> None:
    script = f'cp "$1" {tmp_path}/seen; {typed("Hej!")}'
    Terminal(desk, tmp_path, script, "reply", 17, "--cc", "eva@kund.example").end()
    _, below = (tmp_path / "seen").read_text("utf-8").split(">8 ------------------------\n")
    own = [line.removeprefix("# ") for line in below.splitlines() if not line.startswith("#   ")]
    assert swedish("\n".join(own)).splitlines()[:6] == [
        "Det du skriver ovanför linjen skickas; linjen och allt nedanför utelämnas.",
        "Skriv ingenting för att inte skicka något.",
        "#",
        "Till Åsa Öberg <åsa@kund.example>",
        "Kopia till eva@kund.example",
        "Om #17 Var är min beställning?",
    ]


def test_what_came_meanwhile_and_what_waits(desk: Office) -> None:
    desk.run("reply", 17, "--text", "Hej!", "--draft")
    wrote(desk, 17, "En sak till.")
    assert "Åsa Öberg <åsa@kund.example> skrev under tiden; `ticketctl show 17`, och svara sedan igen" in swedish(
        desk.trouble("reply", 17, "--send", code=5)
    )
    desk.run("reply", 17, "--text", "Hej!", "--later", "monday")
    assert "#17: svaret m4 av alice skickas mån 2026-11-23 08:00; `ticketctl outbox cancel 17` gör det till ett" in (
        swedish(desk.run("reply", 17, "--text", "Hej igen!").stderr)
    )


def test_several_requesters_of_whom_one_reads_english(desk: Office) -> None:
    desk.make(18, requester=Person("james@peak.example", "James"), text="Where is my order? Please tell me today.")
    desk.change(18, lambda ticket: msgspec.structs.replace(ticket, language="en"))
    desk.change(17, lambda ticket: msgspec.structs.replace(ticket, language="sv"))
    desk.run("merge", 18, "--into", 17)
    said = swedish(desk.say("reply", 17, "--text", "Hej! Din beställning är på väg och kommer fram i morgon."))
    assert "obesvarade: James <james@peak.example> (skrev på engelska, `ticketctl reply 17 --to james@" in said


def test_a_no_keeps_the_text(desk: Office, tmp_path: Path) -> None:
    terminal = Terminal(desk, tmp_path, typed("Se bilagan."), "reply", 17)
    terminal.answer("Skicka ändå? [j/N]", "n")
    told = terminal.end(5)
    assert "inget skickades; `--attach FIL` bifogar något" in told
    assert "din text är sparad som utkast på #17" in told


def test_close_and_take(desk: Office) -> None:
    assert "#17 stängs inte: det saknar category (faktura, support, sälj)" in swedish(desk.trouble("close", 17, code=5))
    close = ("close", 17, "--set", "category=support", "--cause", "leverans")
    assert swedish(desk.say(*close, "--dry-run")).startswith("på prov: #17 stängt")
    said = swedish(desk.say(*close))
    assert said == "#17 stängt (löst, orsak leverans); ingen har svarat kunden\n"
    assert "#17 är redan stängt; orsak och lärdom kan läggas till" in swedish(desk.trouble("close", 17, code=5))
    assert "fältet 'kategori' finns inte i fields: i rules.yaml" in swedish(
        desk.trouble("close", 17, "--set", "kategori=x", code=2)
    )
    assert swedish(desk.say("take")).startswith("Inget att ta")
    desk.make(20)
    assert swedish(desk.say("take", "--dry-run")).startswith("på prov: #20 Var är min beställning? blir ditt")


@pytest.mark.parametrize(("verb", "end"), [("wait", "eller no"), ("promise", "eller kept eller drop")])
def test_a_time_that_is_missing_is_asked_for_in_one_language(desk: Office, verb: str, end: str) -> None:
    trouble = desk.trouble(verb, 17, code=2)
    assert "till när? Skriv det efter ärendet: 4h, 5d" in trouble and trouble.endswith(f", {end}\n")


def test_a_table_in_english_has_no_swedish_dates(desk: Office) -> None:
    folder = desk.folder / "snippets" / "sv"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "klart.j2").write_text("Subject: Klart\n\nHej!\n", "utf-8")
    desk.run("reply", 17, "--snippet", "klart")
    assert "Fri 2026-11-20 10:00" in desk.say("snippets")
