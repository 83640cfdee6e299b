"""The whole file format, read into typed values; YAML 1.2's scalars; the compiled copy."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from ticketctl.config import load
from ticketctl.domain.config import ImapSource, MaildirOut, MaildirSource, MboxSource, Outgoing, Report, SmtpOut, Then
from ticketctl.domain.rules import actions
from ticketctl.domain.rules.conditions import All, AnyOf, Labels, Machine, Not, Number, Scalar, Text
from ticketctl.domain.settings.settings import (
    Agent,
    Duration,
    EscalationStep,
    FieldSpec,
    Hours,
    Privacy,
    RetentionRule,
    Target,
)
from ticketctl.errors import BadRules

HEAD = "version: 1\ndesk: {name: Exempel AB, timezone: Europe/Stockholm}\n"
WHOLE = """\
version: 1
desk: {name: Åkes Färg & Kakel, timezone: Europe/Stockholm, language: sv, country: SE, archive_after: 4 weeks,
       reopen_window: 10 days, acknowledgement_cap: 40, addresses: [Order@Example.se], authserv_id: MX.example.se,
       lists: [support@example.se, hjalp.example.se], forms: Webb@Example.se}
team:
  - {name: åsa, email: Asa@Example.se, login: asa, role: admin}
  - {name: bo, email: bo@example.se}
  - {name: eva, email: eva@example.se, role: viewer}
sources:
  - {name: support, imap: {host: imap.example.se, user: support@example.se, password_command: pass show support,
                           folders: [INBOX, Webb], security: starttls, port: 1143, ca_file: ca.pem,
                           timeout: 20, deadline: 120, then: {move: Hanterat}}}
  - {name: office, imap: {host: mail.example.se, user: o, token_command: hämta-token, folders: Inkorg, then: leave}}
  - {name: local, imap: {host: 127.0.0.1, user: x, security: none, then: {flag: Klar}}}
  - {name: spool, maildir: /var/mail/support, then: {move: .Klart}, forms: [boka@example.com]}
  - {name: old, mbox: gammalt.mbox}
outgoing: {smtp: {host: smtp.example.se, user: support@example.se, password_command: pass show support},
           from: "Åkes support <support@example.se>", plus_address: true}
hours: {mon-thu: [13:00-17:00, 08:00-12:00], fri: 08:00-15:30, sat: closed, closed: [2026-12-24, 2027-01-06]}
fields:
  category: {values: [faktura, support, sälj], required_at: close}
  order_number: {pattern: "[0-9]{6}"}
  comment:
labels: {values: [drift, vip], at_most: 9}
causes: [fel i produkten, handhavande]
targets:
  high: {first_response: 1h, next_response: 30m, resolution: calendar 1d}
  low: {resolution: 2 weeks}
escalation:
  - {when: {used: 75%}, then: [{notify: owner}]}
  - {when: {used: 100%}, then: [{notify: team}, {notify: bo}, {notify: Chef@Example.se}, {raise_priority: high}]}
  - {id: last, when: {used: 100%}, then: [{assign: åsa}]}
rules:
  - id: outage
    events: [created, customer_message]
    when:
      all:
        - text: {any_word: [driftstopp, "ligger nere"]}
        - machine: false
        - any: [{channel: {any_of: [email, form]}}, {not: {label: vip}}, {category: {none_of: [faktura, none]}}]
        - {header.X-Prio: {is: "1"}, sender: {domain: example.org}, attachment.size: {at_least: 5 MB, at_most: 9MB}}
    then: [{set: {priority: high, category: support}}, {label: drift, unlabel: [vip]}, {assign: {to: least_loaded}}]
    why: words that mean an outage
    stop: true
  - id: acknowledge
    events: created
    once: per_ticket
    then:
      - reply: {snippet: mottaget, automatic: true}
      - reply: mottaget
      - note: |
          Två rader
          av text
      - wait: 5d
      - close: {resolution: no_answer, cause: handhavande}
      - spam: true
      - assign: bo
privacy:
  notice: snippets/sv/_integritet.j2
  mask: [payment_card, personnummer]
  retention:
    - {when: {status: closed, closed_for: 24 months}, then: anonymise}
    - {when: {label: spam}, after: 30 days, then: delete}
    - {raw_mail: 90 days}
