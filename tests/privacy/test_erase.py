"""`person erase`: nothing of the person is left, and nothing of anybody else's is lost."""

from __future__ import annotations

import json
import random
import shutil
from email.message import EmailMessage

import pytest

from tests import planted
from tests.cases.shop import Shop
from tests.cases.test_retention import aged
from tests.privacy.planting import Planted, coded_pdf, docx, fetched, mail, persons, plant
from ticketctl.domain.privacy import registry
from ticketctl.ports.audit import Entry
from ticketctl.store.tiny.desk import TinyDesk
from ticketctl.usecases.privacy import erase as erasing
from ticketctl.usecases.upkeep.blob_cleanup import named

PRIVACY = "report: {to: [chef@exempel.example], every: monday 07:00}\n"


@pytest.fixture
def shop(open_shop) -> Shop:
    return open_shop(PRIVACY).at("2026-06-01T09:00+02:00")


def left(shop: Shop, who: Planted) -> list[str]:
    return planted.hits(shop.folder / "data", who.words)


def erase(shop: Shop, who: Planted, *more: str) -> str:
    return shop.say("person", "erase", who.address, "--yes", "--files", "keep", *more)


@pytest.mark.parametrize("at", [0, 1, *[pytest.param(at, marks=pytest.mark.long) for at in range(2, 30)]])
def test_a_planted_person_is_nowhere_afterwards(shop: Shop, at: int) -> None:
    who, other = persons()[at], persons()[(at + 1) % 30]
    numbers = plant(shop, who, at)
    plant(shop, other, (at + 1) % 30)
    assert len(left(shop, who)) > 10
    erase(shop, who)
    assert left(shop, who) == []
    assert len(left(shop, other)) > 10
    assert f"Min egen text nummer {at} är kvar." in shop.get(numbers["of"]).messages[0].text
    assert f"om sak {at}." in shop.get(numbers["with"]).messages[1].text


ANNA = Planted("Anna Öberg", "anna.oberg@hemlig0.example", "xqz0kanarie")


def figures(shop: Shop) -> dict[str, object]:
    """Every month of two years, without what people wrote and the head of the log."""
    months = [f"{year}-{month:02}" for year in (2025, 2026) for month in range(1, 13)]
    told = {month: shop.figures("--month", month) for month in months if month < "2026-12"}
    return {
        month: {key: value for key, value in one.items() if key not in ("lessons", "audit", "made_at", "at")}
        for month, one in told.items()
    }


def test_figures_of_past_months_stay(shop: Shop) -> None:
    shop.at("2026-03-02T09:00+01:00")
    plant(shop, ANNA, 0)
    shop.at("2026-03-03T09:00+01:00")
    shop.mail("Bo Ek <bo@granne.example>", "Annat", "Hej")
    shop.run("merge", 4, "--into", 1)
    for number in (1, 2, 3):
        shop.run("reply", number, "--text", "Klart.", "--no-check", "--to", "bo@granne.example", "--close", "--cause",
                 "leverans")  # fmt: skip
    shop.cron("send", "-q")
    shop.at("2026-07-01T09:00+02:00").cron("escalate", "-q")
    before = figures(shop)
    erase(shop, ANNA)
    assert figures(shop) == before
    assert left(shop, ANNA) == []


def test_nothing_that_waits_is_sent(shop: Shop) -> None:
    shop.mail("Anna Öberg <anna.oberg@hemlig0.example>", "Hej", "xqz0kanarie")
    shop.run("reply", 1, "--text", "Hej Anna!", "--no-check", "--later", "tomorrow 08:00")
    erase(shop, ANNA)
    shop.at("2026-06-03T09:00+02:00").cron("escalate", "-q")
    shop.cron("send", "-q")
    assert json.loads(shop.say("outbox", "--json") or "[]") == []
    assert planted.hits(shop.folder / "data", ANNA.words) == []


HOOKS = """
webhooks:
  - {name: lager, url: 'https://lager.example/hook', secret_command: echo x, texts: true}
  - {name: räknare, url: 'https://count.example/hook', secret_command: echo x}
"""


def events(shop: Shop) -> list[int]:
    """The tickets of those that wait for a webhook."""
    with shop.store.reading() as desk:
        return [one.ticket for one in desk.outbox() if one.medium == "hook"]


