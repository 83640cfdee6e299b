"""The command line: a lazy group, the global options, errors → exit codes, and the App that commands are handed.

The only reader of clock, randomness and environment.
"""

from __future__ import annotations

import atexit
import errno
import gc
import os
import signal
import sys
import threading
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn

import click

from ticketctl import __version__
from ticketctl.errors import ChannelFailed, StoreFailed, TicketctlError
from ticketctl.terminal import LANGUAGES

if TYPE_CHECKING:
    from types import TracebackType

    from click.shell_completion import CompletionItem

    from ticketctl.terminal.shell import Shell
    from ticketctl.usecases.results import Remark
    from ticketctl.usecases.session import Session


# Name → one line of help, in the order of a day's work, under headings. The module is ticketctl.commands.NAME; a name
# that Python reserves has a module with an underscore behind it. Nothing is imported until a command is called.
COMMANDS: dict[str, dict[str, str]] = {
    "Look": {
        "board": "Show the state right now: unopened, unassigned, overdue, per owner.",
        "inbox": "Show what changed on your tickets since you last looked.",
        "list": "List tickets, what to do next first.",
        "search": "Search all tickets, closed and archived ones too.",
        "show": "Show a ticket with its whole conversation.",
        "unmask": "Open the sealed original of a masked mail.",
        "drafts": "List the drafts of replies, or drop one.",
    },
    "Mail": {
        "fetch": "Fetch new mail and put each message on its ticket.",
        "send": "Send what waits in the outbox.",
        "outbox": "Show what waits to be sent; release it, or make it a draft again.",
        "quarantine": "Show, release or delete mail that could not be filed.",
        "inspect": "Show how a mail is read; needs no desk.",
    },
    "Work": {
        "new": "Log a phone call, a visit or a matter of your own.",
        "triage": "Run the rules on new tickets, or go through them one by one.",
        "explain": "Show what the rules did to a ticket, and why.",
        "take": "Take the next ticket to do, and show it.",
        "assign": "Assign tickets to an agent.",
        "handover": "Move the open tickets of one agent to another.",
        "away": "Say who is away, until when, and who their deputy is.",
        "reply": "Answer the requester.",
        "chat": "Answer the visitors of the chat on your site, live.",
        "note": "Write an internal note.",
        "watch": "Watch tickets that are assigned to somebody else.",
        "unwatch": "Stop watching tickets.",
        "wait": "Wait for the customer until a date.",
        "promise": "Record what the customer was promised, and by when.",
        "close": "Close tickets, with cause and lesson.",
        "reopen": "Reopen closed tickets.",
        "merge": "Merge duplicates into one ticket.",
        "unmerge": "Undo a merge.",
        "move": "Move a message to another ticket.",
        "requester": "Set whose ticket it is.",
        "split": "Make a new ticket of a message.",
        "link": "Link tickets that belong together.",
        "label": "Add or remove labels.",
        "set": "Set fields: category=betalning.",
        "priority": "Set the priority: high, medium or low.",
        "spam": "Close tickets as spam.",
        "undo": "Take your last command on a ticket back.",
    },
    "Control": {
        "escalate": "Carry out the escalation steps and the sweep rules that are due.",
        "report": "Show the figures of a week, a month or any days.",
        "measure": "Note an improvement, and see whether it made a difference.",
        "privacy": "Check how personal data is handled; draft a record or breach report.",
        "patterns": "Show recurring questions.",
        "purge": "Delete or anonymise what is older than the retention rules allow.",
        "person": "Show, export, correct, restrict or erase a person's data.",
        "hold": "Keep tickets from deletion: a legal hold.",
        "page": "Give out, or take back, the link to a customer's page.",
        "export": "Print whole tickets as JSON, one a line.",
        "import": "Import tickets: of another desk, or of another system.",
        "audit": "Show who read or changed what; verify the audit log.",
    },
    "Desk": {
        "init": "Make a new desk.",
        "snippets": "List, show, try and check the reply templates.",
        "rules": "Check rules.yaml and the snippets, and test the rules.",
        "login": "Log in to a mailbox by OAuth, at the provider.",
        "doctor": "Check the desk: store, sources, outgoing mail; repair it.",
        "backup": "Back up the whole desk into one file.",
        "restore": "Make a desk from a backup.",
        "serve": "Serve the web pages: forms, chat, the team's pages, the API.",
        "key": "Make, list and revoke the keys of the API.",
        "user": "Give agents a password for the web pages.",
        "webhook": "Show the webhooks of rules.yaml; resume one that was paused.",
        "cron": "Show, install or remove the desk's cron lines.",
        "help": "Show the help of a command, or of all.",
        "completion": "Print the shell completion for bash, zsh or fish.",
        "demo": "Build a demonstration desk and show each command at work.",
    },
}
HELP = {name: text for group in COMMANDS.values() for name, text in group.items()}
MODULES = {"import": "import_", "list": "list_", "set": "set_"}


