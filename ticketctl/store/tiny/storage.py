"""TinyDB's own extension point, a Storage, over the rows of a verified desk file.

Rows that nobody touches stay the bytes they were: TinyDB sees each as a Mapping that is decoded only if asked. A new
TinyDB is made for every commit, so that neither its query cache nor its next id can be stale.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Document, Table

from ticketctl.store.tiny.file_format import Tables

_ENCODED = "-encoded"  # TinyDB makes a dict of what is inserted: this one has the document's JSON, which stays as it is


class Row(Mapping[str, Any]):
    """A document that is decoded when first looked into; `raw` is its JSON."""

    __slots__ = ("_document", "raw")

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self._document: dict[str, Any] | None = None

    @property
    def document(self) -> dict[str, Any]:
        if self._document is None:
            self._document = msgspec.json.decode(self.raw, type=dict[str, Any])
        return self._document

    def __getitem__(self, name: str) -> Any:
        return self.document[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.document)

    def __len__(self) -> int:
        return len(self.document)


class DeskStorage(Storage):
    """`read` gives TinyDB the tables of the desk file, `write` takes what it made of them, as bytes in `tables`."""

    def __init__(self, tables: Tables) -> None:
        self._tables: dict[str, dict[str, Any]] = {
            name: {key: Row(raw) for key, raw in rows.items()} for name, rows in tables.items()
        }

    def read(self) -> dict[str, dict[str, Any]]:
        return self._tables

    def write(self, data: dict[str, dict[str, Any]]) -> None:
        self._tables = data

    @property
    def tables(self) -> Tables:
        return {
            name: {key: row.raw if isinstance(row, Row) else _raw(row) for key, row in rows.items()}
            for name, rows in self._tables.items()
        }


def _raw(document: dict[str, Any]) -> bytes:
    return document[_ENCODED] if _ENCODED in document else msgspec.json.encode(document)


class KeyedTable(Table):
    """A table whose documents have text keys: Message-IDs, mailbox names, ticket numbers."""

    document_id_class = str  # type: ignore[assignment]  # TinyDB means it to be set, but declares it type[int]
    default_query_cache_capacity = 0


class DeskDB(TinyDB):
    table_class = KeyedTable


def apply(before: Tables, after: Tables, touched: Mapping[str, set[str]]) -> Tables:
    """`before` with the touched keys of each table as they are in `after`: one removal and one insertion a table, since
    TinyDB goes through the whole table for each operation."""
    with DeskDB(before, storage=DeskStorage) as database:
        for name, keys in touched.items():
            table = database.table(name)
            table.remove(doc_ids=keys & before.get(name, {}).keys())
            rows = after.get(name, {})
            table.insert_multiple(
                Document({_ENCODED: rows[key]}, key)  # type: ignore[arg-type]  # text, see KeyedTable
                for key in keys & rows.keys()
            )
        storage = database.storage
        assert isinstance(storage, DeskStorage)
        return storage.tables
