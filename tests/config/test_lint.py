"""What is valid and probably not meant: each with its place, and what to do."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.conftest import Office
from ticketctl.config import load
from ticketctl.config.lint import lint
from ticketctl.domain.rules.usage import Usage

HEAD = """\
version: 1
desk: {name: A, timezone: UTC}
"""
TEAM = "team: [{name: bo, email: bo@example.se}]\n"
MAIL = "outgoing: {maildir: data/sent, from: a@example.se}\n"
KEPT = "privacy: {retention: [{raw_mail: 90 days}, {when: {status: closed, closed_for: 1y}, then: delete}]}\n"
HOURS = "hours: {mon-fri: 08:00-17:00}\n"
TARGETS = "targets: {high: {first_response: 1h}, medium: {first_response: 4h}, low: {first_response: 1d}}\n"
GOOD = TEAM + MAIL + KEPT + HOURS + TARGETS


def warnings(tmp_path: Path, text: str, usage: Usage | None = None) -> list[str]:
    path = tmp_path / "rules.yaml"
    path.write_text(HEAD + text, "utf-8")
    return lint(load(path), path.read_bytes(), usage=usage)


def test_a_good_file_has_none(tmp_path: Path) -> None:
    assert warnings(tmp_path, GOOD) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (GOOD.replace(TEAM, ""), "1:1: team: nobody is listed; nothing can be assigned: add `{name: …, email: …}`"),
        (
            "team: [{name: bo, email: b@e.se}, {name: eva, email: e@e.se, login: eva}]\n" + GOOD.replace(TEAM, ""),
            "3:1: team: no login for bo: they must say who they are unless that is their user name; add `login:`",
        ),
        (
            GOOD.replace(MAIL, ""),
            "1:1: outgoing: is missing; replies cannot leave: add `smtp:` or `maildir:`, and `from:`",
        ),
        (
            GOOD.replace(MAIL, "outgoing: {smtp: {host: h}, from: a@example.se}\n"),
            "4:1: outgoing: no user, so the server is not logged in to; add `user:` if it wants that",
        ),
        (
            GOOD.replace(KEPT, ""),
            "1:1: privacy: no retention; closed tickets are kept for ever: add `retention:`",
        ),
        (
            GOOD + "labels: {values: [a, b, c], at_most: 2}\n",
            "8:1: labels: 3 of them, more than 2; too many choices slow triage: take some out, or raise at_most",
        ),
        (
            GOOD.replace(HOURS, ""),
            "1:1: hours: is missing; promises count nights and weekends too: add `mon-fri: 08:00-17:00`",
        ),
        (
            GOOD.replace(TARGETS, ""),
            "1:1: targets: is missing; nothing is promised: add `medium: {first_response: 4h}`",
        ),
        (
            GOOD.replace(TARGETS, "targets: {medium: {first_response: 4h}}\n"),
            "7:1: targets: nothing is promised for high and low; add a line for each",
        ),
        (
            GOOD.replace("high: {first_response: 1h}", "high: {first_response: 2h, resolution: 20h}"),  # over two days
            None,
        ),
        (
            GOOD.replace("low: {first_response: 1d}", "low: {first_response: 3d, resolution: 4h}"),
            "7:75: targets: low promises a first response (3d) later than the resolution (4h); make it shorter",
        ),
        (
            GOOD.replace("high: {first_response: 1h}", "high: {first_response: 6h}"),
            "7:18: targets: high waits longer for a first response (6h) than medium (4h); make it shorter",
        ),
    ],
)
def test_what_is_told(tmp_path: Path, text: str, expected: str | None) -> None:
    assert warnings(tmp_path, text) == ([f"rules.yaml:{expected}"] if expected else [])


def test_steps_for_targets_that_there_are_none_of(tmp_path: Path) -> None:
    text = (
        "escalation: [{when: {unassigned: 2h}, then: [{notify: team}]}, {when: {used: 75%}, then: [{notify: team}]}]\n"
    )
    found = warnings(tmp_path, GOOD.replace(TARGETS, "") + text)
    assert found[1] == "rules.yaml:7:64: escalation: 75% never happens without targets: add some"
    assert len(found) == 2


# --- rules ---

TESTED = "tests: [{name: t, given: {}, expect: {fired: [a, b]}}]\n"


def about(tmp_path: Path, one: str, other: str = "{id: b, events: [created], then: [{note: x}]}") -> list[str]:
    """What is told of two rules, without the file's name."""
    head = GOOD + "labels: [vip, drift]\nfields: {area: {values: [app, web]}}\n"
    text = f"{head}rules:\n  - {one}\n  - {other}\n{TESTED}"
    return [told.removeprefix("rules.yaml:") for told in warnings(tmp_path, text)]