def test_events_that_wait_for_a_webhook_are_deleted_and_its_receiver_is_named(open_shop) -> None:
    shop = open_shop(PRIVACY + HOOKS).at("2026-06-01T09:00+02:00")
    shop.mail("Anna Öberg <anna.oberg@hemlig0.example>", "Hej", "xqz0kanarie")
    shop.mail("Bo Ek <bo@granne.example>", "Annat", "Hej")
    waiting = events(shop)
    assert waiting.count(1) >= 2 and waiting.count(2) >= 2
    assert "webhook lager (lager.example): it gets the texts" in shop.say("person", "show", ANNA.address)
    done = shop.run("person", "erase", ANNA.address, "--yes", "--files", "keep")
    assert "other programs of ours got: lager (lager.example)" in done.stdout and "räknare" not in done.output
    assert left(shop, ANNA) == [] and 2 in events(shop)
    assert "texts of tickets: lager (lager.example)" in shop.say("privacy", "check")


def test_a_file_of_two_stays_with_the_other(shop: Shop) -> None:
    data = b"samma fil"
    for who in ("Anna Öberg <anna.oberg@hemlig0.example>", "Bo Ek <bo@granne.example>"):
        one = EmailMessage()
        one["From"], one["To"], one["Subject"] = who, "support@exempel.example", "Fil"
        one.set_content("se fil")
        one.add_attachment(data, maintype="application", subtype="pdf", filename="a.pdf")
        fetched(shop, bytes(one))
    sha = shop.get(2).messages[0].attachments[0].sha256
    erase(shop, ANNA)
    assert shop.store.blobs.get(sha) == data and shop.get(1).messages[0].attachments == ()
    shop.run("person", "erase", "bo@granne.example", "--yes")
    assert not shop.store.blobs.has(sha)


def test_files_of_others_that_name_them_are_a_decision(shop: Shop) -> None:
    shop.mail("Anna Öberg <anna.oberg@hemlig0.example>", "Hej", "xqz0kanarie")
    one = EmailMessage()
    one["From"], one["To"], one["Subject"] = "Bo Ek <bo@granne.example>", "support@exempel.example", "Fil"
    one.set_content("se fil")
    one.add_attachment(docx("Anna Öberg var här"), maintype="application", subtype="octet-stream", filename="b.docx")
    fetched(shop, bytes(one))
    assert "file of somebody else that mentions them: #2 m1 b.docx" in shop.say(
        "person", "erase", ANNA.address, "--dry-run"
    )
    assert "use `--files keep` or" in shop.trouble("person", "erase", ANNA.address, "--yes", code=5)
    assert shop.get(1).subject == "Hej"
    shop.run("person", "erase", ANNA.address, "--yes", "--files", "delete")
    assert shop.get(2).messages[0].attachments == () and left(shop, ANNA) == []
    assert shop.get(2).messages[0].text == "se fil"


@pytest.mark.extra("pdf")
def test_a_pdf_with_a_code_of_its_own_is_read_too(shop: Shop) -> None:
    shop.mail("Anna Öberg <anna.oberg@hemlig0.example>", "Hej", "xqz0kanarie")
    one = EmailMessage()
    one["From"], one["To"], one["Subject"] = "Bo Ek <bo@granne.example>", "support@exempel.example", "Fil"
    one.set_content("se fil")
    one.add_attachment(coded_pdf(), maintype="application", subtype="pdf", filename="b.pdf")
    fetched(shop, bytes(one))
    raw = shop.get(2).messages[0].raw
    shop.run("person", "erase", ANNA.address, "--yes", "--files", "delete")
    assert shop.get(2).messages[0].attachments == () and not shop.store.blobs.has(raw)


def test_a_hold_keeps_a_ticket_until_it_is_lifted(shop: Shop) -> None:
    for subject in ("Ett", "Två"):
        shop.mail("Anna Öberg <anna.oberg@hemlig0.example>", subject, "xqz0kanarie")
    shop.run("hold", 2, "--reason", "tvist")
    told = erase(shop, ANNA)
    assert "tickets on legal hold, erased when the hold ends: 1" in told
    assert shop.get(1).messages[0].text == "" and shop.get(2).messages[0].text == "xqz0kanarie"
    shop.run("hold", 2, "--lift")
    assert shop.get(2).messages[0].text == ""
    assert left(shop, ANNA) == []


