"""The weekly report: when it is mailed, what stands on top, and CSV that a Swedish Excel opens (work/13, work/16)."""

from __future__ import annotations

import csv
import json
import re
from email import message_from_bytes, policy

import pytest

from tests.cases.shop import ASA

WEEKLY = "report: {to: [alice], every: monday 07:00}"


def mailed(shop):
    """The texts of the reports that were mailed, by week."""
    with shop.store.reading() as desk:
        items = sorted((one for one in desk.outbox() if one.kind == "report"), key=lambda one: one.subject)
    mails = [message_from_bytes(shop.store.blobs.get(one.raw), policy=policy.default) for one in items]
    weeks = (re.search(r"(?:v\. |W)(\d\d?):", str(mail["Subject"]))[1] for mail in mails)
    return {f"2026-W{week}": mail.get_body(("plain",)).get_content() for week, mail in zip(weeks, mails, strict=True)}


@pytest.fixture
def angeles(open_shop):
    shop = open_shop(WEEKLY, zone="America/Los_Angeles").at("2026-11-20T09:00-08:00")
    shop.mail(ASA, "Order", "Hej")
    return shop


def test_the_desks_clock_decides_which_week_is_due(angeles):
    assert "0 * * * * " in angeles.say("cron", "show") and "report --email" in angeles.say("cron", "show")
    angeles.at("2026-11-23T07:00+00:00").cron("report", "--email", "-q")  # Sunday 23:00 at the desk
    assert mailed(angeles) == {}
    angeles.at("2026-11-23T14:00+00:00").cron("report", "--email", "-q")  # Monday 06:00
    assert mailed(angeles) == {}
    angeles.at("2026-11-23T15:00+00:00").cron("report", "--email", "-q")  # Monday 07:00
    angeles.at("2026-11-23T16:00+00:00").cron("report", "--email", "-q")
    assert list(mailed(angeles)) == ["2026-W47"]


@pytest.mark.parametrize(
    ("on_again", "weeks"),
    [
        ("2026-11-24T09:00+01:00", ["2026-W47"]),
        ("2026-11-29T23:00+01:00", ["2026-W47"]),  # until the next one is due
        ("2026-11-30T06:00+01:00", ["2026-W47"]),
        ("2026-11-30T07:00+01:00", ["2026-W48"]),
    ],
)
def test_a_week_that_was_slept_through_is_made_up_for(open_shop, on_again, weeks):
    shop = open_shop(WEEKLY).at("2026-11-17T09:00+01:00")
    shop.mail(ASA, "Order", "Hej")
    shop.at(on_again)
    for _ in range(2):
        shop.cron("report", "--email")
    assert list(mailed(shop)) == weeks


def test_a_new_desk_is_not_told_of_weeks_before_it(open_shop):
    shop = open_shop(WEEKLY).at("2026-11-18T09:00+01:00")
    shop.mail(ASA, "Order", "Hej")
    assert "there were no tickets yet" in shop.cron("report", "--email") and mailed(shop) == {}
    assert "in the outbox" in shop.at("2026-11-23T07:00+01:00").cron("report", "--email")


def busy(open_shop):
    shop = open_shop(WEEKLY, causes='causes: [försening, "fel i produkten"]').at("2026-11-16T09:00+01:00")
    shop.mail(ASA, "Order", "Hej")
    shop.mail("Bo <bo@annan.example>", "Faktura", "Hej")
    shop.at("2026-11-16T10:30+01:00").run("reply", 1, "--text", "Hej!")
    shop.run("close", 1, "--cause", "försening", "--lesson", "Säg frakttiden redan i kassan")
    return shop.at("2026-11-23T09:00+01:00")


def test_three_lines_on_top_lessons_and_small_print_at_the_end(open_shop):
    shop = busy(open_shop)
    told = shop.say("--language", "sv", "report", "--week", "2026-W47").strip().splitlines()
    assert told[2:6] == [
        "",
        "2 kom in, 1 stängdes, 1 är öppna.",
        told[4],
        told[5],
    ]
    assert told[4].startswith("Första svar: median 1 h 30 min. ") and "löften hölls." in told[4]
    assert told[5].startswith("1 väntar på ett svar, längst #2: ")
    assert "LÄRDOMAR" in told and any("#1 Säg frakttiden redan i kassan" in line for line in told)
    assert told[-1].startswith("Åtkomstloggen slutar med post") and told[-2] == ""
    report = json.loads(shop.say("report", "--week", "2026-W47", "--json"))
    assert report["lessons"] == [{"ticket": 1, "cause": "försening", "lesson": "Säg frakttiden redan i kassan"}]
    assert report["audit"]["record"] > 0 and len(report["audit"]["mac"]) == 64
    assert "\n1  medium  closed" in shop.say("search", "frakttiden")


def test_no_name_of_a_row_is_cut_off(open_shop):
    name = "kunden hade inte fått någon bekräftelse och visste därför inte att beställningen var mottagen alls"
    shop = open_shop(causes=f'causes: ["{name}"]').at("2026-11-16T09:00+01:00")
    shop.mail(ASA, "Order", "Hej")
    shop.run("close", 1, "--cause", name)
    told = shop.at("2026-11-23T09:00+01:00").say("--language", "sv", "report", "--week", "2026-W47")
    assert "…" not in told and name in " ".join(told.split()).replace(" 1 100 %", "")


def test_the_names_in_the_table_of_times_are_whole_beside_long_durations_and_marks(open_shop):
    shop = open_shop().at("2026-11-16T09:15+01:00")
    shop.mail(ASA, "Order", "Hej")
    shop.at("2026-11-18T10:45+01:00").run("reply", 1, "--text", "Hej!")
    shop.at("2026-11-20T16:55+01:00").run("close", 1)
    told = shop.at("2026-11-23T09:00+01:00").say("--language", "sv", "report", "--week", "2026-W47").splitlines()
    for name in ("Lösning, första stängning", "Lösning, sista stängning", "– därav väntan på kunden"):
        assert any(line.startswith(f"{name}  ") and line.endswith("få, preliminärt") for line in told), name
    assert max(map(len, told)) <= 100


def test_csv_opens_in_a_swedish_excel(open_shop):
    shop = busy(open_shop)
    data = shop.run("report", "--week", "2026-W47", "--csv").stdout_bytes
    assert data.startswith(b"\xef\xbb\xbffigure;value\r\n") and b"\n" not in data.replace(b"\r\n", b"")
    rows = dict(csv.reader(data.decode("utf-8-sig").splitlines(), delimiter=";"))
    assert rows["causes.counts.försening"] == "1"
    assert rows["first_response.calendar.median_minutes"] == "90,0"


def test_csv_of_an_english_desk_and_for_programs(open_shop):
    shop = busy(open_shop)
    plain = shop.run("report", "--week", "2026-W47", "--csv=plain").stdout_bytes
    assert plain.startswith(b"figure,value\r\n") and b"median_minutes,90.0\r\n" in plain
    rules = shop.folder / "rules.yaml"
    rules.write_text(rules.read_text("utf-8").replace("language: sv", "language: en"), "utf-8")
    english = shop.run("report", "--week", "2026-W47", "--csv").stdout_bytes
    assert english.startswith(b"\xef\xbb\xbffigure,value\r\n") and b"median_minutes,90.0\r\n" in english