@pytest.mark.parametrize(
    ("when", "reason"),
    [
        ("{all: [{status: new}, {status: waiting}]}", "status any_of new and status any_of waiting"),
        ("{priority: high, not: {priority: {any_of: [high, low]}}}", "priority any_of high and not priority any_of"),
        ("{all: [{area: app}, {area: {none_of: [app, web]}}]}", "area any_of app and area none_of app, web"),
        ("{all: [{label: vip}, {labels: {none_of: [vip, drift]}}]}", "labels has vip and labels none_of"),
        ("{machine: true, all: [{any: [{machine: false}]}]}", "machine true"),
        ("{attachment.count: {at_least: 3, at_most: 2}}", "attachment.count at_least 3 and at_most 2"),
        ("{all: [{since_created: {at_least: 5d}}, {since_created: {at_most: 3d}}]}", "since_created at_least 5d"),
        (
            "{sender: {domain: a.se}, all: [{sender: {domain: b.se}}]}",
            "sender.domain is a.se and sender.domain is b.se",
        ),
        ("{all: [{subject: {is: hej}}, {subject: {any_of: [tack, nej]}}]}", "subject is hej and subject any_of tack"),
        ("{all: [{hours: inside}, {hours: outside}]}", "hours inside and hours outside"),
        ("{all: [{sender: {known: true}}, {sender: {first_contact: true}}]}", "sender known"),
        ("{text: {any_word: [hej]}, not: {text: {contains: hej}}}", "text any_word hej and not text contains hej"),
        (
            "{any: [{all: [{status: new}, {status: open}]}, {all: [{hours: inside}, {hours: outside}]}]}",
            "status any_of",
        ),
        ("{not: {any: [{status: new}]}, status: new}", "status any_of new"),
    ],
)
def test_conditions_that_exclude_each_other(tmp_path: Path, when: str, reason: str) -> None:
    found = about(tmp_path, f"{{id: a, events: [created], when: {when}, then: [{{note: x}}]}}")
    assert len(found) == 1
    assert found[0].startswith("11:32: rule a: never fires: ")
    assert reason in found[0] and "take one out" in found[0]


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        (
            "{id: a, events: [created, sweep], when: {status: closed}, then: [{note: x}]}",
            "11:13: rule a: never fires at sweep: status any_of closed and status none_of closed",
        ),
        (
            "{id: a, events: [sweep], once: per_wait, when: {status: open}, then: [{note: x}]}",
            "11:46: rule a: never fires: status any_of open and status any_of waiting",
        ),
        (
            "{id: a, events: [customer_message], when: {machine: true}, then: [{note: x}]}",
            "11:41: rule a: never fires: machine true and machine false",
        ),
        (
            "{id: a, events: [closed], then: [{wait: 2d}]}",
            "11:31: rule a: wait 2d does nothing at closed: the ticket is closed then; ",
        ),
        (
            "{id: a, events: [created], then: [{set: {area: app}}, {set: {area: web}}]}",
            "11:32: rule a: sets area 2 times; the last one wins: take the others out",
        ),
        (
            "{id: a, events: [created], then: [{label: vip}, {unlabel: [vip]}]}",
            "11:32: rule a: gives and takes the label vip; take one of them out",
        ),
    ],
)
def test_rules_that_do_nothing(tmp_path: Path, rule: str, told: str) -> None:
    found = about(tmp_path, rule)
    assert len(found) == 1
    assert found[0].startswith(told)


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("", "when: {label: vip}, "),
        ("when: {text: {any_word: [nere, stopp]}}, ", "when: {subject: {any_word: [nere]}}, "),
        ("when: {subject: {contains: stopp}}, ", "when: {subject: {is: Driftstopp}, machine: false}, "),
        ("when: {priority: {any_of: [high, low]}}, ", "when: {priority: high}, "),
        ("when: {any: [{label: vip}, {label: drift}]}, ", "when: {labels: {has: [vip, drift]}}, "),
        ("when: {labels: {none_of: [vip]}}, ", "when: {labels: {none_of: [vip, drift]}}, "),
        ("when: {attachment.count: {at_least: 1}}, ", "when: {attachment.count: {at_least: 2, at_most: 9}}, "),
        ("when: {since_created: {at_least: 1d}}, ", "when: {since_created: {at_least: 2d}}, "),
        ("when: {not: {label: vip}}, ", "when: {all: [{not: {label: vip}}, {machine: false}]}, "),
        ("when: {priority: {none_of: [low]}}, ", "when: {any: [{priority: high}, {priority: medium}]}, "),
    ],
)
def test_rules_that_an_earlier_one_stops(tmp_path: Path, earlier: str, later: str) -> None:
    one = f"{{id: a, events: [created, customer_message], {earlier}then: [{{note: x}}], stop: true}}"
    found = about(tmp_path, one, f"{{id: b, events: [created], {later}then: [{{note: y}}]}}")
    assert len(found) == 1
    assert found[0].startswith("12:32: rule b: never reached: a ") and found[0].endswith("; move it above a")
    assert (
        about(tmp_path, one.replace(", stop: true", ""), f"{{id: b, events: [created], {later}then: [{{note: y}}]}}")
        == []
    )


