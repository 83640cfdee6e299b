"""The store of a process that lasts: it sees what any other process stored, and reads no more than it must."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.conftest import Office
from ticketctl.domain.ticket.query import ACTIVE, Query
from ticketctl.domain.ticket.ticket import Act
from ticketctl.errors import Conflict, Damaged
from ticketctl.store.tiny import file_format
from ticketctl.store.warm import WarmStore, Warmth


@pytest.fixture
def warm(office: Office):
    kept = Warmth()
    return lambda: WarmStore(office.folder / "data", warmth=kept)


def subjects(store) -> list[str]:
    with store.reading() as desk:
        return [one.subject for one in desk.find()]


def test_another_process_is_seen_at_once(office, warm):
    assert subjects(warm()) == []
    office.make(subject="ett")
    assert subjects(warm()) == ["ett"]
    office.change(1, lambda one: one.rename(Act("alice", office.now), "två"))
    assert subjects(warm()) == ["två"]
    office.run("spam", 1)
    with warm().reading() as desk:
        assert list(desk.find(ACTIVE)) == [] and desk.get(1).spam


def test_the_file_is_read_once_a_generation(office, warm, monkeypatch):
    office.make()
    reads = []
    parse = file_format.parse
    monkeypatch.setattr(file_format, "parse", lambda *given: reads.append(1) or parse(*given))
    for _ in range(5):
        subjects(warm())
    assert len(reads) == 1
    with warm().transaction() as desk:
        desk.save(desk.get(1).rename(Act("alice", office.now), "här"))
    assert subjects(warm()) == ["här"] and len(reads) == 1, "what it stored itself it knows"
    office.make()
    subjects(warm())
    assert len(reads) - 1 == 2, "the other process reads it, and so does this"


def test_it_answers_as_the_store_in_files_does(office, warm):
    for at in range(20):
        office.make(subject=f"Fråga {at}", assignee="bo" if at % 3 else "")
    plain = office.store
    for query in (Query(), ACTIVE, Query(assignee="bo"), Query(search="fråga 7"), Query(numbers=frozenset({3, 4}))):
        for texts in (False, True):
            with plain.reading() as cold, warm().reading() as desk:
                assert list(desk.find(query, texts=texts)) == list(cold.find(query, texts=texts))
    with plain.reading() as cold, warm().reading() as desk:
        assert desk.find_message("7@kund.example") == cold.find_message("7@kund.example") == 7
        assert desk.generation == cold.generation


def test_what_is_not_kept_is_not_seen(office, warm):
    office.make(subject="ett")
    store = warm()
    with store.transaction(keep=False) as desk:
        desk.save(desk.get(1).rename(Act("alice", office.now), "två"))
    with pytest.raises(ZeroDivisionError), store.transaction() as desk:
        desk.save(desk.get(1).rename(Act("alice", office.now), "tre"))
        raise ZeroDivisionError
    assert subjects(warm()) == subjects(office.store) == ["ett"]


def test_a_stale_ticket_is_a_conflict(office, warm):
    office.make()
    with warm().reading() as desk:
        stale = desk.get(1)
    office.change(1, lambda one: one.rename(Act("alice", office.now), "ny"))
    with pytest.raises(Conflict), warm().transaction() as desk:
        desk.save(stale)


def test_damage_is_said_though_it_was_warm(office, warm):
    office.make()
    subjects(warm())
    path = office.folder / "data" / "desk.json"
    path.write_bytes(path.read_bytes().replace(b"kund", b"kXnd"))
    with pytest.raises(Damaged):
        subjects(warm())


def test_threads_share_it(office, warm):
    for _ in range(30):
        office.make()

    def work(at: int) -> int:
        if at % 10 == 0:
            with warm().transaction() as desk:
                ticket = desk.get(at % 30 + 1)
                desk.save(ticket.label(Act("alice", office.now), f"l{at}"))
        with warm().reading() as desk:
            assert desk.find_message("9@kund.example") == 9
            return len(list(desk.find()))

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(work, range(120))) == {30}
    with office.store.reading() as desk:
        assert sum(len(one.labels) for one in desk.find()) == 12, "no change is lost"