report: {to: [åsa, bokslut@example.se], every: Friday 16:30}
"""


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A desk's folder with two snippets and a notice."""
    snippets = tmp_path / "snippets" / "sv"
    snippets.mkdir(parents=True)
    for name in ("mottaget", "paminnelse", "_integritet"):
        (snippets / f"{name}.j2").write_text("Subject: Hej\nHej\n", "utf-8")
    return tmp_path


def read(desk: Path, text: str):
    (desk / "rules.yaml").write_text(text, "utf-8")
    return load(desk / "rules.yaml")


def faults(desk: Path, text: str) -> list[str]:
    with pytest.raises(BadRules) as caught:
        read(desk, text)
    return list(caught.value.faults)


def test_the_desk_and_its_team(desk: Path) -> None:
    config = read(desk, WHOLE)
    assert (config.name, config.timezone, config.language, config.country) == (
        "Åkes Färg & Kakel",
        "Europe/Stockholm",
        "sv",
        "SE",
    )
    assert (config.archive_after_days, config.reopen_window_days, config.acknowledgement_cap) == (28, 10, 40)
    assert (config.addresses, config.authserv_id) == (("order@example.se",), "mx.example.se")
    assert config.forms == ("webb@example.se", "boka@example.com")
    assert config.lists == ("support@example.se", "hjalp.example.se")
    assert config.team == (
        Agent(name="åsa", email="asa@example.se", login="asa", role="admin"),
        Agent(name="bo", email="bo@example.se"),
        Agent(name="eva", email="eva@example.se", role="viewer"),
    )


def test_where_mail_comes_from_and_how_it_leaves(desk: Path) -> None:
    config = read(desk, WHOLE)
    assert config.sources == (
        ImapSource(
            name="support",
            host="imap.example.se",
            user="support@example.se",
            password_command="pass show support",
            folders=("INBOX", "Webb"),
            security="starttls",
            port=1143,
            ca_file="ca.pem",
            timeout=20,
            deadline=120,
            then=Then("move", "Hanterat"),
        ),
        ImapSource(
            name="office",
            host="mail.example.se",
            user="o",
            token_command="hämta-token",
            folders=("Inkorg",),
            security="tls",
        ),
        ImapSource(name="local", host="127.0.0.1", user="x", security="none", then=Then("flag", "Klar")),
        MaildirSource(name="spool", path="/var/mail/support", then=Then("move", ".Klart"), forms=("boka@example.com",)),
        MboxSource(name="old", path="gammalt.mbox"),
    )
    assert config.outgoing == Outgoing(
        sender="Åkes support <support@example.se>",
        sink=SmtpOut(host="smtp.example.se", user="support@example.se", password_command="pass show support"),
        plus_address=True,
    )
    assert read(desk, HEAD + "outgoing: {maildir: data/sent, from: a@b.se}\n").outgoing == Outgoing(
        sender="a@b.se", sink=MaildirOut(path="data/sent")
    )


def test_what_tickets_carry(desk: Path) -> None:
    config = read(desk, WHOLE)
    assert config.fields == {
        "category": FieldSpec(name="category", values=("faktura", "support", "sälj"), required_at_close=True),
        "order_number": FieldSpec(name="order_number", pattern="[0-9]{6}"),
        "comment": FieldSpec(name="comment"),
    }
    assert (config.labels, config.labels_at_most) == (("drift", "vip"), 9)
    assert config.causes == ("fel i produkten", "handhavande")


