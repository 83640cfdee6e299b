"""The format of the files: every byte is vouched for, and older formats are lifted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.store.samples import DAY, NOW, add, closed
from ticketctl.errors import Damaged
from ticketctl.store.tiny import file_format
from ticketctl.store.tiny.storage import DeskDB, DeskStorage, apply
from ticketctl.store.tiny.store import TinyStore

TABLES = {"tickets": {"10": b'{"number":10}', "9": b'{"number":9}'}, "facts": {'a"b\\ny': b'{"value":"c"}'}, "runs": {}}
FLAT = Path(__file__).parent / "data" / "flat-desk.json"


def test_what_is_rendered_is_parsed() -> None:
    data = file_format.render(TABLES, 7)
    content = file_format.parse(data, "desk.json")
    assert content.tables == {"tickets": TABLES["tickets"], "facts": TABLES["facts"]}
    assert (content.generation, content.size) == (7, len(data))
    assert json.loads(data)["facts"] == {'a"b\\ny': {"value": "c"}}
    assert file_format.render(content.tables, 7) == data
    assert list(content.tables["tickets"]) == ["9", "10"]


def test_an_empty_file_of_ours() -> None:
    assert file_format.parse(file_format.render({}, 1), "x") == file_format.Content(
        {}, 1, len(file_format.render({}, 1))
    )


def test_every_single_bit_is_vouched_for() -> None:
    whole = file_format.render(TABLES, 12)
    for at in range(len(whole)):
        for bit in range(8):
            with pytest.raises(Damaged):
                file_format.parse(whole[:at] + bytes([whole[at] ^ 1 << bit]) + whole[at + 1 :], "desk.json")


def test_every_truncation_shows() -> None:
    whole = file_format.render(TABLES, 12)
    for length in range(len(whole)):
        with pytest.raises(Damaged):
            file_format.parse(whole[:length], "desk.json")


def sealed(body: bytes) -> bytes:
    return file_format._header(1, len(body), __import__("hashlib").sha256(body).hexdigest()) + body


@pytest.mark.parametrize("body", [b"", b"\n", b'"generation": 2}\n', b'"a": {\nhej\n},\n"generation": 1}\n'])
def test_a_sealed_file_of_another_shape_is_damage(body: bytes) -> None:
    with pytest.raises(Damaged):
        file_format.parse(sealed(body), "desk.json")


# --- TinyDB ---


def test_tinydb_itself_reads_and_searches_the_rows() -> None:
    with DeskDB(TABLES, storage=DeskStorage) as database:
        assert database.tables() == {"tickets", "facts", "runs"}
        table = database.table("tickets")
        assert len(table) == 2
        assert [document["number"] for document in table.search(lambda row: row["number"] > 9)] == [10]
        assert "number" in next(iter(table))
        assert [len(row) for row in database.storage.read()["tickets"].values()] == [1, 1]


def test_only_touched_rows_are_encoded_again() -> None:
    before = {"tickets": {"1": b'{ "number": 1 }', "2": b'{ "number": 2 }', "3": b"{}"}}
    after = {"tickets": {"1": b'{ "number": 1 }', "2": b'{"number":22}', "4": b'{"number":4}'}}
    tables = apply(before, after, {"tickets": {"2", "3", "4"}, "facts": {"gone"}})
    assert tables["tickets"] == {"1": b'{ "number": 1 }', "2": b'{"number":22}', "4": b'{"number":4}'}
    assert tables["facts"] == {}


# --- older formats ---


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    (folder / "desk.json").write_bytes(FLAT.read_bytes())
    return folder


def test_a_flat_tinydb_desk_is_lifted_once(folder: Path) -> None:
    store = TinyStore(folder)
    with store.reading() as desk:
        assert [(one.number, one.subject) for one in desk.find()] == [(3, "Fakturan är fel"), (17, "Can't log in")]
        assert desk.get(3).messages[0].text == "Hej, summan stämmer inte. Åsa"
    assert (folder / "desk.json").read_bytes() == FLAT.read_bytes()
    assert store.check()[0].state == "ok"
    with store.transaction() as desk:
        assert desk.new_number() == 18
        add(desk)
    document = json.loads((folder / "desk.json").read_text())
    assert document["migrations"] == {"flat-desk": {"from": 0, "to": 1}}
    assert (folder / "desk.json.bak").read_bytes() == FLAT.read_bytes()
    with store.reading() as desk:
        assert [one.number for one in desk.find()] == [3, 17, 19]


@pytest.mark.parametrize(
    "data",
    [
        b'{"tickets": {"1": {"number": 1',
        b'{"tickets": {"1": {"number": 1}}}',
        b'{"tickets": {"1": {}}, "notes": {}}',
        b'{"notes": {}}',
        b"[]",
    ],
)
def test_a_flat_file_that_is_none_is_damage(folder: Path, data: bytes) -> None:
    (folder / "desk.json").write_bytes(data)
    with pytest.raises(Damaged), TinyStore(folder).reading():
        pytest.fail("it was used")
    assert (folder / "desk.json").read_bytes() == data


def test_a_desk_that_did_not_remember_its_months_learns_them_at_its_first_commit(tmp_path: Path) -> None:
    """What versions before `archive-months` wrote: no table `months`, no note in the lock file."""
    folder = tmp_path / "data"
    store = TinyStore(folder)
    with store.transaction() as desk:
        for number in (1, 2):
            desk.save(closed(number, NOW - 90 * DAY))
    store.archive(NOW)
    tables = file_format.parse((folder / "desk.json").read_bytes(), "x").tables
    old = {name: rows for name, rows in tables.items() if name != "months"}
    (folder / "desk.json").write_bytes(file_format.render(old, 1))
    (folder / "desk.json.bak").write_bytes(file_format.render(old, 1))
    (folder / "desk.lock").write_bytes(b"")
    with store.reading() as desk:
        assert [one.number for one in desk.find(archive=True)] == [1, 2]
    with store.transaction() as desk:
        add(desk)
    document = json.loads((folder / "desk.json").read_text())
    assert document["migrations"] == {"archive-months": {"months": 1}}
    assert document["months"]["2026-08"]["tickets"] == 2
    (folder / "archive" / "2026-08.json").unlink()
    with pytest.raises(Damaged, match=r"2026-08\.json is missing; it held 2 tickets"), store.reading() as desk:
        list(desk.find(archive=True))