@pytest.mark.parametrize("days", [1, 7, pytest.param(30, marks=pytest.mark.long)])
def test_a_backup_that_is_put_back_is_cleaned_before_the_first_command_reads(shop: Shop, days: int) -> None:
    plant(shop, ANNA, 0)
    plant(shop, persons()[1], 1)
    data = shop.folder / "data"
    shutil.copytree(data, shop.folder / "backup", symlinks=True)
    shop.at(f"2026-06-{days:02}T12:00+02:00")
    erase(shop, ANNA)
    shutil.rmtree(data)
    (shop.folder / "backup").rename(data)
    assert len(left(shop, ANNA)) > 10
    assert "Öberg" not in shop.say("list", "--all")
    assert left(shop, ANNA) == []
    assert len(left(shop, persons()[1])) > 10


def test_a_caller_without_mail_is_known_again_in_a_backup(shop: Shop) -> None:
    caller = "Åsa på ICA 070-123 45 67"
    shop.run("new", "--requester", caller, "--text", "xqz0kanarie")
    shop.run("new", "--requester", "Olle 070-999 88 77", "--text", "Annat")
    data = shop.folder / "data"
    shutil.copytree(data, shop.folder / "backup", symlinks=True)
    shop.run("person", "erase", caller, "--yes")
    shutil.rmtree(data)
    (shop.folder / "backup").rename(data)
    assert "Åsa" not in shop.say("list", "--all")
    assert planted.hits(data, [caller, "xqz0kanarie"]) == []
    assert shop.get(2).requester.name == "Olle 070-999 88 77"


def test_a_backup_file_is_cleaned_when_it_is_restored(shop: Shop) -> None:
    plant(shop, ANNA, 0)
    shop.run("backup", shop.folder.parent / "kopia.tar.gz")
    shop.at("2026-06-08T12:00+02:00")
    erase(shop, ANNA)
    new = Shop(shop.folder.parent / "ny").at("2026-06-09T09:00+02:00")
    shutil.rmtree(new.folder)
    new.folder.mkdir()
    shutil.copytree(shop.folder / "erased", new.folder / "erased")
    shop.run("restore", shop.folder.parent / "kopia.tar.gz", new.folder)
    assert len(left(new, ANNA)) > 10
    assert "Öberg" not in new.say("list", "--all")
    assert left(new, ANNA) == []


def put_back(shop: Shop) -> None:
    """The data/ that `saved` copied."""
    shutil.rmtree(shop.folder / "data")
    (shop.folder / "backup").rename(shop.folder / "data")


def saved(shop: Shop) -> None:
    shutil.copytree(shop.folder / "data", shop.folder / "backup", symlinks=True)


def test_a_backup_that_is_older_than_several_erasures(shop: Shop) -> None:
    first, second, third, stays = (
        Planted(f"{name} Lindqvist-{at}", f"{name.lower()}@hemlig{at}.example", f"xq{at}kanarie")
        for at, name in enumerate(("Ebba", "Nils", "Saga", "Olle"), 1)
    )
    for who in (first, second, third, stays):
        shop.mail(f"{who.name} <{who.address}>", "Hej", f"Jag är {who.name}, {who.phrase}")
    saved(shop)
    for day, who in ((2, first), (5, second), (20, third)):
        shop.at(f"2026-06-{day:02}T12:00+02:00")
        erase(shop, who)
    put_back(shop)
    assert all(left(shop, who) for who in (first, second, third))
    assert "Lindqvist-4" in shop.say("list", "--all")
    assert [left(shop, who) for who in (first, second, third)] == [[], [], []]
    assert left(shop, stays)


@pytest.mark.parametrize("linked_first", [True, False])
def test_a_backup_with_somebody_who_was_joined_from_two_addresses(shop: Shop, linked_first: bool) -> None:
    """The second address was linked before the backup, or after it: then the backup does not know of the link."""
    home = Planted("Anna Öberg", "anna.oberg@hemlig0.example", "xqz0kanarie")
    work = Planted("A Öberg", "anna@jobbet1.example", "xqz1kanarie")
    for who in (home, work):
        shop.mail(f"{who.name} <{who.address}>", "Hej", who.phrase)
    shop.mail("Bo <bo@granne.example>", "Annat", "Bos ord")
    if linked_first:
        shop.run("person", "link", home.address, work.address)
    saved(shop)
    if not linked_first:
        shop.run("person", "link", home.address, work.address)
    shop.run("merge", 2, "--into", 1)
    erase(shop, work)
    assert left(shop, home) == left(shop, work) == []
    put_back(shop)
    assert left(shop, home) and left(shop, work)
    shop.say("list", "--all")
    assert left(shop, home) == left(shop, work) == []
    assert shop.get(3).messages[0].text == "Bos ord"


