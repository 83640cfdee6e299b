"""How tickets and reports are printed; attachments are saved under safe names, never outside their folder, never over
another file."""

from __future__ import annotations

import codecs
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from ticketctl.content.terminal import as_json, shows_bars, width
from ticketctl.content.times import zone
from ticketctl.domain.ticket.message import Attachment
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import StoreFailed
from ticketctl.ports.store import Blobs
from ticketctl.present.filenames import numbered, safe_name
from ticketctl.present.words import say_in
from ticketctl.terminal.output import end_with_failures, print_pages
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.results import Batch, Done
from ticketctl.usecases.views.show import Show, Shown, show

if TYPE_CHECKING:
    from ticketctl.domain.deadlines.work_order import TicketInQueue
    from ticketctl.domain.reports.periods import Window
    from ticketctl.usecases.outgoing.queue import RichText
    from ticketctl.usecases.views.explain_figure import Explained
    from ticketctl.usecases.views.export import Measured
    from ticketctl.usecases.views.people import People
    from ticketctl.usecases.views.product import ProductReport
    from ticketctl.usecases.views.report import Report

MOST_OF_ONE_NAME = 10_000


def show_ticket(shell: Shell, number: int) -> None:
    """What `ticketctl show` prints of one ticket, for a command that ends with it."""
    print_tickets(shell, show(shell.session, Show(tickets=(number,))))


def print_tickets(shell: Shell, batch: Batch[Shown], *, full: bool = False, history: bool = False) -> None:
    """Each with its conversation, or with --json a line each; ends with the exit code of the first failure."""
    shown = [one.value for one in batch if isinstance(one, Done)]
    if shell.json:
        from ticketctl.present.json import shown_json

        for one in shown:
            shell.say(as_json(shown_json(one)))
    else:
        print_pages(shell, [_page(shell, one, full=full, history=history) for one in shown])
    end_with_failures(shell, batch)


def _page(shell: Shell, shown: Shown, *, full: bool, history: bool) -> str:
    from ticketctl.present.thread import ThreadLayout, thread
    from ticketctl.terminal.styles import styled_lines

    layout = ThreadLayout(
        now=shell.session.now,
        zone=zone(shell.session.config.timezone),
        width=width(),
        language=shell.language,
        full=full,
        why=shown.why is not None,
        history=history,
    )
    return styled_lines(thread(shown, layout))


def save_and_print_attachments(shell: Shell, batch: Batch[Shown], folder: Path) -> None:
    for one in batch:
        if isinstance(one, Done):
            _print_saved(shell, one.value.ticket, folder)
    end_with_failures(shell, batch)


def _print_saved(shell: Shell, ticket: Ticket, folder: Path) -> None:
    from ticketctl.present.words.show import TEXTS

    say = say_in(shell.language, TEXTS)
    saved = saved_attachments(ticket, shell.session.store.blobs, folder)
    for attachment, name in saved:
        path = folder / name
        if shell.json:
            shell.say(as_json({"number": ticket.number, "name": attachment.name, "saved": str(path)}))
        else:
            shell.say(say("saved", number=ticket.number, path=path, size=attachment.size))
    if not saved and not shell.json:
        shell.say(say("no_attachments", number=ticket.number))


def saved_attachments(ticket: Ticket, blobs: Blobs, folder: Path) -> list[tuple[Attachment, str]]:
    """Writes every attachment of the ticket into `folder`, which is made where it is missing; what was saved under
    which name. Raises StoreFailed, Damaged."""
    saved = []
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # all names are opened relative to this descriptor: the folder cannot be swapped meanwhile
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            for message in ticket.messages:
                for one in message.attachments:
                    saved.append((one, _save(descriptor, safe_name(one.name), blobs.get(one.sha256))))
        finally:
            os.close(descriptor)
    except OSError as error:
        raise StoreFailed(f"{folder}: {error.strerror or error}") from error
    return saved


def _save(folder: int, name: str, data: bytes) -> str:
    for number in range(1, MOST_OF_ONE_NAME):
        free = name if number == 1 else numbered(name, number)
        try:
            descriptor = os.open(
                free, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600, dir_fd=folder
            )
        except FileExistsError:
            continue
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        return free
    raise StoreFailed(f"there are {MOST_OF_ONE_NAME:,} files called {name} already")