def test_what_two_rules_set(tmp_path: Path) -> None:
    one = "{id: a, events: [created], when: {label: vip}, then: [{set: {priority: high, area: app}}]}"
    found = about(tmp_path, one, "{id: b, events: [created, closed], then: [{set: {area: web}}]}")
    assert [told.split(";")[0] for told in found] == ["12:40: rule b: sets area as a does"]
    apart = "{id: b, events: [created], when: {labels: {none_of: [vip]}}, then: [{set: {area: web}}]}"
    assert about(tmp_path, one, apart) == []


def test_automatic_answers_want_a_notice(tmp_path: Path) -> None:
    (tmp_path / "snippets" / "sv").mkdir(parents=True)
    (tmp_path / "snippets" / "sv" / "hej.j2").write_text("Subject: Hej\nHej\n", "utf-8")
    found = about(tmp_path, "{id: a, events: [created], then: [{reply: {snippet: hej, automatic: true}}]}")
    assert found == [
        "11:32: rule a: answers automatically, but privacy: has no notice for it; add `notice: snippets/…`"
    ]


def test_rules_without_a_test(tmp_path: Path) -> None:
    rules = "rules: [{id: a, events: [created], then: [{note: x}]}, {id: b, events: [created], then: [{note: x}]}]\n"
    assert warnings(tmp_path, GOOD + rules) == [
        "rules.yaml:8:1: tests: is missing, so the rules are not tried on anything; add `tests:`"
    ]
    tests = "tests: [{name: t, given: {}, expect: {fired: [b]}}]\n"
    assert warnings(tmp_path, GOOD + rules + tests) == [
        "rules.yaml:9:1: tests: none lets a fire; add one with `expect: {fired: [a]}`"
    ]


# --- what nobody uses ---


def test_what_no_ticket_has_and_no_rule_names(tmp_path: Path) -> None:
    text = GOOD + "labels: [vip, drift, gammal]\nfields:\n  area: {values: [app, web]}\n  note:\n"
    usage = Usage(tickets=100, labels=frozenset({"vip", "drift"}), values=frozenset({("area", "app")}))
    assert warnings(tmp_path, text, usage) == [
        "rules.yaml:8:22: labels: no ticket of the last year has gammal, and no rule speaks of it; take it out",
        "rules.yaml:10:24: fields: no ticket of the last year has area web, and no rule speaks of it; take it out",
    ]
    rules = "rules: [{id: a, events: [created], when: {area: web}, then: [{label: gammal}]}]\n" + TESTED.replace(
        ", b", ""
    )
    assert warnings(tmp_path, text + rules, usage) == []
    assert warnings(tmp_path, text, Usage(tickets=99)) == []
    none = warnings(tmp_path, text, Usage(tickets=100, labels=frozenset({"vip", "drift", "gammal"})))
    assert none == [
        "rules.yaml:10:3: fields: no ticket of the last year has any area, and no rule speaks of it; take it out"
    ]


def test_on_a_desk_with_a_year_of_tickets(office: Office) -> None:
    (office.folder / "snippets" / "sv" / "glömd.j2").write_text("Subject: Hej\nHej\n", "utf-8")
    for number in range(1, 101):
        office.make(number, age=timedelta(days=number), labels=("vip", "drift") if number == 7 else ())
    office.say("reply", 1, "--snippet", "losning", "--queue", "--send")
    told = office.run("rules", "check").stderr
    assert "no ticket of the last year has reklamation" in told
    assert "no ticket of the last year has vip" not in told
    assert "snippets/sv/glömd.j2:1:1: answered no ticket of the last year" in told
    assert "snippets/sv/losning.j2:1:1: answered" not in told
    assert "snippets/en/glömd.j2:1:1: is missing" in told


def test_a_new_desk_has_no_warnings_and_gets_no_data(starter: Office) -> None:
    result = starter.run("rules", "check")
    assert result.stderr == ""
    assert not (starter.folder / "data" / "desk.json").exists()


def test_a_snippet_that_does_not_render_is_told_for_its_language_with_its_line(starter: Office) -> None:
    (starter.folder / "snippets" / "en" / "mottaget.j2").write_text("Subject: Hi\nHi\n{{ tickett.number }}\n", "utf-8")
    result = starter.run("rules", "check", code=2)
    assert "snippets/en/mottaget.j2:3: " in result.stderr
    assert "snippets/sv" not in result.stderr