def test_what_is_promised(desk: Path) -> None:
    config = read(desk, WHOLE)
    morning_and_afternoon = ((480, 720), (780, 1020))
    assert config.hours == Hours(
        timezone="Europe/Stockholm",
        week={**dict.fromkeys(range(4), morning_and_afternoon), 4: ((480, 930),)},
        closed=frozenset({date(2026, 12, 24), date(2027, 1, 6)}),
    )
    assert config.targets == {
        "high": Target(
            first_response=Duration(minutes=60),
            next_response=Duration(minutes=30),
            resolution=Duration(days=1, calendar=True),
        ),
        "low": Target(resolution=Duration(days=14)),
    }
    assert config.escalation == (
        EscalationStep(name="75%", used=0.75, actions=(("notify", "owner"),)),
        EscalationStep(
            name="100%",
            used=1.0,
            actions=(
                ("notify", "team"),
                ("notify", "bo@example.se"),
                ("notify", "chef@example.se"),
                ("raise_priority", "high"),
            ),
        ),
        EscalationStep(name="last", used=1.0, actions=(("assign", "åsa"),)),
    )
    assert config.report == Report(to=("asa@example.se", "bokslut@example.se"), weekday=4, minute=990)


def test_privacy(desk: Path) -> None:
    assert read(desk, WHOLE).privacy == Privacy(
        notice="snippets/sv/_integritet.j2",
        mask=("payment_card", "personnummer"),
        retention=(
            RetentionRule(then="anonymise", age=Duration(months=24, calendar=True), status="closed"),
            RetentionRule(then="delete", age=Duration(days=30, calendar=True), label="spam"),
        ),
        raw_mail=Duration(days=90, calendar=True),
    )


def test_rules(desk: Path) -> None:
    outage, acknowledge = read(desk, WHOLE).rules
    assert (outage.id, outage.events, outage.stop, outage.why) == (
        "outage",
        ("created", "customer_message"),
        True,
        "words that mean an outage",
    )
    assert outage.when == All(
        (
            Text("text", "any_word", ("driftstopp", "ligger nere")),
            Machine(False),
            AnyOf(
                (
                    Scalar("channel", "any_of", ("email", "form")),
                    Not(Labels("has", ("vip",))),
                    Scalar("field.category", "none_of", ("faktura", "")),
                )
            ),
            All(
                (
                    Text("header.X-Prio", "is", ("1",)),
                    Text("sender.domain", "is", ("example.org",)),
                    Number("attachment.size", 5 * 1024 * 1024, 9 * 1024 * 1024),
                )
            ),
        )
    )
    assert outage.then == (
        actions.SetPriority("high"),
        actions.SetField("category", "support"),
        actions.Label(("drift",)),
        actions.Unlabel(("vip",)),
        actions.Assign("least_loaded"),
    )
    assert (acknowledge.events, acknowledge.once, acknowledge.when) == (("created",), "per_ticket", None)
    assert acknowledge.then == (
        actions.Reply("mottaget", automatic=True),
        actions.Reply("mottaget"),
        actions.Note("Två rader\nav text"),
        actions.Wait(Duration(days=5)),
        actions.Close("no_answer", "handhavande"),
        actions.Spam(),
        actions.Assign("bo"),
    )
    assert outage.line == WHOLE[: WHOLE.index("id: outage")].count("\n") + 1


def test_where_no_labels_are_declared_any_word_is_one(desk: Path) -> None:
    (rule,) = read(desk, HEAD + "rules: [{id: a, events: [created], when: {label: ny}, then: [{label: vip}]}]\n").rules
    assert (rule.when, rule.then) == (Labels("has", ("ny",)), (actions.Label(("vip",)),))
    assert "is not a label" in faults(desk, HEAD + "rules: [{id: a, events: [created], then: [{label: a b}]}]\n")[0]


def test_little_is_needed(desk: Path) -> None:
    config = read(desk, HEAD)
    assert config.hours == Hours(timezone="Europe/Stockholm")  # no opening hours: calendar time
    assert (config.sources, config.rules, config.outgoing) == ((), (), None)


SCALARS = ["NO", "on", "y", "12:30", "010", "0x1f", "1_000", "1e3", "2026-01-01", "~x", "Null0"]


@pytest.mark.parametrize("written", SCALARS)
def test_scalars_stay_what_they_look_like(desk: Path, written: str) -> None:
    assert read(desk, f"{HEAD}causes: [{written}]\n").causes == (written,)


def test_a_byte_order_mark_and_windows_line_ends_are_fine(desk: Path) -> None:
    (desk / "rules.yaml").write_bytes(b"\xef\xbb\xbf" + WHOLE.replace("\n", "\r\n").encode())
    assert load(desk / "rules.yaml").name == "Åkes Färg & Kakel"


