"""What every command of the suite prints, recorded, so that two states of the code can be compared.

    python -m pytest -p tests.golden --golden before.jsonl tests/commands tests/cases tests/e2e
    python -m tests.golden before.jsonl after.jsonl       # exit code 1 where anything differs

Each call of the command line is a line: the test, the arguments, the exit code, stdout (and so --json), stderr.
Randomness is drawn from the test's name while recording, and temporary folders are called FOLDER.
"""

from __future__ import annotations

import json
import os
import random
import re
import secrets
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

FOLDER = re.compile(r"(/[^\s'\"`:,;)]*)?/pytest-of-[^/]+/pytest-\d+/(popen-gw\d+/)?[^/\s]+")
STAMP = re.compile(r"damaged-\d{8}T\d{6}Z")
DISK = re.compile(r"[\d.,]+ .?B free")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--golden", metavar="FILE", help="append what each command prints to FILE")


@pytest.fixture(autouse=True)
def _golden(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    path = request.config.getoption("--golden")
    if not path:
        yield
        return
    lines: list[dict[str, Any]] = []
    dice = random.Random(request.node.nodeid)
    invoke = CliRunner.invoke

    def recorded(self: CliRunner, cli: Any, args: Any = None, **options: Any) -> Result:
        result = invoke(self, cli, args, **options)
        lines.append(
            {
                "test": request.node.nodeid,
                "args": [_plain(str(arg)) for arg in args or ()],
                "exit": result.exit_code,
                "stdout": _plain(result.stdout),
                "stderr": _plain(result.stderr),
            }
        )
        return result

    monkeypatch.setattr(CliRunner, "invoke", recorded)
    monkeypatch.setattr(os, "urandom", dice.randbytes)
    monkeypatch.setattr(secrets, "token_bytes", dice.randbytes)
    yield
    with Path(path).open("a", encoding="utf-8") as file:
        file.write("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))


def _plain(text: str) -> str:
    return STAMP.sub("damaged-NOW", DISK.sub("… free", FOLDER.sub("FOLDER", text)))


def recorded(path: Path) -> dict[str, list[dict[str, Any]]]:
    """The calls of each test, in order."""
    calls: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        call = json.loads(line)
        calls[call["test"]].append(call)
    return calls


def differences(before: Path, after: Path) -> Iterator[str]:
    """A paragraph for each call that ends or prints differently. Tests that only one side has are left out."""
    old, new = recorded(before), recorded(after)
    for test in sorted(set(old) & set(new)):
        for was, now in zip(old[test], new[test], strict=False):
            changed = [key for key in ("args", "exit", "stdout", "stderr") if was[key] != now[key]]
            if changed:
                told = "\n".join(f"  {key}: {was[key]!r}\n{' ' * len(key)}  → {now[key]!r}" for key in changed)
                yield f"{test}\n  {' '.join(was['args'])}\n{told}"
        if len(old[test]) != len(new[test]):
            yield f"{test}: {len(old[test])} calls, now {len(new[test])}"


if __name__ == "__main__":
    found = list(differences(Path(sys.argv[1]), Path(sys.argv[2])))
    print("\n\n".join([*found, f"{len(found)} differences"]))
    sys.exit(bool(found))
