"""What every store must do. A backend subclasses StoreContract and says how its store is made."""

from __future__ import annotations

import re
from pathlib import Path
from threading import Event, Thread

import msgspec
import pytest

from tests.store.samples import ACT, DAY, NOW, ÅSA, add, closed, message, outbound, quarantined, renamed, ticket
from ticketctl.domain.changes.absorb import absorb, join
from ticketctl.domain.patterns.pattern import Alike, NameWord, Pattern, Vocabulary
from ticketctl.domain.reports.measure import Measure, Thing
from ticketctl.domain.ticket.message import Person
from ticketctl.domain.ticket.query import ACTIVE, Query
from ticketctl.domain.ticket.ticket import Act
from ticketctl.errors import Busy, Conflict, NoSuchTicket, Refused
from ticketctl.ports.store import Cursor, Run, Store


class StoreContract:
    @pytest.fixture
    def store(self, tmp_path: Path) -> Store:
        raise NotImplementedError

    # --- tickets ---

    def test_a_saved_ticket_comes_back_whole(self, store: Store) -> None:
        with store.transaction() as desk:
            saved = desk.save(ticket(desk.new_number(), messages=3))
            assert desk.get(saved.number) == saved
        assert saved.revision == 1
        with store.reading() as desk:
            assert desk.get(saved.number) == saved
            assert desk.get(saved.number).messages[0].whole == "> citat\nHej!"

    def test_a_ticket_that_is_not_there(self, store: Store) -> None:
        with store.transaction() as desk:
            for number in (0, 1, 17, 2**70):
                with pytest.raises(NoSuchTicket):
                    desk.get(number)
            with pytest.raises(NoSuchTicket):
                desk.delete(17)

    def test_what_someone_else_changed_is_a_conflict(self, store: Store) -> None:
        with store.transaction() as desk:
            (first,) = add(desk)
        with store.transaction() as desk:
            second = desk.save(renamed(first, "nytt ämne"))
            assert second.revision == 2
        with pytest.raises(Conflict, match=r"#1 .*try again"), store.transaction() as desk:
            desk.save(renamed(first, "mitt ämne"))
        with store.reading() as desk:
            assert desk.get(1) == second

    def test_a_number_cannot_be_taken_twice_nor_a_deleted_ticket_be_changed(self, store: Store) -> None:
        with store.transaction() as desk:
            (saved,) = add(desk)
        with store.transaction() as desk, pytest.raises(Conflict):
            desk.save(ticket(1))
        with store.transaction() as desk:
            desk.delete(1)
            with pytest.raises(Conflict):
                desk.save(saved)

    def test_a_unit_that_fails_or_is_not_kept_changes_nothing(self, store: Store) -> None:
        with store.transaction() as desk:
            add(desk)
        with pytest.raises(ZeroDivisionError), store.transaction() as desk:
            add(desk)
            desk.remember("a", "b")
            raise ZeroDivisionError
        with store.transaction(keep=False) as desk:
            assert add(desk)[0].number == 2
            desk.delete(1)
            desk.queue(outbound("o1"))
            assert [one.number for one in desk.find()] == [2]
        with store.transaction() as desk:
            assert [one.number for one in desk.find()] == [1]
            assert list(desk.facts("")) == []
            assert list(desk.outbox()) == []
            assert desk.find_content("content 1.1") == 1
            assert desk.new_number() == 2

    def test_facts_are_there_in_the_middle_of_other_work(self, store: Store) -> None:
        with store.transaction() as desk:
            desk.remember("away bo", "ill")
            desk.remember("other", "x")
        assert store.facts("away ") == {"away bo": "ill"}
        with store.reading() as desk:
            assert store.facts("away ") == dict(desk.facts("away "))
        with store.transaction() as desk:
            desk.remember("away bo", "")
        assert store.facts("away ") == {}

    def test_numbers_are_never_given_twice(self, store: Store) -> None:
        with store.transaction() as desk:
            add(desk, 3)
            desk.delete(3)
        with store.transaction() as desk:
            assert desk.new_number() == 4
        with store.transaction() as desk:
            assert desk.new_number() == 5
            desk.save(ticket(40))
        with store.transaction() as desk:
            assert desk.new_number() == 41

    def test_text_that_is_no_unicode_is_refused_before_anything_is_stored(self, store: Store) -> None:
        with store.transaction() as desk, pytest.raises(Refused, match="not valid Unicode"):
            desk.save(ticket(desk.new_number(), subject="caf\udce9"))

    def test_odd_text_comes_back_as_it_was(self, store: Store) -> None:
        odd = 'rad 1\r\nrad 2\u2028\u2029 "},\n} \\" \x1b[31m åäö 🙂 \x85 {"ticketctl": '
        with store.transaction() as desk:
            desk.save(ticket(1, subject=odd))
            desk.remember(odd, odd)
        with store.reading() as desk:
            assert desk.get(1).subject == odd
            assert list(desk.facts(odd[:5])) == [(odd, odd)]

    def test_a_desk_for_reading_cannot_be_changed(self, store: Store) -> None:
        with store.transaction() as desk:
            (saved,) = add(desk)
        with store.reading() as desk:
            for change in (
                lambda: desk.save(saved),
                lambda: desk.delete(1),
                desk.new_number,
                lambda: desk.remember("a", "b"),
                lambda: desk.queue(outbound("o")),
                lambda: desk.set_cursor("m", Cursor(1, 1)),
            ):
                with pytest.raises(RuntimeError, match="only for reading"):
                    change()

    def test_a_reader_keeps_what_it_began_with(self, store: Store) -> None:
        with store.transaction() as desk:
            add(desk)
        with store.reading() as before:
            with store.transaction() as desk:
                desk.save(desk.get(1).assign(ACT, "bo"))
                add(desk)
            assert before.get(1).assignee == ""
            assert [one.number for one in before.find()] == [1]
        with store.reading() as after:
            assert [one.assignee for one in after.find()] == ["bo", ""]

    # --- finding ---

    def test_find_gives_matching_tickets_in_order_of_number(self, store: Store) -> None:
        with store.transaction() as desk:
            for number in (12, 3, 100, 7):
                desk.save(ticket(number, assignee="bo" if number > 5 else "alice"))
            assert [one.number for one in desk.find(Query(assignee="bo"))] == [7, 12, 100]
        with store.reading() as desk:
            assert [one.number for one in desk.find()] == [3, 7, 12, 100]
            assert [one.number for one in desk.find(Query(numbers=frozenset({100, 3, 55})))] == [3, 100]

    def test_find_leaves_texts_out_unless_asked(self, store: Store) -> None:
        with store.transaction() as desk:
            (saved,) = add(desk, messages=2)
        with store.transaction() as desk:
            (outline,) = desk.find()
            assert [(one.key, one.text, one.whole) for one in outline.messages] == [("m1", "", ""), ("m2", "", "")]
            assert outline.messages[0].message_id == saved.messages[0].message_id
            assert (outline.subject, outline.revision) == (saved.subject, 1)
            with pytest.raises(ValueError, match="without its texts"):
                desk.save(outline.assign(ACT, "bo"))
            assert list(desk.find(texts=True)) == [saved]

    def test_search_reads_all_texts_whatever_is_given_back(self, store: Store) -> None:
        with store.transaction() as desk:
            add(desk, 2)
            desk.save(ticket(3, messages=0).receive(ACT, message(3, text="En ÅNGVÄLT, tack")))
            for texts, expected in ((False, ""), (True, "En ÅNGVÄLT, tack")):
                (found,) = desk.find(Query(search="ångvält tack"), texts=texts)
                assert (found.number, found.messages[0].text) == (3, expected)

    def test_a_loop_over_find_may_save(self, store: Store) -> None:
        with store.transaction() as desk:
            add(desk, 5)
            for one in desk.find(texts=True):
                desk.save(one.assign(ACT, "bo"))
                add(desk)
            assert [one.assignee for one in desk.find()] == ["bo"] * 5 + [""] * 5

    def test_messages_are_found_by_id_and_by_content(self, store: Store) -> None:
        with store.transaction() as desk:
            add(desk, 3, messages=0)
            desk.save(desk.get(2).receive(ACT, message(2)).receive(ACT, message(2, 2, content="", message_id="")))
            assert desk.find_message("2.1@kund.example") == 2
        with store.reading() as desk:
            assert desk.find_message("2.1@kund.example") == 2
            assert desk.find_content("content 2.1") == 2
            assert desk.find_message("content 2.1") is None
            assert (desk.find_message("x"), desk.find_content("x")) == (None, None)
            assert (desk.find_message(""), desk.find_content("")) == (None, None)

    def test_who_refers_to_a_message_is_found(self, store: Store) -> None:
        with store.transaction() as desk:
            add(desk, 3, messages=0)
            answer = msgspec.structs.replace(message(2), references=("borta@kund.example", "1.1@kund.example"))
            desk.save(desk.get(2).receive(ACT, answer))
            assert set(desk.mentions("borta@kund.example")) == {2}
            other = msgspec.structs.replace(message(3), references=("borta@kund.example",))
            desk.save(desk.get(3).receive(ACT, other))
        with store.reading() as desk:
            assert set(desk.mentions("borta@kund.example")) == {2, 3}
            assert set(desk.mentions("1.1@kund.example")) == {2}
            assert set(desk.mentions("2.1@kund.example")) == set()

    def test_the_first_ticket_with_a_message_is_the_one(self, store: Store) -> None:
        same = message(1, message_id="samma@kund.example", content="samma")
        with store.transaction() as desk:
            for number in (9, 4, 11):
                desk.save(ticket(number, 0).receive(ACT, same))
            assert desk.find_message("samma@kund.example") == 4
            desk.delete(4, tombstones=False)
            assert (desk.find_message("samma@kund.example"), desk.find_content("samma")) == (9, 9)

    def test_a_message_that_moved_is_found_where_it_is(self, store: Store) -> None:
        with store.transaction() as desk:
            add(desk, 2)
            assert desk.find_message("1.1@kund.example") == 1
            target, source = desk.get(2), desk.get(1)
            desk.save(absorb(ACT, target, source))
            desk.save(join(ACT, source, 2))
            assert (desk.find_message("1.1@kund.example"), desk.find_content("content 1.1")) == (2, 2)

    # --- what is made of the tickets ---

    def test_numbers_are_those_of_desk_and_archive(self, store: Store) -> None:
        with store.transaction() as desk:
            for number in (1, 2, 3):
                desk.save(closed(desk.new_number(), NOW - (40 if number < 3 else 1) * DAY))
        store.archive(NOW - 30 * DAY)
        with store.transaction() as desk:
            desk.delete(2)
        with store.reading() as desk:
            assert (desk.numbers(), desk.numbers(archive=True)) == ({3}, {1, 3})

    def test_what_was_made_of_tickets_goes_when_a_closed_one_changes(self, store: Store) -> None:
        with store.transaction() as desk:
            (first,) = add(desk)
            desk.save(closed(desk.new_number(), NOW))
            desk.save(closed(desk.new_number(), NOW))

        def kept() -> bool:
            return store.derived("answers") is not None

        def keep() -> None:
            with store.reading() as desk:
                store.keep_derived("answers", b"index", desk.generation)
            assert bytes(store.derived("answers")) == b"index"

        assert not kept()
        keep()
        with store.transaction() as desk:
            desk.save(renamed(first, "nytt ämne"))  # it is not closed: nothing was made of it
            add(desk)
        assert kept()
        with store.transaction(keep=False) as desk:
            desk.delete(2)
        assert kept()
        with store.transaction() as desk:
            desk.save(renamed(desk.get(2), "nytt ämne"))
        assert not kept()
        keep()
        with store.transaction() as desk:
            desk.delete(3)
        assert not kept()

    def test_what_was_made_of_older_tickets_is_not_kept(self, store: Store) -> None:
        with store.reading() as desk:
            before = desk.generation
        with store.transaction() as desk:
            add(desk)
        store.keep_derived("answers", b"index", before)
        assert store.derived("answers") is None

    # --- the archive ---

    def test_long_closed_tickets_move_to_the_archive_and_are_all_found_there(self, store: Store) -> None:
        with store.transaction() as desk:
            for number, at in ((1, NOW - 90 * DAY), (2, NOW - 40 * DAY), (3, NOW), (5, NOW - 41 * DAY)):
                desk.save(closed(number, at))
            desk.save(ticket(4))
        assert store.archive(NOW - 30 * DAY) == 3
        assert store.archive(NOW - 30 * DAY) == 0
        with store.reading() as desk:
            assert [one.number for one in desk.find()] == [3, 4]
            assert [one.number for one in desk.find(archive=True)] == [1, 2, 3, 4, 5]
            assert [one.number for one in desk.find(Query(numbers=frozenset({2, 4})))] == [4]
            assert [one.number for one in desk.find(Query(numbers=frozenset({2, 4, 6})), archive=True)] == [2, 4]
            assert [one.number for one in desk.find(ACTIVE, archive=True)] == [4]
            assert [one.messages[0].text for one in desk.find(archive=True)] == [""] * 5
            assert desk.get(1).messages[0].text == "Hej! Ärende 1:\nvar är paketet?"
            assert list(desk.find(Query(search="ärende 5"), archive=True, texts=True)) == [desk.get(5)]
            assert (desk.find_message("1.1@kund.example"), desk.find_content("content 5.1")) == (1, 5)

    def test_a_ticket_closed_just_then_stays(self, store: Store) -> None:
        with store.transaction() as desk:
            desk.save(closed(1, NOW))
        assert store.archive(NOW) == 0
        assert store.archive(NOW + DAY) == 1

    def test_a_late_reply_brings_its_ticket_back(self, store: Store) -> None:
        with store.transaction() as desk:
            desk.save(closed(1, NOW - 90 * DAY))
            desk.save(closed(2, NOW - 90 * DAY))
        store.archive(NOW)
        with store.transaction() as desk:
            back = desk.save(desk.get(1).receive(Act("system", NOW), message(1, 2)))
            assert (back.revision, back.status) == (2, "open")
        with store.reading() as desk:
            assert [one.number for one in desk.find()] == [1]
            assert [one.number for one in desk.find(archive=True)] == [1, 2]
            assert desk.get(1) == back
            assert [desk.find_message(f"1.{which}@kund.example") for which in (1, 2)] == [1, 1]
        assert store.archive(NOW + DAY) == 0

    def test_a_ticket_can_go_to_the_archive_again(self, store: Store) -> None:
        with store.transaction() as desk:
            desk.save(closed(1, NOW - 90 * DAY))
        store.archive(NOW)
        with store.transaction() as desk:
            again = desk.get(1).reopen(ACT).close(Act("bo", NOW))
            again = desk.save(msgspec.structs.replace(again, messages=()))
        assert store.archive(NOW + DAY) == 1
        with store.reading() as desk:
            assert desk.get(1) == again
            assert list(desk.find(archive=True, texts=True)) == [again]
            assert desk.find_content("content 1.1") is None
        with store.transaction() as desk:
            assert desk.save(desk.get(1).reopen(ACT)).revision == 3

    def test_an_archived_ticket_can_conflict(self, store: Store) -> None:
        with store.transaction() as desk:
            desk.save(closed(1, NOW - 90 * DAY))
        store.archive(NOW)
        with store.transaction() as desk, pytest.raises(Conflict):
            desk.save(ticket(1))

    # --- deleting ---

    @pytest.mark.parametrize("archived", [False, True])
    def test_a_purged_ticket_is_gone_but_its_mail_is_known(self, store: Store, archived: bool) -> None:
        with store.transaction() as desk:
            desk.save(closed(1, NOW - 90 * DAY))
            desk.save(closed(2, NOW - 90 * DAY))
        if archived:
            store.archive(NOW)
        with store.transaction() as desk:
            desk.delete(1)
            assert desk.find_content("content 1.1") == 0
        for _ in range(2):
            with store.transaction() as desk:
                with pytest.raises(NoSuchTicket):
                    desk.get(1)
                assert [one.number for one in desk.find(archive=True)] == [2]
                assert list(desk.find(Query(numbers=frozenset({1})), archive=True)) == []
                assert desk.find_content("content 1.1") == 0
                assert desk.find_message("1.1@kund.example") is None
                assert desk.find_content("content 2.1") == 2
            store.archive(NOW)

    @pytest.mark.parametrize("archived", [False, True])
    def test_without_tombstones_the_mail_is_new_again(self, store: Store, archived: bool) -> None:
        with store.transaction() as desk:
            desk.save(closed(1, NOW - 90 * DAY))
        if archived:
            store.archive(NOW)
        with store.transaction() as desk:
            desk.delete(1, tombstones=False)
        store.archive(NOW)
        with store.reading() as desk:
            assert desk.find_content("content 1.1") is None
            assert list(desk.find(archive=True)) == []

    def test_a_ticket_with_the_same_mail_counts_more_than_a_tombstone(self, store: Store) -> None:
        with store.transaction() as desk:
            add(desk)
            desk.delete(1)
            desk.save(ticket(2, 0).receive(ACT, message(1)))
            assert desk.find_content("content 1.1") == 2

    # --- the rest of the desk ---

    def test_outbox(self, store: Store) -> None:
        with store.transaction() as desk:
            desk.queue(outbound("b"))
            desk.queue(outbound("a"))
            desk.queue(outbound("b", state="deferred", attempts=1, next_at=NOW, refused={"x@y.example": "550"}))
            desk.drop_outbound("finns inte")
        with store.transaction() as desk:
            found = [(one.id, one.state, one.attempts) for one in desk.outbox()]
            assert found == [("a", "queued", 0), ("b", "deferred", 1)]
            for item in desk.outbox():
                desk.drop_outbound(item.id)
            assert list(desk.outbox()) == []

    def test_cursors(self, store: Store) -> None:
        with store.transaction() as desk:
            assert desk.cursor("support/INBOX") is None
            desk.set_cursor("support/INBOX", Cursor(7, 100))
            desk.set_cursor("sälj/Inkorg", Cursor(1, 2))
        with store.reading() as desk:
            assert desk.cursor("support/INBOX") == Cursor(7, 100)
            assert desk.cursor("sälj/Inkorg") == Cursor(1, 2)

    def test_what_is_dropped_from_quarantine_for_good_stays_known(self, store: Store) -> None:
        with store.transaction() as desk:
            desk.quarantine(quarantined("q1"))
            desk.drop_quarantined("q1", tombstone=True)
        with store.reading() as desk:
            assert list(desk.quarantined()) == []
            assert desk.find_content(quarantined("q1").content) == 0

    def test_quarantine_keeps_a_message_known_until_it_is_released(self, store: Store) -> None:
        with store.transaction() as desk:
            desk.quarantine(quarantined("q2"))
            desk.quarantine(quarantined("q1", message_id="q@kund.example"))
        with store.transaction() as desk:
            assert [one.id for one in desk.quarantined()] == ["q1", "q2"]
            assert desk.find_content("content q1") == 0
            desk.drop_quarantined("q1")
            desk.drop_quarantined("finns inte")
            assert desk.find_content("content q1") is None
        with store.reading() as desk:
            assert list(desk.quarantined()) == [quarantined("q2")]

    def test_runs(self, store: Store) -> None:
        with store.transaction() as desk:
            assert desk.run("fetch support") is None
            desk.note_run(Run(name="fetch support", at=NOW, ok_at=NOW))
            desk.note_run(Run(name="escalate", at=NOW))
            failed = Run(name="fetch support", at=NOW + DAY, ok_at=NOW, detail="fel lösenord")
            desk.note_run(failed)
        with store.reading() as desk:
            assert desk.run("fetch support") == failed
            assert [one.name for one in desk.runs()] == ["escalate", "fetch support"]

    def test_facts(self, store: Store) -> None:
        with store.transaction() as desk:
            for key, value in (("ack:b", "2"), ("ack:a", "1"), ("övrigt", "ja"), ("ack:c", "3"), ("ack:c", "")):
                desk.remember(key, value)
            desk.remember("aldrig", "")
        with store.reading() as desk:
            assert list(desk.facts("ack:")) == [("ack:a", "1"), ("ack:b", "2")]
            assert list(desk.facts("övrigt")) == [("övrigt", "ja")]

    def test_blobs(self, store: Store) -> None:
        name = store.blobs.put(b"r\xe5mj\xf6lk\r\n")
        assert store.blobs.put(b"r\xe5mj\xf6lk\r\n") == name
        empty = store.blobs.put(b"")
        assert store.blobs.get(name) == b"r\xe5mj\xf6lk\r\n"
        assert store.blobs.get(empty) == b""
        assert store.blobs.has(name)
        assert list(store.blobs.all()) == sorted([name, empty])
        assert set(store.blobs.written_before(NOW + 9000 * DAY)) == {name, empty}
        store.blobs.delete(name)
        store.blobs.delete(name)
        assert not store.blobs.has(name)
        for missing in (name, "../desk.json", ""):
            assert not store.blobs.has(missing)
            with pytest.raises(NoSuchTicket):
                store.blobs.get(missing)

    def test_blobs_put_together_are_there_at_the_end_or_not_at_all(self, store: Store) -> None:
        with store.blobs.together():
            name = store.blobs.put(b"svar")
        assert store.blobs.get(name) == b"svar"
        with store.blobs.together(keep=False):
            store.blobs.put(b"bara ett prov")
        with pytest.raises(LookupError), store.blobs.together():
            store.blobs.put(b"avbrutet")
            raise LookupError
        assert list(store.blobs.all()) == [name]

    def test_a_healthy_store_has_nothing_to_mend(self, store: Store) -> None:
        assert {finding.state for finding in store.check()} == {"ok"}
        with store.transaction() as desk:
            add(desk, 2, messages=0)
        before = snapshot(store)
        assert {finding.state for finding in store.check()} == {"ok"}
        assert "error" not in {finding.state for finding in store.recover()}
        assert snapshot(store) == before

    # --- who is at work ---

    def test_a_job_is_for_one_run_at_a_time(self, store: Store) -> None:
        with store.lease("fetch", 0):
            with pytest.raises(Busy, match=r"has held .*fetch.* for 0.01 s; try again"), store.lease("fetch", 0.01):
                pass
            with store.lease("send", 0), store.transaction() as desk:  # another job, and the desk, are free
                add(desk)
        with pytest.raises(ZeroDivisionError), store.lease("fetch", 0):
            raise ZeroDivisionError
        with store.lease("fetch", 0):
            pass

    def test_who_waits_for_a_job_gets_it_when_it_is_done(self, store: Store) -> None:
        asked, got = Event(), Event()

        def wait() -> None:
            asked.set()
            with store.lease("fetch", 60):
                got.set()

        waiting = Thread(target=wait, daemon=True)
        with store.lease("fetch", 0):
            waiting.start()
            asked.wait(60)
            assert not got.is_set()
        assert got.wait(60)
        waiting.join(60)

    def test_what_a_run_is_at_is_there_for_others(self, store: Store) -> None:
        assert store.lease_note("send") == ""
        with store.lease("send", 0):
            store.note_lease("send", "4711 17000000000")
            store.note_lease("send", "4711 1800000000")
            assert store.lease_note("send") == "4711 1800000000"
        assert store.lease_note("send") == "4711 1800000000"
        assert store.lease_note("escalate") == ""

    def test_marks_are_there_as_long_as_who_made_them(self, store: Store) -> None:
        shape = re.compile(r"\d+ \w+")
        assert store.marks(shape) == []
        with store.mark("17 bo"), store.mark("1 alice"), store.mark("other"):
            assert store.marks(shape) == ["1 alice", "17 bo"]
            assert store.marks(r"17 .*") == ["17 bo"]
        with pytest.raises(ZeroDivisionError), store.mark("17 bo"):
            raise ZeroDivisionError
        assert store.marks(shape) == []

    def test_a_new_store_is_well_and_has_room(self, store: Store) -> None:
        with store.transaction() as desk:
            desk.save(ticket(1))
        assert {one.state for one in [*store.check(), store.check_privacy()]} <= {"ok", "warning"}
        room = store.room()
        assert room.free > 0 and room.files > 0 and room.size >= 0
        assert store.recover() == []

    def test_persons_with_odd_names(self, store: Store) -> None:
        person = Person("o'brien@kund.example", 'Ö"\\')
        with store.transaction() as desk:
            desk.save(ticket(1, requester=person, participants=(ÅSA, person)))
        with store.reading() as desk:
            assert desk.get(1).requester == person
            assert [one.number for one in desk.find(Query(requester="o'brien@kund.example"))] == [1]

    # --- measures ---

    def test_measures_are_kept_in_order_of_their_number(self, store: Store) -> None:
        first = Measure(number=2, name="Ny FAQ", start=NOW.date(), at=NOW, by="bo", about=Thing("cause", "faktura"))
        with store.transaction() as desk:
            desk.save_measure(Measure(number=10, name="Nytt formulär", start=NOW.date(), at=NOW, by="bo"))
            desk.save_measure(first)
            assert [one.number for one in desk.measures()] == [2, 10]
        stopped = msgspec.structs.replace(first, stopped=NOW.date())
        with store.transaction() as desk:
            desk.save_measure(stopped)
        with store.transaction(keep=False) as desk:
            desk.save_measure(first)
        with store.reading() as desk:
            assert next(desk.measures()) == stopped

    # --- patterns ---

    def test_patterns_are_kept_in_order_of_their_key(self, store: Store) -> None:
        seven = Pattern(key=7, tickets=(3, 1), terms={"a1": 1.5}, words=(NameWord("paket", (1, 3)),), born=NOW)
        with store.transaction() as desk:
            desk.save_pattern(seven)
            desk.save_pattern(Pattern(key=-12, tickets=(2,)))
            desk.save_pattern(Pattern(key=10))
            assert [one.key for one in desk.patterns()] == [-12, 7, 10]
        with store.transaction() as desk:
            desk.save_pattern(msgspec.structs.replace(seven, given="Paket"))
            desk.drop_pattern(10)
            desk.drop_pattern(11)
        with store.reading() as desk:
            assert [one.key for one in desk.patterns()] == [-12, 7]
            assert list(desk.patterns())[1] == msgspec.structs.replace(seven, given="Paket")

    def test_patterns_that_are_not_kept_are_as_before(self, store: Store) -> None:
        with store.transaction(keep=False) as desk:
            desk.save_pattern(Pattern(key=1))
            desk.set_vocabulary(Vocabulary(seen=3))
        with store.reading() as desk:
            assert list(desk.patterns()) == []
            assert desk.vocabulary() == Vocabulary()

    def test_the_vocabulary_is_kept(self, store: Store) -> None:
        known = Vocabulary(seen=3, total=2, counts={"a1": 2}, last=1, stems="plain", alike=(Alike(1, 2, 0.7),))
        with store.transaction() as desk:
            desk.set_vocabulary(known)
        with store.reading() as desk:
            assert desk.vocabulary() == known

    def test_the_last_number_is_the_highest_ever_given(self, store: Store) -> None:
        with store.transaction() as desk:
            assert desk.last_number == 0
            add(desk)
            desk.save(ticket(17))
            desk.delete(17)
        with store.reading() as desk:
            assert desk.last_number == 17


def snapshot(store: Store) -> list[object]:
    with store.reading() as desk:
        small = [*desk.outbox(), *desk.quarantined(), *desk.runs(), *desk.facts("")]
        return [*desk.find(archive=True, texts=True), *small]