def test_all_faults_are_shown_at_once_in_file_order(desk: Path) -> None:
    found = faults(desk, HEAD + "labels: [a b]\ntargets: {high: {first_respons: 1h}}\nreport: {every: funday}\n")
    assert [fault.split(": ")[0] for fault in found] == ["rules.yaml:3:10", "rules.yaml:4:18", "rules.yaml:5:17"]
    assert "did you mean 'first_response'?" in found[1]


def test_a_secret_is_never_repeated(desk: Path) -> None:
    text = HEAD + "sources: [{name: a, imap: {host: h.se, user: u, password: kanariefågel-99}}]\n"
    found = "\n".join(faults(desk, text))
    assert "password_command" in found and "TICKETCTL_PASSWORD_A" in found
    assert "kanariefågel" not in found


# --- the compiled copy ---

WITHOUT_YAML = """
import sys
from pathlib import Path
from ticketctl.config import load
config = load(Path(sys.argv[1]), cache=Path(sys.argv[2]))
print(config.name, len(config.rules), "yaml" in sys.modules, "re2" in sys.modules)
"""


def run(desk: Path, cache: Path) -> str:
    arguments = [sys.executable, "-c", WITHOUT_YAML, str(desk / "rules.yaml"), str(cache)]
    return subprocess.run(arguments, capture_output=True, text=True, check=True).stdout.strip()


def test_the_compiled_copy_spares_yaml_and_says_the_same(desk: Path) -> None:
    cache = desk / ".rules.cache"
    first = read(desk, WHOLE)
    assert run(desk, cache) == "Åkes Färg & Kakel 2 True True"
    assert run(desk, cache) == "Åkes Färg & Kakel 2 False False"
    assert load(desk / "rules.yaml", cache=cache) == first
    assert cache.stat().st_mode & 0o777 == 0o600


def test_a_changed_file_is_read_again(desk: Path) -> None:
    cache = desk / ".rules.cache"
    read(desk, WHOLE)
    load(desk / "rules.yaml", cache=cache)
    (desk / "rules.yaml").write_text(WHOLE.replace("Åkes Färg & Kakel", "Bos Bil"), "utf-8")
    assert load(desk / "rules.yaml", cache=cache).name == "Bos Bil"
    (desk / "rules.yaml").write_text("version: 2\n", "utf-8")
    with pytest.raises(BadRules):
        load(desk / "rules.yaml", cache=cache)


def test_a_copy_that_was_touched_is_never_believed(desk: Path) -> None:
    cache = desk / ".rules.cache"
    expected = read(desk, WHOLE)
    load(desk / "rules.yaml", cache=cache)
    good = cache.read_bytes()
    for place in range(0, len(good), 37):
        cache.write_bytes(good[:place] + bytes([good[place] ^ 0x20]) + good[place + 1 :])
        assert load(desk / "rules.yaml", cache=cache) == expected
    for rubbish in (b"", good[:20], good[:-1], good + b"x", b"\xff" * 500):
        cache.write_bytes(rubbish)
        assert load(desk / "rules.yaml", cache=cache) == expected
        assert cache.read_bytes() == good  # and it is mended


def test_a_copy_that_cannot_be_kept_does_not_matter(desk: Path) -> None:
    expected = read(desk, WHOLE)
    assert load(desk / "rules.yaml", cache=desk / "missing" / ".rules.cache") == expected
    link = desk / "link"
    link.symlink_to(desk / "victim")
    (desk / "victim").write_text("mine", "utf-8")
    assert load(desk / "rules.yaml", cache=link) == expected
    assert (desk / "victim").read_text("utf-8") == "mine"


# --- files that are none ---


def test_no_file_an_empty_one_a_folder(desk: Path) -> None:
    with pytest.raises(BadRules, match="there is no such file"):
        load(desk / "nothing.yaml")
    assert "the file is empty" in faults(desk, "")[0]
    assert "the file is empty" in faults(desk, "# only a comment\n")[0]
    (desk / "folder.yaml").mkdir()
    with pytest.raises(BadRules, match="not a file"):
        load(desk / "folder.yaml")
