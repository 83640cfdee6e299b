"""Makes a folder a desk that works as it is."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import msgspec

from ticketctl.errors import NextStep, Refused, StoreFailed


class Init(msgspec.Struct, frozen=True):
    folder: Path


class NewDesk(msgspec.Struct, frozen=True):
    """The desk's folder, and what was made in it, relative to it."""

    desk: str
    made: tuple[str, ...]


def init(request: Init) -> NewDesk:
    """Writes what is not there yet; rules.yaml last, because it is what makes a folder a desk. Needs no session: there
    is no desk. Raises Refused where there is one, StoreFailed."""
    desk = request.folder.expanduser().absolute()
    if (desk / "rules.yaml").exists():
        step = NextStep("rules", more="check", then="shows whether all is well there")
        raise Refused("{desk} is a desk already", code="a_desk_already", desk=desk, next_step=step)
    try:
        if not desk.exists():
            desk.mkdir(parents=True)
            _take_from_others(desk)
        return NewDesk(str(desk), (*_data_folder(desk), *_copied(files("ticketctl") / "starter", desk)))
    except OSError as error:
        text = "{path}: {trouble}; no desk was made"
        raise StoreFailed(text, code="no_desk_made", path=error.filename or desk, trouble=error.strerror) from None


def _data_folder(desk: Path) -> tuple[str, ...]:
    data = desk / "data"
    if data.exists():
        return ()
    data.mkdir(mode=0o700)
    data.chmod(0o700)  # whatever the umask took away or a parent's default gave
    return ("data",)


def _copied(source: Traversable, target: Path) -> list[str]:
    """The starter's files that are not in `target` yet."""
    made: list[str] = []
    for name in _names(source):
        path = target / name.replace("gitignore", ".gitignore")
        if path.exists() or path.is_symlink():
            continue
        for folder in (path.parent.parent, path.parent):
            if not folder.exists():
                folder.mkdir()
                _take_from_others(folder)
        path.write_bytes(source.joinpath(*name.split("/")).read_bytes())
        _take_from_others(path)
        made.append(str(path.relative_to(target)))
    return made


def _take_from_others(path: Path) -> None:
    """Nobody but its owner may write it, whatever the umask is: rules.yaml names commands that are run."""
    path.chmod(path.stat().st_mode & ~0o022)


def _names(source: Traversable, before: str = "") -> list[str]:
    found: list[str] = []
    for entry in sorted(source.iterdir(), key=lambda entry: (entry.name == "rules.yaml", entry.name)):
        if entry.is_dir():
            found += _names(entry, f"{before}{entry.name}/")
        elif entry.name in ("gitignore", "README.md", "rules.yaml") or entry.name.endswith(".j2"):
            found.append(before + entry.name)
    return found
