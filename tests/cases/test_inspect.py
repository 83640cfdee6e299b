"""How `inspect` must understand mails: inspect/NAME.eml (NAME.txt: a bare body), NAME.json what must come out.

In NAME.json a key of docs/mail.md's contract has its exact value ("attachments" may leave out keys of each file);
`"KEY begins"` has how it begins; `"KEY holds"` and `"KEY lacks"` list what stands in it, and what does not. A name that
begins with `control-` was right before its neighbours were, and must stay so.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from ticketctl.cli import cli

HERE = Path(__file__).parent / "inspect"
CASES = sorted(path for path in HERE.iterdir() if path.suffix in (".eml", ".txt"))


def inspected(path: Path) -> dict[str, Any]:
    bare = ["--body"] if path.suffix == ".txt" else []
    result = CliRunner().invoke(cli, ["inspect", "--json", *bare, str(path)], prog_name="ticketctl")
    (line,) = result.stdout.splitlines()
    found = json.loads(line)
    assert (result.exit_code, found["ok"]) == (0, True), found["error"]
    return dict(found)


def only(found: Any, expected: Any) -> Any:
    """Of what was found, the keys that are expected."""
    if isinstance(expected, dict) and isinstance(found, dict):
        return {key: only(found.get(key), value) for key, value in expected.items()}
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        return [only(*pair) for pair in zip(found, expected, strict=True)]
    return found


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path: Path) -> None:
    found = inspected(path)
    expectations = json.loads(path.with_suffix(".json").read_text("utf-8"))
    assert expectations
    for key, expected in expectations.items():
        name, _, how = key.partition(" ")
        match how:
            case "":
                assert only(found[name], expected) == expected, name
            case "begins":
                assert found[name].startswith(expected), found[name]
            case "holds":
                assert [words for words in expected if words not in found[name]] == [], found[name]
            case "lacks":
                assert [words for words in expected if words in found[name]] == [], found[name]
            case _:
                pytest.fail(f"{path.stem}.json: unknown {key!r}")


def test_every_expectation_has_its_mail() -> None:
    mails = {path.stem for path in CASES}
    assert {path.stem for path in HERE.glob("*.json")} == mails