def print_report(shell: Shell, made: Report, csv: str | None, page: Path | None) -> None:
    """As a page in the file `page`, as CSV ("excel" or "plain"), as JSON, or as text."""
    if page is not None:
        from ticketctl.content.report_html import page as html

        _write_page(shell, page, html(made.figures, made.setting), made.figures.window)
    elif csv is not None:
        from ticketctl.present.report_data import report_csv

        _print_csv(shell, report_csv(made.figures, made.setting, plain=csv == "plain"), csv)
    elif shell.json:
        from ticketctl.present.report_data import report_json

        shell.say(as_json(report_json(made.figures, made.setting)))
    else:
        from ticketctl.content.report import text

        in_ascii = not shows_bars(shell.environ, sys.stdout.encoding or "")
        shell.say(text(made.figures, made.setting, in_ascii=in_ascii))


def print_explained(shell: Shell, made: Explained, csv: str | None) -> None:
    """The cases behind a figure, a line each: as CSV ("excel" or "plain"), as JSON, or as text."""
    from ticketctl.present.figure_cases import case_json, explained_csv, explained_lines

    if csv is not None:
        language = shell.session.config.language
        _print_csv(shell, explained_csv(made, language, plain=csv == "plain"), csv)
    elif shell.json:
        for case in made.cases:
            shell.say(as_json(case_json(case)))
    else:
        lines = explained_lines(made, ZoneInfo(shell.session.config.timezone), width(), shell.language)
        shell.say("\n".join(lines))


def print_exported_csv(shell: Shell, tickets: Iterable[Measured], csv: str) -> None:
    """A row a ticket, one by one."""
    from ticketctl.present.spreadsheet import csv_lines, exported_rows

    config = shell.session.config
    rows = exported_rows(tickets, tuple(config.fields), zone(config.timezone))
    for at, text in enumerate(csv_lines(rows, config.language, plain=csv == "plain")):
        _print_csv(shell, text, "plain" if at else csv)


def print_listed_csv(shell: Shell, tickets: Iterable[TicketInQueue], csv: str) -> None:
    from ticketctl.present.spreadsheet import csv_lines, listed_rows

    config = shell.session.config
    rows = listed_rows(tickets, tuple(config.fields), zone(config.timezone))
    _print_csv(shell, "".join(csv_lines(rows, config.language, plain=csv == "plain")), csv)


def _print_csv(shell: Shell, text: str, how: str) -> None:
    """With the byte order mark by which a spreadsheet knows UTF-8, unless it is "plain" or for a terminal."""
    data = text.encode()
    click.echo(data if how == "plain" or shell.tty else codecs.BOM_UTF8 + data, nl=False)


def print_product(shell: Shell, found: ProductReport, page: Path | None) -> None:
    """As a page in the file `page`, as JSON, or as Markdown."""
    from ticketctl.present import product

    if page is not None:
        _write_page(shell, page, product.page(found), found.product.window)
    elif shell.json:
        shell.say(as_json(product.as_data(found)))
    else:
        shell.say(product.markdown(found).rstrip("\n"))


def _write_page(shell: Shell, page: Path, html: str, window: Window) -> None:
    from ticketctl.present.words.report import TEXTS

    try:
        _write_whole(page, html)
    except OSError as error:  # a full disk names no file
        raise StoreFailed(f"{page}: {error.strerror or error}") from error
    shell.say(say_in(shell.language, TEXTS)("page", page=page, window=window.name))


def _write_whole(page: Path, html: str) -> None:
    """Whole or not at all: a full disk leaves the page that was there. A pipe, and a file in a folder where nothing new
    may be made, is written in place."""
    target = page.resolve()
    if page.exists() and not (page.is_file() and os.access(target.parent, os.W_OK)):
        page.write_text(html, encoding="utf-8")
        return
    part = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        part.write_text(html, encoding="utf-8")
        if target.exists():
            part.chmod(target.stat().st_mode & 0o777)
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def print_people(shell: Shell, found: People) -> None:
    """As lines, or an object as JSON."""
    from msgspec import to_builtins

    from ticketctl.present.words.report import people_lines

    if shell.json:
        return shell.say(as_json(to_builtins(found)))
    return shell.say("\n".join(people_lines(found, shell.language)))


def print_preview(shell: Shell, said: RichText, mail: bytes, folder: Path) -> None:
    """Writes a mail into `folder`: as it would leave, its text, and its HTML with the pictures beside it. Raises
    StoreFailed."""
    from ticketctl.present.words.report import TEXTS

    html = said.html
    for picture in said.pictures:
        html = html.replace(f"cid:{picture.cid}", picture.name)
    files = {"report.eml": mail, "report.txt": said.text.encode(), "report.html": html.encode()}
    files |= {picture.name: picture.data for picture in said.pictures}
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, data in files.items():
            (folder / name).write_bytes(data)
    except OSError as error:
        raise StoreFailed(f"{folder}: {error.strerror or error}") from error
    shell.say(said.subject)
    shell.say(say_in(shell.language, TEXTS)("written", folder=folder, files=", ".join(files)))
