"""Snippets: what they give, in which language, and that neither a customer nor a typing error can do harm with them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketctl.content import snippets
from ticketctl.content.snippet_values import VARIABLES, context, first_name, spoken
from ticketctl.domain.config import Config, MaildirOut, Outgoing
from ticketctl.domain.settings.settings import Agent, FieldSpec, Privacy
from ticketctl.domain.text.subjects import NO_SUBJECT
from ticketctl.domain.ticket.message import Person
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import BadSnippet

STARTER = Path(__file__).parents[2] / "ticketctl" / "starter" / "snippets"
CONFIG = Config(
    name="Åkes Färg",
    team=(Agent(name="alice", email="alice@example.se"),),
    fields={"category": FieldSpec(name="category", values=("fel", "faktura"))},
    labels=("drift", "vip"),
    outgoing=Outgoing(sender="Åkes support <support@example.se>", sink=MaildirOut(path="data/sent")),
    privacy=Privacy(notice="snippets/sv/_integritet.j2"),
)
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
ANNA = Person("anna@kund.example", "Anna Öberg")


def values(requester: Person = ANNA, subject: str = "Trasig kanna", config: Config = CONFIG, **fields: object) -> dict:
    ticket = Ticket(
        number=17,
        subject=subject,
        requester=requester,
        opened_at=datetime(2026, 11, 20, 23, 30, tzinfo=UTC),
        labels=("drift",),
        fields={"category": "fel"},
        **fields,
    )
    return context(ticket, config, NOW, config.team[0])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sv").mkdir()
    (tmp_path / "en").mkdir()
    (tmp_path / "sv" / "_integritet.j2").write_text("Vi på {{ desk.name }} sparar lite.\n", "utf-8")
    return tmp_path


def body(folder: Path, template: str, language: str = "sv", **options: object) -> str:
    (folder / language / "prov.j2").write_text(f"Subject: Prov\n{template}", "utf-8")
    return snippets.render(folder, "prov", language, values(**options)).body


def refused(folder: Path, template: str) -> str:
    with pytest.raises(BadSnippet) as caught:
        body(folder, template)
    return str(caught.value).removeprefix(f"{folder}/")


# --- what they give ---


def test_values(folder: Path) -> None:
    assert body(
        folder,
        (
            "{{ ticket.number }} {{ ticket.subject }} {{ ticket.status }} {{ ticket.priority }} {{ ticket.opened }}\n"
            "{{ ticket.labels | join(', ') }} {{ ticket.fields.category }}\n"
            "{{ requester.name }} {{ requester.first_name }} {{ requester.address }}\n"
            "{{ agent.name }} {{ agent.email }}\n{{ desk.name }} {{ desk.email }} {{ desk.language }}\n"
            "{{ privacy_notice }}\n"
        ),
    ) == (
        "17 Trasig kanna new medium 2026-11-21\ndrift fel\nAnna Öberg Anna anna@kund.example\n"
        "Alice alice@example.se\nÅkes Färg support@example.se sv\nVi på Åkes Färg sparar lite.\n"
    )


def test_every_value_that_there_is_is_documented(folder: Path) -> None:
    given = {**spoken(values(), "sv"), "privacy_notice": ""}
    there = {f"{name}.{part}" for name, parts in given.items() if isinstance(parts, dict) for part in parts}
    there |= {name for name, value in given.items() if not isinstance(value, dict)}
    assert there - {"ticket.fields", "desk.notice"} == set(VARIABLES) - {"ticket.fields.NAME"}


def test_a_subject_that_is_none_is_empty(folder: Path) -> None:
    assert (
        body(folder, "{% if ticket.subject %}Om {{ ticket.subject }}{% else %}Hej{% endif %}", subject=NO_SUBJECT)
        == "Hej\n"
    )


def test_a_partial_that_ends_a_line_keeps_its_end_and_an_empty_one_leaves_no_gap(folder: Path) -> None:
    (folder / "sv" / "_hej.j2").write_text("Hej {{ requester.first_name }}!\n", "utf-8")
    (folder / "sv" / "_inget.j2").write_text("{% if ticket.fields.category == 'x' %}\nNej\n{% endif %}\n", "utf-8")
    template = "{% include '_hej.j2' %}\n\nEtt.\n\n{% include '_inget.j2' %}\n\nTvå {% include '_hej.j2' %} och tre.\n"
    assert body(folder, template) == "Hej Anna!\n\nEtt.\n\nTvå Hej Anna! och tre.\n"


def test_if_for_and_include(folder: Path) -> None:
    (folder / "sv" / "_slut.j2").write_text("Hälsningar {{ agent.name }}\n", "utf-8")
    assert (
        body(
            folder,
            (
                "{% if requester.first_name %}\nHej {{ requester.first_name }}\n{% else %}\nHej\n{% endif %}\n"
                "{% for label in ticket.labels %}\n- {{ label }}\n{% endfor %}\n{% include '_slut.j2' %}\n"
            ),
        )
        == "Hej Anna\n- drift\nHälsningar Alice\n"
    )


def test_a_block_on_the_first_line_does_not_swallow_the_body(folder: Path) -> None:
    (folder / "sv" / "prov.j2").write_text("Subject: {% if ticket.number == '17' %}Sjutton{% endif %}\nHej\n", "utf-8")
    assert snippets.render(folder, "prov", "sv", values()) == snippets.Rendered("Sjutton", "Hej\n", "sv")


@pytest.mark.parametrize(("language", "expected"), [("sv", "sv"), ("en", "en"), ("de", "sv"), ("", "sv")])
def test_the_customers_language_else_the_desks(folder: Path, language: str, expected: str) -> None:
    for one in ("sv", "en"):
        (folder / one / "prov.j2").write_text(f"Subject: {one}\n{one}\n", "utf-8")
    assert snippets.render(folder, "prov", language, values()).language == expected


def test_a_snippet_that_is_edited_is_the_new_one_at_once(folder: Path) -> None:
    partial = folder / "en" / "_slut.j2"
    partial.write_text("Bye\n", "utf-8")
    config = msgspec.structs.replace(CONFIG, language="en")
    assert body(folder, "Hej\n{% include '_slut.j2' %}", config=config) == "Hej\nBye\n"
    assert body(folder, "Hallå\n{% include '_slut.j2' %}", config=config) == "Hallå\nBye\n"
    partial.write_text("See you\n", "utf-8")
    assert body(folder, "Hallå\n{% include '_slut.j2' %}", config=config) == "Hallå\nSee you\n"
    (folder / "sv" / "_slut.j2").write_text("Vi hörs\n", "utf-8")
    assert body(folder, "Hallå\n{% include '_slut.j2' %}", config=config) == "Hallå\nVi hörs\n"
    (folder / "sv" / "_slut.j2").write_text("{{ inget }}\n", "utf-8")
    assert "_slut.j2:1: unknown value inget" in refused(folder, "Hallå\n{% include '_slut.j2' %}")


def test_a_language_that_lacks_a_snippet_gets_another(folder: Path) -> None:
    (folder / "en" / "prov.j2").write_text("Subject: Hi\nHi\n", "utf-8")
    assert snippets.render(folder, "prov", "sv", values()).body == "Hi\n"
    assert snippets.names(folder) == {"prov": ("en",)}


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Anna Öberg", "Anna"),
        ("Öberg, Anna", "Anna"),
        ("Anna-Karin Ek", "Anna-Karin"),
        ("anna@kund.example", ""),
        ("", ""),
        ("A. Ek", ""),
        ("123 AB", ""),
        ("O'Hara", "O'Hara"),
        ('"Anna" Ek', "Anna"),
        ("Öberg,", ""),
    ],
)
def test_first_names(name: str, first: str) -> None:
    assert first_name(name) == first


@pytest.mark.parametrize(("name", "shown"), [("alice", "Alice"), ("anna-karin.ek", "Anna-Karin Ek"), ("bO", "bO")])
def test_agents_have_names_that_customers_can_read(folder: Path, name: str, shown: str) -> None:
    (folder / "sv" / "prov.j2").write_text("Subject: x\n{{ agent.name }}\n", "utf-8")
    ticket = Ticket(number=1, subject="x", requester=ANNA, opened_at=datetime(2026, 1, 1, tzinfo=UTC))
    given = context(ticket, CONFIG, NOW, Agent(name=name, email="a@b.se"))
    assert snippets.render(folder, "prov", "sv", given).body == f"{shown}\n"


@pytest.mark.parametrize("language", ["sv", "en"])
def test_where_no_agent_answers_the_desk_signs_once(language: str) -> None:
    ticket = Ticket(number=1, subject="x", requester=ANNA, opened_at=datetime(2026, 1, 1, tzinfo=UTC))
    body = snippets.render(STARTER, "mer-information", language, context(ticket, CONFIG, NOW)).body
    assert body.splitlines()[-1] == "Åkes Färg" and body.splitlines()[0].rstrip("!,") in ("Hej Anna", "Hello Anna")


# --- what a customer writes stays a value ---

PAYLOADS = [
    "{{ 7*7 }}",
    "{% for x in range(9) %}x{% endfor %}",
    "{{ ''.__class__ }}",
    "{% include '/etc/passwd' %}",
    "${7*7}",
    "{{ config }}",
    "{#",
    "{{",
    "%}",
    "<script>alert(1)</script>",
    "\\u007b\\u007b",
    "{{ self.__init__ }}",
]


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("name", sorted(snippets.names(STARTER)))
def test_a_template_in_a_subject_or_name_is_only_text(payload: str, name: str) -> None:
    for language in ("sv", "en"):
        given = values(Person("a@kund.example", payload), payload)
        rendered = snippets.render(STARTER, name, language, given)
        assert "49" not in rendered.body and "xxxxxxxxx" not in rendered.body and "root:" not in rendered.body


EXPRESSIONS = [
    "7*7",
    "config",
    "self",
    "''.__class__.__mro__",
    "range(10**9)|list",
    "cycler.__init__.__globals__",
    "lipsum()",
    "request.application",
    "namespace()",
    "ticket.number",
    "[].append(1)",
    "'a'*10**9",
    "().__class__.__bases__[0]",
    "joiner()",
    "''|attr('__class__')",
    "dict(a=1)",
    "desk.update(x=1)",
]
WRAPPERS = [
    "{{ %s }}",
    "{{- %s -}}",
    "{%% if %s %%}49{%% endif %%}",
    "{%% for x in %s %%}x{%% endfor %%}",
    "{%% set x = %s %%}",
    "{%% include %s %%}",
    "{%% extends %s %%}",
    "{%% print(%s) %%}",
    "}}{{ %s }}",
    "%%}{{ %s }}",
    "{# #}{{ %s }}",
    "${{%s}}",
    "# for x in %s",
]
EVERYTHING = "|".join(
    f"{{{{ {place} }}}}"
    for place in (
        "ticket.subject",
        "ticket.fields.category",
        "ticket.labels | join",
        "requester.name",
        "requester.address",
        "agent.email",
        "desk.name",
    )
)


def test_hundreds_of_payloads_in_every_field_come_out_as_they_went_in(folder: Path) -> None:
    payloads = [wrapper % expression for wrapper in WRAPPERS for expression in EXPRESSIONS]
    assert len(payloads) >= 200
    (folder / "sv" / "prov.j2").write_text(f"Subject: {{{{ ticket.subject }}}}\n{EVERYTHING}\n", "utf-8")
    for payload in payloads:
        config = Config(name=payload, fields=CONFIG.fields)
        ticket = Ticket(
            number=1,
            subject=payload,
            requester=Person(payload, payload),
            labels=(payload,),
            fields={"category": payload},
            opened_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
        agent = Agent(name="a", email=payload)
        rendered = snippets.render(folder, "prov", "sv", context(ticket, config, NOW, agent))
        assert (rendered.subject, rendered.body) == (payload, "|".join([payload] * 7) + "\n")


@given(st.text(max_size=80))
def test_a_value_is_one_line(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.getbasetemp() / "snippets"
    (folder / "sv").mkdir(parents=True, exist_ok=True)
    (folder / "sv" / "prov.j2").write_text("Subject: {{ ticket.subject }}\n{{ requester.name }}\nslut\n", "utf-8")
    config = Config(name="A")
    rendered = snippets.render(
        folder,
        "prov",
        "sv",
        context(
            Ticket(
                number=1, subject=text, requester=Person("a@b.se", text), opened_at=datetime(2026, 1, 1, tzinfo=UTC)
            ),
            config,
            NOW,
        ),
    )
    assert len(rendered.subject.splitlines()) <= 1
    assert rendered.body.splitlines()[-1] == "slut" and len(rendered.body.splitlines()) <= 2
    assert not any(char in rendered.subject + rendered.body for char in "\x00\x1b\x85\u2028\u202e\u200b")


def test_an_automatic_answer_holds_nothing_of_the_sender(folder: Path) -> None:
    (folder / "sv" / "prov.j2").write_text(
        "Subject: Om {{ ticket.subject }}\nHej {{ requester.first_name }}{{ requester.name }}!\n", "utf-8"
    )
    spam = values(Person("offer@kund.example", "BUY-NOW http://spam.example"), "BUY-NOW")
    rendered = snippets.render(folder, "prov", "sv", spam, automatic=True)
    assert "BUY" not in rendered.subject + rendered.body and "spam.example" not in rendered.body
    places = "[Skriv här: requester.first_name][Skriv här: requester.name]"
    assert rendered.body == f"Hej {places}!\n\nVi på Åkes Färg sparar lite.\n"  # and it always has the privacy notice


def test_the_notice_is_not_there_twice() -> None:
    for language, notice in (("sv", "Så behandlar vi dina uppgifter"), ("en", "How we handle your data")):
        rendered = snippets.render(STARTER, "mottaget", language, values(), automatic=True)
        assert rendered.body.count(notice) == 1


# --- what a snippet may not do ---


@pytest.mark.parametrize(
    ("template", "place", "words"),
    [
        ("Hej\n{{ requester.nmae }}\n", "sv/prov.j2:3", "did you mean requester.name?"),
        ("{% if false %}\n{{ tickt.number }}\n{% endif %}\n", "sv/prov.j2:3", "did you mean ticket?"),
        ("\n\n{{ ticket.fields.order }}\n", "sv/prov.j2:4", "unknown value ticket.fields.order"),
        ("{% if x %}\n", "sv/prov.j2:2", ""),
        ("{{ requester.name }\n", "sv/prov.j2:2", ""),
        ("a\n{{ 10 ** 10 }}\n", "sv/prov.j2:3", "pow is more than a snippet may do"),
        ("{{ 'a' * 1000000000 }}", "sv/prov.j2:2", "mul is more"),
        ("{{ range(100000000) }}", "sv/prov.j2:2", "call is more"),
        ("{{ requester.name.format() }}", "sv/prov.j2:2", "call is more"),
        ("{{ ''.__class__ }}", "sv/prov.j2:2", "'__class__' is not a value"),
        ("{% macro a() %}{{ a() }}{% endmacro %}", "sv/prov.j2:2", "macro is more"),
        ("{% set x = 1 %}", "sv/prov.j2:2", "assign is more"),
        ("{% extends 'x' %}", "sv/prov.j2:2", "extends is more"),
        ("{% import 'x' as x %}", "sv/prov.j2:2", "import is more"),
        ("{{ ticket.subject | center(1000000000) }}", "sv/prov.j2:2", "unknown filter 'center'"),
        ("{{ ticket.subject | attr('x') }}", "sv/prov.j2:2", "filter 'attr'"),
        ("{% if ticket.number is divisibleby 2 %}{% endif %}", "sv/prov.j2:2", "test 'divisibleby'"),
        ("{% include '../../rules.yaml' %}", "sv/prov.j2", "there is no partial"),
        ("{% include 'prov.j2' %}", "sv/prov.j2", "there is no partial"),
        ("{% include ticket.subject %}", "sv/prov.j2:2", "by its name"),
        (
            "{% for a in ticket.labels %}{% for b in ticket.labels %}{% for c in ticket.labels %}x"
            "{% endfor %}{% endfor %}{% endfor %}",
            "sv/prov.j2:2",
            "at most 2 deep",
        ),
        ("{% for letter in ticket.subject %}x{% endfor %}", "sv/prov.j2:2", "runs over a list"),
        ("{% for a in ticket.labels %}{% for b in a %}x{% endfor %}{% endfor %}", "sv/prov.j2:2", "runs over a list"),
        ("\n{% for a in [1, 2] %}x{% endfor %}", "sv/prov.j2:3", "runs over a list"),
        ("{% for a in ticket.number recursive %}{% endfor %}", "sv/prov.j2:2", "recursive"),
        ("{{ 5 | join }}", "sv/prov.j2:2", ""),
    ],
)
def test_what_is_refused_names_file_and_line(folder: Path, template: str, place: str, words: str) -> None:
    told = refused(folder, template)
    assert told.startswith(place) and words in told


def test_a_partial_that_includes_itself_or_is_broken(folder: Path) -> None:
    (folder / "sv" / "_a.j2").write_text("x\n{% include '_a.j2' %}\n", "utf-8")
    assert "_a.j2:2: only a snippet includes" in refused(folder, "{% include '_a.j2' %}")
    (folder / "sv" / "_a.j2").write_text("x\ny {{ desk.nme }}\n", "utf-8")
    assert "_a.j2:2" in refused(folder, "{% include '_a.j2' %}")


def test_it_cannot_grow(folder: Path) -> None:
    (folder / "sv" / "prov.j2").write_text("Subject: x\n" + "{{ requester.name }}" * 3_000, "utf-8")
    with pytest.raises(BadSnippet, match="makes more than 256 KB"):
        snippets.render(folder, "prov", "sv", values(Person("a@b.se", "å" * 10_000)))


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "first line must be `Subject:"),
        (b"Hej\nHej\n", "first line must be `Subject:"),
        (b"Subject:\nHej\n", "first line must be `Subject:"),
        (b"Subject: H\xe5\n", ":1: not UTF-8"),
        (b"Subject: x\n" + b"x" * 70_000, "larger than 64 KB"),
        (b"Subject: x\n" + b"{% if 1 %}" * 3_000, ""),
        (b"Subject: x\n{{ " + b"(" * 20_000, ""),
        (b"Subject: x\n{{ " + b"not " * 5_000 + b"1 }}", "nested too deeply"),
        (b"Subject: x\n" + b"{% if 1 %}" * 110 + b"{% endif %}" * 110, "nested too deeply"),
    ],
)
def test_files_that_are_no_snippets(folder: Path, raw: bytes, words: str) -> None:
    (folder / "sv" / "prov.j2").write_bytes(raw)
    with pytest.raises(BadSnippet) as caught:
        snippets.render(folder, "prov", "sv", values())
    assert words in str(caught.value)


def test_an_unknown_snippet_names_those_there_are(folder: Path) -> None:
    (folder / "sv" / "prov.j2").write_text("Subject: x\nx\n", "utf-8")
    with pytest.raises(BadSnippet, match=r"no snippet 'porv'.*prov"):
        snippets.render(folder, "porv", "sv", values())


@given(st.binary(max_size=200))
def test_no_bytes_make_a_traceback(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    folder = tmp_path_factory.getbasetemp() / "fuzz"
    (folder / "sv").mkdir(parents=True, exist_ok=True)
    (folder / "sv" / "prov.j2").write_bytes(b"Subject: x\n{{" + raw + b"}}{% if " + raw)
    with pytest.raises(BadSnippet):
        snippets.render(folder, "prov", "sv", values())


def test_the_starters_snippets_all_render() -> None:
    assert snippets.check(STARTER, CONFIG) == []
    languages = snippets.names(STARTER)
    assert set(languages.values()) == {("en", "sv")} and len(languages) == 10


def test_check_tells_every_fault_once(folder: Path) -> None:
    (folder / "sv" / "a.j2").write_text("Subject: x\n{{ nix }}\n", "utf-8")
    (folder / "sv" / "_b.j2").write_text("{{ nix }}\n", "utf-8")
    (folder / "en" / "c.j2").write_text("nothing\n", "utf-8")
    places = [fault.removeprefix(f"{folder}/").split(": ")[0] for fault in snippets.check(folder, CONFIG)]
    assert places == ["en/c.j2:1", "sv/_b.j2:1", "sv/a.j2:2"]
