"""What `fetch` says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ticketctl.content.terminal import counted, line
from ticketctl.present.words import Texts, say_in
from ticketctl.present.words.errors import step_words
from ticketctl.usecases.intake.reconcile import Comparison
from ticketctl.usecases.intake.result import FetchResult
from ticketctl.usecases.results import Remark

TEXTS: Texts = {
    "en": {
        "would": "would: {text}",
        "no_mail": "no new mail",
        "mails": "{mails}: {parts}",
        "new": "{tickets} ({numbers})",
        "joined": "{count} in tickets that were there",
        "aside": "{count} in quarantine (`ticketctl quarantine`)",
        "known": "{count} seen before",
        "skipped": "; {mails} left out",
        "closed": "; {tickets} closed, where nothing has happened lately",
        "from_when": "{error}: `ticketctl fetch {source} --since now` (only what comes from now on), "
        "or `--since DATE` (from that day on)",
        "ask_from_when": "{source}: from when? `now`, a day such as {day}, or `all` (Enter: decide later)",
        "running": "another fetch of this desk is running; nothing done",
        "interrupted": "interrupted; what is in stays, and `ticketctl fetch` goes on from there",
        "stopped": "stopped watching",
        "heartbeat_fails": "heartbeat: {reason}; mail was fetched all the same, and this is said only once",
        "heartbeat_not_noted": "heartbeat: {reason}",
        "nothing_missing": "{source}: {compared} mails on the server, nothing missing here{rest}",
        "missing": "{source}: of {compared} mails on the server {count} are not here{rest}",
        "difference": "  {mailbox} UID {uid}  {when}  {what}  ({state})",
        "older": "; {count} older ones left out by --since",
        "lately": "; {count} came lately and wait for the next fetch",
    },
}


def summary(results: Sequence[FetchResult], language: str, *, dry_run: bool = False) -> str:
    """12 mails: 5 new tickets (#17-#21), 6 in tickets that were there, 1 in quarantine; "" where nothing came because
    a source failed, so that nobody knows whether there is mail."""
    say = say_in(language, TEXTS)
    new = [number for result in results for number in result.new]
    counts = {
        "joined": sum(len(result.joined) for result in results),
        "aside": sum(len(result.quarantined) for result in results),
        "known": sum(result.known for result in results),
    }
    skipped, closed = sum(result.skipped for result in results), sum(result.closed for result in results)
    parts = [say("new", tickets=counted(len(new), "new ticket"), numbers=_span(new))] if new else []
    parts += [say(key, count=count) for key, count in counts.items() if count]
    rest = say("skipped", mails=counted(skipped, "older mail")) if skipped else ""
    rest += say("closed", tickets=counted(closed, "ticket")) if closed else ""
    if not parts:
        return "" if any(result.error for result in results) else say("no_mail") + rest
    text = say("mails", mails=counted(len(new) + sum(counts.values()), "mail"), parts=", ".join(parts)) + rest
    return say("would", text=text) if dry_run else text


def failure(result: FetchResult, language: str) -> str:
    """What went wrong with the source as a whole, and the next step; "" for nothing."""
    if not result.undecided:
        steps = ", ".join(step_words(step, language) for step in result.next_steps)
        return f"{result.error}; {steps}" if steps else result.error
    return say_in(language, TEXTS)("from_when", error=result.error, source=result.source)


def remark(one: Remark, language: str) -> str:
    return line(say_in(language, TEXTS)(one.code, **one.facts))


def comparison_lines(found: Comparison, language: str) -> Iterator[str]:
    """What a person reads: one line, and one for each difference."""
    say = say_in(language, TEXTS)
    rest = say("older", count=f"{found.older:,}") if found.older else ""
    rest += say("lately", count=f"{found.lately:,}") if found.lately else ""
    compared = f"{found.compared:,}"
    if not found.differences:
        yield say("nothing_missing", source=found.source, compared=compared, rest=rest)
        return
    count = f"{len(found.differences):,}"
    yield say("missing", source=found.source, compared=compared, count=count, rest=rest)
    for one in found.differences:
        what = line(f"{one.sender}: {one.subject}")
        yield say("difference", mailbox=line(one.mailbox), uid=one.uid, when=one.when, what=what, state=one.state)


def _span(numbers: Sequence[int]) -> str:
    return f"#{numbers[0]}" if len(numbers) == 1 else f"#{min(numbers)}-#{max(numbers)}"
