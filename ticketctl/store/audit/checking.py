"""Verifies a whole log: each byte of it, and that it reaches as far as others remember."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ticketctl.errors import Damaged
from ticketctl.ports.audit import KEY_CHANGED, NOT_STORED, PRUNED, STORED, Head, Record, Verified
from ticketctl.store.audit.lines import decoded, head_of, key_id, lines, mac_of, taken_apart


class Mark(NamedTuple):
    """A record that somebody remembers, and who."""

    who: str
    head: Head


def check(data: bytes, keys: Sequence[bytes], marks: Iterable[Mark]) -> Verified:
    """`keys` are the one in force and those before. Raises Damaged."""
    open_marks = {mark for mark in marks if mark.head.number}
    first, last, count = 0, Head(), 0
    generations: set[int] = set()
    for record in _verified(data, keys):
        count += record.action != PRUNED
        first = first or record.number + (record.action == PRUNED)
        last = head_of(record)
        open_marks = {mark for mark in open_marks if not _is_met(mark.head, record, last)}
        if record.action in (STORED, NOT_STORED):
            generations.discard(record.generation)
        elif record.version > 1 and record.generation:
            generations.add(record.generation)
    if open_marks:
        raise _cut_off(last, min(open_marks, key=lambda mark: mark.head.number))
    return Verified(records=count, first=first, head=last, unfinished=len(generations))


def _is_met(wanted: Head, record: Record, last: Head) -> bool:
    if record.action == PRUNED and wanted.number < record.number:
        return True  # deleted by a rule, which the key vouches for
    begun_anew = record.number == 1 and bool(wanted.mac) and wanted.mac in record.why
    return begun_anew or (wanted.number == last.number and last.mac.startswith(wanted.mac))


def _cut_off(last: Head, mark: Mark) -> Damaged:
    if mark.head.number > last.number:
        return Damaged(
            "audit.jsonl ends at record {number}, but {who} remembers record {anchor}",
            code="audit_cut_off",
            number=last.number,
            who=mark.who,
            anchor=mark.head.number,
        )
    return Damaged(
        "audit.jsonl: record {anchor} is another one than {who} remembers",
        code="audit_replaced",
        who=mark.who,
        anchor=mark.head.number,
    )


def _verified(data: bytes, keys: Sequence[bytes]) -> Iterator[Record]:
    """Each record, once its line is as it was written; raises Damaged at the first that is not."""
    by_id = {key_id(key): key for key in keys}
    last, key = Head(), b""
    for at, line in enumerate(lines(data), 1):
        where = f"audit.jsonl:{at}"
        apart = taken_apart(line)
        if apart is None:
            raise Damaged("{where} is not a record; compare it with a backup", code="audit_not_a_record", where=where)
        record = decoded(line, where)
        key = key or _first_key(record, keys, by_id, where)
        pruned = at == 1 and record.action == PRUNED
        signer = keys[0] if pruned else key
        in_order = pruned or (record.number == last.number + 1 and record.action != PRUNED)
        if not in_order or not hmac.compare_digest(apart[1], mac_of(apart[0], last.mac, signer)):
            raise Damaged(
                "{where}: this line or the one before was changed, taken out or put in",
                code="audit_changed",
                where=where,
            )
        last = head_of(record)
        if record.action == KEY_CHANGED:
            key = _known(record.key, by_id, where)
        yield record


def _first_key(record: Record, keys: Sequence[bytes], by_id: dict[str, bytes], where: str) -> bytes:
    """The log of the first version was signed with the desk's own key, and does not name it."""
    if record.version == 1:
        return keys[-1]
    if not record.key:
        raise Damaged("{where} is not the first record of a log", code="audit_no_first_record", where=where)
    return _known(record.key, by_id, where)


def _known(name: str, by_id: dict[str, bytes], where: str) -> bytes:
    if name not in by_id:
        raise Damaged("{where} names the key {key}, which is not here", code="audit_key_unknown", where=where, key=name)
    return by_id[name]
