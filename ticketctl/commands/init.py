"""`init`: a folder becomes a desk that works as it is."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import click

from ticketctl.errors import Refused, StoreFailed
from ticketctl.terminal.shell import Shell


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.pass_obj
def command(shell: Shell, folder: Path | None) -> None:
    """Make a new desk in FOLDER, or here.

    Writes a commented rules.yaml, snippets in Swedish and English, the data folder, which only you can read, and a
    .gitignore that keeps data/ out of Git. Existing files are not changed. The desk works as it is, without
    network; no mail is sent until you set that up in rules.yaml.

    \b
    Example:
      ticketctl init kundtjänst
    """
    desk = (folder or Path(shell.desk or ".")).expanduser().absolute()
    if (desk / "rules.yaml").exists():
        raise Refused(f"{desk} is a desk already; `ticketctl rules check` tells whether all is well there")
    try:
        desk.mkdir(parents=True, exist_ok=True)
        made = [*_copied(files("ticketctl") / "starter", desk), _data_folder(desk)]
    except OSError as error:
        raise StoreFailed(f"{error.filename or desk}: {error.strerror}; no desk was made") from None
    if shell.json:
        from ticketctl.content.terminal import as_json

        shell.say(as_json({"desk": str(desk), "made": [name for name in made if name]}))
        return
    shell.say(f"{desk} is a desk now")
    shell.say(f"Next: look at {desk / 'rules.yaml'} (your name and mailbox go there), then `ticketctl doctor`")


def _copied(source: Traversable, target: Path) -> list[str]:
    """The starter's files that are not in `target` yet; rules.yaml last, because it is what makes a folder a desk."""
    made: list[str] = []
    for name in _names(source):
        path = target / (".gitignore" if name == "gitignore" else name)
        if path.exists() or path.is_symlink():
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(source.joinpath(*name.split("/")).read_bytes())
        made.append(str(path.relative_to(target)))
    return made


def _names(source: Traversable, before: str = "") -> list[str]:
    found: list[str] = []
    for entry in sorted(source.iterdir(), key=lambda entry: (entry.name == "rules.yaml", entry.name)):
        if entry.is_dir():
            found += _names(entry, f"{before}{entry.name}/")
        elif entry.name in ("gitignore", "rules.yaml") or entry.name.endswith(".j2"):
            found.append(before + entry.name)
    return found


def _data_folder(desk: Path) -> str:
    data = desk / "data"
    if data.exists():
        return ""
    data.mkdir(mode=0o700)
    data.chmod(0o700)  # whatever the umask took away or a parent's default gave
    return "data"