class LazyGroup(click.Group):
    """Imports a command's module when it is called; `--help` prints the table above."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(HELP)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in HELP:
            return None
        module = import_module(f"ticketctl.commands.{MODULES.get(cmd_name, cmd_name)}")
        command: click.Command = module.command
        return _with_globals(command)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in HELP and not name.startswith("-"):
            from ticketctl.present.words.command_hints import hint

            raise click.UsageError(f"no command {name!r}; {hint(name, HELP)}", ctx)
        return super().resolve_command(ctx, args)

    def shell(self, ctx: click.Context) -> Shell:
        """A shell for completion, which calls no command."""
        given = ctx.find_root().params
        return build_shell(desk=given.get("desk") or "", user=given.get("user") or "")

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for heading, commands in COMMANDS.items():
            with formatter.section(heading):
                formatter.write_dl(list(commands.items()))

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except TicketctlError as error:
            _correct(error, ctx.obj)
            from ticketctl.present.words.errors import error_line

            for text in error_line(error, ctx.obj.language if ctx.obj else "en").splitlines():
                _warn(text)
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            raise click.Abort from None  # else click prints an empty line
        except OSError as error:
            if error.errno == errno.EPIPE:  # the reader has enough; click would end with 1
                _drop_output()
                ctx.exit()
            if error.errno == errno.ENOSPC and not error.filename:  # the store names its files
                _warn(f"standard output: {error.strerror or error}")
                _drop_output()
                ctx.exit(StoreFailed.exit_code)
            _warn(f"{error.filename or 'the system'}: {error.strerror or error}")
            ctx.exit(ChannelFailed.exit_code if isinstance(error, ConnectionError) else StoreFailed.exit_code)


def _correct(error: TicketctlError, shell: Shell | None) -> None:
    """Where this run has stored something before, it is not the old state that stands."""
    if (
        isinstance(error, StoreFailed)
        and shell
        and shell.session.app.commits
        and error.outcome.startswith("the old state")
    ):
        error.outcome = "what this run had stored before stays, the rest was not done: look before you repeat it"


def _with_globals(command: click.Command) -> click.Command:
    """With the global options, and so its subcommands."""
    from ticketctl.commands.options import add_globals

    if isinstance(command, click.Group):
        for child in command.commands.values():
            _with_globals(child)
        if not command.invoke_without_command:
            return command
    return add_globals(command)


def _agents(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from ticketctl.commands.options import complete_agents

    return complete_agents(ctx, param, incomplete)


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--desk",
    envvar="TICKETCTL_DESK",
    show_envvar=True,
    metavar="FOLDER",
    help="The desk; else found upwards from here.",
)
@click.option(
    "--as",
    "user",
    envvar="TICKETCTL_AS",
    show_envvar=True,
    metavar="AGENT",
    shell_complete=_agents,
    help="Who acts; else your login name in `team:`.",
)
@click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    envvar="TICKETCTL_LANGUAGE",
    show_envvar=True,
    help="Of what is printed; else that of your locale (LANG), else the desk's.",
)
@click.option("--reason", metavar="TEXT", help="Why you read or do it, for the audit log; names nobody.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.option("-v", "--verbose", is_flag=True, help="Tell more on standard error.")
@click.version_option(__version__, message="ticketctl %(version)s")
@click.pass_context
def cli(
    ctx: click.Context,
    desk: str | None,
    user: str | None,
    language: str | None,
    reason: str | None,
    as_json: bool,
    verbose: bool,
) -> None:
    """ticketctl: everything customers write, in one place, answered in time.

    A folder is a desk: rules.yaml, snippets/ and data/. `ticketctl init` makes one, `ticketctl demo` shows one at work.
    """
    given = {"desk": desk or "", "user": user or "", "language": language or "", "reason": reason or ""}
    ctx.obj = build_shell(**given, as_json=as_json, verbose=verbose)


_withheld: dict[str, str] = {}


def _withhold_passwords() -> None:
    """Out of the environment that every program which we start would inherit: editor, pager, browser, crontab."""
    for key in [one for one in os.environ if one.startswith("TICKETCTL_PASSWORD_")]:
        _withheld[key] = os.environ.pop(key)


def _tell_bug(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """A traceback may quote a mail or a server: what it says steers no terminal."""
    import traceback

    from ticketctl.content.terminal import safe

    sys.stderr.write(safe("".join(traceback.format_exception(kind, error, trace))))


def main() -> NoReturn:
    """The entry point: exit code 0 also when the reader of our output went away, 130 after Ctrl-C."""
    _withhold_passwords()
    sys.excepthook = _tell_bug
    threading.excepthook = lambda bug: _tell_bug(bug.exc_type, bug.exc_value or bug.exc_type(), bug.exc_traceback)
    gc.set_threshold(100_000, 50, 50)  # a command lives for a moment: looking for cycles costs more than it frees
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupted)
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _stopped)
    try:
        code = cli.main(prog_name="ticketctl", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as stop:
        code = stop.exit_code
    except (click.Abort, KeyboardInterrupt):
        _warn("stopped")
        code = 130
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except BrokenPipeError:
        _drop_output()
        code = 0
    except OSError as error:  # of the last flush: a full disk
        _warn(f"standard output: {error.strerror or error}")
        _drop_output()
        code = 10
    _end(code if isinstance(code, int) else 0)


def _end(code: int) -> NoReturn:
    """Ends at once: freeing every object one by one takes a twentieth of `list`. Handlers and threads that have work
    left are waited for. Whatever was printed is flushed already: click does it after each line."""
    if threading.active_count() > 1 or atexit._ncallbacks():
        sys.exit(code)
    os._exit(code)


def _interrupted(_number: int, _frame: object) -> NoReturn:
    """Ctrl-C: what is said next begins on a line of its own, not behind the terminal's ^C."""
    if sys.stderr.isatty():
        os.write(sys.stderr.fileno(), b"\n")
    raise KeyboardInterrupt