def test_whoever_writes_again_is_a_new_customer_also_after_a_restore(shop: Shop) -> None:
    shop.mail("Anna Öberg <anna.oberg@hemlig0.example>", "Ett", "xqz0kanarie")
    erase(shop, ANNA)
    shop.at("2026-06-05T09:00+02:00").mail("Anna Öberg <anna.oberg@hemlig0.example>", "Två", "Hej igen")
    (shop.folder / "data" / "desk.json.bak").unlink()
    with shop.store.transaction() as desk:
        desk.remember("erased", "")
    shop.say("list")
    assert shop.get(2).messages[0].text == "Hej igen" and shop.get(1).messages[0].text == ""


def test_the_same_mail_does_not_come_back(shop: Shop) -> None:
    raw = mail(ANNA, 0)
    fetched(shop, raw)
    erase(shop, ANNA)
    fetched(shop, raw)
    assert numbers_of(shop) == [1] and shop.get(1).messages[0].text == ""
    aged(shop, "2026-06-01T10:00+02:00")
    shop.at("2026-06-03T03:30+02:00").cron("purge", "-q")  # of a mail that is left out the bytes go in the night
    assert left(shop, ANNA) == []


STEPS = ("add", "first", "files", "archive", "second")


@pytest.mark.parametrize("step", STEPS)
def test_a_run_that_is_cut_off_is_finished_by_the_next_command(
    shop: Shop, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(shop, ANNA, 0)
    cut = {
        "add": (erasing, "_carry_out"),
        "first": (erasing, "_erase_rest"),
        "files": (erasing, "_remove_files"),
        "archive": (erasing, "delete_unnamed"),
        "second": (TinyDesk, "leave_no_copy"),
    }[step]

    def dies(*_args: object, **_kept: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(*cut, dies)
        ended = shop.invoke("person", "erase", ANNA.address, "--yes", "--files", "keep")
    assert ended.exit_code != 0 and "Certificate" not in ended.output
    assert left(shop, ANNA) != []
    shop.say("list")
    assert left(shop, ANNA) == []


@pytest.mark.long
@pytest.mark.parametrize("seed", range(50))
def test_no_orphans_and_none_missing(shop: Shop, seed: int) -> None:
    """Set of files on disk == set of files that are named, after erasures, merges, moves and purges in any order."""
    rng = random.Random(seed)
    people = rng.sample(persons(), 4)
    for at, who in enumerate(people):
        fetched(shop, mail(who, at))
        if rng.random() < 0.5:  # the same files once more, of somebody else
            fetched(shop, mail(who, at).replace(who.address.encode(), b"van@granne.example"))
    deeds = ["erase", "merge", "unmerge", "purge", "erase", "split", "erase"]
    rng.shuffle(deeds)
    for deed in deeds:
        numbers = numbers_of(shop)
        one, other = rng.sample(numbers, 2)
        if deed == "erase":
            shop.run("person", "erase", people.pop().address, "--yes", "--files", rng.choice(("keep", "delete")))
        elif deed == "purge":
            shop.cron("purge", "-q")
        else:
            more = {"merge": ("--into", other), "unmerge": (), "split": ("m1",)}[deed]
            shop.invoke(deed, one, *more)  # may be refused
        assert stored(shop) == named_blobs(shop), deed


def numbers_of(shop: Shop) -> list[int]:
    with shop.store.reading() as desk:
        return [one.number for one in desk.find(archive=True)]


def stored(shop: Shop) -> set[str]:
    return set(shop.store.blobs.all())


def named_blobs(shop: Shop) -> set[str]:
    with shop.store.reading() as desk:
        return set(named(desk)) - {""}


def test_the_certificate_names_nobody_and_comes_in_swedish(shop: Shop) -> None:
    plant(shop, ANNA, 0)
    told = erase(shop, ANNA, "--language", "sv")
    assert "Intyg om radering" in told and "ärenden" in told
    assert not any(word.casefold() in told.casefold() for word in (*ANNA.words, "hemlig0"))
    assert "the" not in told.split()


def test_the_certificate_counts_files_of_others_that_stay_beside_their_own_that_go(shop: Shop) -> None:
    for who, data in (
        ("Anna Öberg <anna.oberg@hemlig0.example>", b"egen"),
        ("Bo <bo@granne.example>", b"Anna \xd6berg"),
    ):
        one = EmailMessage()
        one["From"], one["To"], one["Subject"] = who, "support@exempel.example", "Fil"
        one.set_content("se fil")
        one.add_attachment(data, maintype="application", subtype="octet-stream", filename="a.txt")
        fetched(shop, bytes(one))
    told = erase(shop, ANNA)
    assert "files deleted: 1" in told and "files of other people that mention the person, kept: 1" in told
    assert len(shop.get(2).messages[0].attachments) == 1


def test_the_list_of_erasures_names_nobody_and_ends(shop: Shop) -> None:
    shop.mail("Anna Öberg <anna.oberg@hemlig0.example>", "Ett", "xqz0kanarie")
    erase(shop, ANNA)
    assert planted.hits(shop.folder / "erased", ANNA.words) == []
    lines = (shop.folder / "erased" / "erasures.jsonl").read_text().splitlines()
    assert len(lines) == 1 and json.loads(lines[0])["until"].startswith("2028-06-01")
    assert (shop.folder / "erased" / "erasures.jsonl").stat().st_mode & 0o777 == 0o600


def test_somebody_with_the_same_name_keeps_it(shop: Shop) -> None:
    shop.mail("Anna Öberg <anna.oberg@hemlig0.example>", "Ett", "xqz0kanarie")
    shop.mail("Anna Öberg <anna@annan.example>", "Två", "Jag heter Anna Öberg")
    assert "somebody else is also called Anna Öberg" in shop.say("person", "erase", ANNA.address, "--dry-run")
    erase(shop, ANNA)
    assert shop.get(2).requester.name == "Anna Öberg" and shop.get(2).messages[0].text == "Jag heter Anna Öberg"


def test_nothing_is_erased_without_a_yes(shop: Shop) -> None:
    shop.mail("Anna Öberg <anna.oberg@hemlig0.example>", "Ett", "xqz0kanarie")
    assert "would permanently erase" in shop.trouble("person", "erase", ANNA.address, code=5)
    assert shop.get(1).messages[0].text == "xqz0kanarie"
    assert not (shop.folder / "erased").exists()


def test_a_measure_that_was_named_after_them_loses_the_name(shop: Shop) -> None:
    shop.mail("Anna Öberg <anna.oberg@hemlig0.example>", "Ett", "xqz0kanarie")
    shop.run("measure", "start", "Snabbare svar till Anna Öberg", "--cause", "leverans")
    erase(shop, ANNA)
    assert left(shop, ANNA) == []
    assert "Snabbare svar till (erased)" in shop.say("measure", "list")


def test_who_else_got_their_data_is_listed_beside_the_certificate(shop: Shop) -> None:
    """GDPR, Art. 19."""
    shop.mail("Anna Öberg <anna.oberg@hemlig0.example>", "Hej", "xqz0kanarie")
    shop.run("reply", 1, "--text", "Klart.", "--no-check", "--cc", "bo@granne.example", "--bcc", "revisor@byra.example")
    shop.cron("send", "-q")
    asked = Entry(
        at=shop.now, actor="alice", action="reply suggestion", ticket=1, why="m7 at ai.example:443, from #9, x"
    )
    shop.session().audit.note(asked)
    plan = shop.say("person", "erase", ANNA.address, "--dry-run")
    assert "bo@granne.example: #1" in plan and "m7 at ai.example:443" in plan
    done = shop.run("person", "erase", ANNA.address, "--yes", "--files", "keep")
    assert "bo@granne.example: #1" in done.stderr and "revisor@byra.example: #1" in done.stderr
    assert "granne" not in done.stdout and "byra" not in done.stdout and ANNA.address not in done.stderr
    assert "other addresses that received mail of these tickets: 2" in done.stdout


def test_what_the_team_wrote_of_them_beside_data_is_named(shop: Shop) -> None:
    """A FAQ entry is impersonal by rule, but its draft is edited by hand."""
    plant(shop, ANNA, 0)
    for place in registry.BESIDE:
        path = shop.folder / place
        if path.suffix != ".yaml":
            name = "sv/svar.j2" if place == "snippets" else "P7.md"
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            path = path / name
        path.write_text((path.read_text("utf-8") if path.exists() else "") + "\n# Anna Öberg frågade\n", "utf-8")
    done = shop.run("person", "erase", ANNA.address, "--yes", "--files", "keep")
    for place in registry.BESIDE:
        assert any(place in line and "mentions them" in line for line in done.stderr.splitlines()), place