def _stopped(number: int, _frame: object) -> NoReturn:
    raise SystemExit(128 + number)


def _drop_output() -> None:
    """What is still buffered has no reader; Python would complain about it at exit."""
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123 - a descriptor is wanted, not a path
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


# --- what a command is handed ---


def build_shell(
    *,
    desk: str = "",
    user: str = "",
    language: str = "",
    reason: str = "",
    as_json: bool = False,
    verbose: bool = False,
) -> Shell:
    """A shell on this process's terminal and environment."""
    from ticketctl.terminal.shell import Shell

    return Shell(
        desk=desk,
        user=user,
        json=as_json,
        verbose=verbose,
        tty=sys.stdout.isatty(),
        environ={**os.environ, **_withheld},
        say=_say,
        warn=_warn,
        open_session=_session,
        wanted_language=language,
        reason=reason,
    )


def _session(shell: Shell) -> Session:
    from ticketctl.wiring import build_session

    def say_remark(remark: Remark) -> None:
        from ticketctl.present.words.remarks import ONLY_VERBOSE, remark_line

        if shell.verbose or remark.code not in ONLY_VERBOSE:
            shell.warn(remark_line(remark, shell.language))

    return build_session(
        desk=shell.desk, user=shell.user, reason=shell.reason, environ=shell.environ, remark=say_remark
    )


def _say(text: str) -> None:
    from ticketctl.content.terminal import guarded

    click.echo(guarded(text), color=False if os.environ.get("NO_COLOR") else None)


def _warn(text: str) -> None:
    from ticketctl.content.terminal import safe

    click.echo(f"ticketctl: {safe(text)}", err=True)
