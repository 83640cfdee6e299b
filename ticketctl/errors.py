"""One tree of errors; each class owns its exit code, so that no command has to remember one.

An error is a sentence with its facts, a code, and the next step as a value: a front end says how that step is taken
(the shell: which command to type). `EXIT_CODES` is the table that the docs print.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import ClassVar, NamedTuple, Self


class NextStep(NamedTuple):
    """What to do about an error: the verb, the ticket that it is about (0: none), what else to say to it in words and
    in values by their names (`{"into": 5}`; True: no more than the name), and the words that follow ("first")."""

    verb: str
    ticket: int = 0
    more: str = ""
    then: str = ""
    given: Mapping[str, object] = MappingProxyType({})


Steps = NextStep | tuple[NextStep, ...] | None


class Meant(NamedTuple):
    """A fact about a name that is not known: the known name that is nearest ("": none is near), and all of them."""

    near: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        if self.near:
            return f"; did you mean {self.near!r}?"
        return f" (there are: {', '.join(self.known)})" if self.known else " (there are none)"


class TicketctlError(Exception):
    """Something the user can understand and act on: printed in one line, never as a traceback. `text` is a sentence
    with the `facts` in braces (where there are any); `code` is one for each sentence, for programs and for other
    languages. A fact may be an error, or `Reasons`: it is said in full, with its next step."""

    exit_code: ClassVar[int] = 1
    meaning: ClassVar[str] = "something asked for could not be done; the message says what"

    def __init__(self, text: str = "", *, code: str = "", next_step: Steps = None, **facts: object) -> None:
        super().__init__(text.format(**facts) if facts else text)
        self.template, self.facts, self.next_step = text, facts, next_step
        self.code = code or _snake_case(type(self).__name__)

    @classmethod
    def because(cls, error: Exception) -> Self:
        """An error of this class that says what another one says."""
        return cls("{reason}", code="because", reason=error)

    @property
    def own_steps(self) -> tuple[NextStep, ...]:
        if self.next_step is None:
            return ()
        return (self.next_step,) if isinstance(self.next_step, NextStep) else self.next_step

    @property
    def next_steps(self) -> tuple[NextStep, ...]:
        """Its own, and those of the errors that it tells of."""
        told = (fact for fact in self.facts.values() if isinstance(fact, TicketctlError | Reasons))
        return (*(step for fact in told for step in fact.next_steps), *self.own_steps)


class Reasons(tuple[TicketctlError, ...]):
    """Several errors as one fact."""

    @property
    def next_steps(self) -> tuple[NextStep, ...]:
        return tuple(step for one in self for step in one.next_steps)

    def __str__(self) -> str:
        return "; ".join(map(str, self))


class Usage(TicketctlError):
    exit_code = 2
    meaning = "the command line, rules.yaml or a snippet is not valid; nothing was changed"


class BadRules(Usage):
    """Faults of rules.yaml, all at once: each line reads `rules.yaml:LINE:COLUMN: what is wrong`."""

    def __init__(self, faults: Sequence[str], next_step: Steps = None) -> None:
        super().__init__("\n".join(faults), next_step=next_step)
        self.faults = tuple(faults)


class BadImport(Usage):
    """What is wrong in a file of tickets, all at once: each line reads `FILE:LINE: what is wrong`. Nothing was
    imported."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


class BadSnippet(Usage):
    """A snippet that does not parse or render; the message names file and line."""


class NoDesk(TicketctlError):
    exit_code = 3
    meaning = "no desk was found here; the message says how one is made or named"


class NoSuchTicket(TicketctlError):
    exit_code = 4
    meaning = "no ticket, message or quarantine entry with that number or id"


class Refused(TicketctlError):
    exit_code = 5
    meaning = "the ticket's state or the desk's rules do not allow it (closed, changed meanwhile, merged, declined)"


class NotAllowed(Refused):
    """Whoever asks has not the role for it."""


class AlreadyClosed(Refused):
    """The ticket is closed."""


class NotClosed(Refused):
    """The ticket is not closed."""


class Conflict(Refused):
    """The ticket was changed by someone else since it was read."""


class Damaged(TicketctlError):
    exit_code = 6
    meaning = "the store is damaged or of a newer format; the message says how it is repaired"


class Busy(TicketctlError):
    exit_code = 7
    meaning = "another run kept the desk locked for too long; try again"


class ChannelFailed(TicketctlError):
    exit_code = 8
    meaning = "a mailbox or the outgoing server could not be used, or a message not delivered; the others went on"


class MissingExtra(TicketctlError):
    exit_code = 9
    meaning = "an optional library is not installed; the message names the extra"


class StoreFailed(TicketctlError):
    """`outcome` says what became of what was to be stored, where that is known."""

    exit_code = 10
    meaning = (
        "the operating system refused a read or write (disk full, no permission); the message says what was stored"
    )

    def __init__(
        self, text: str, outcome: str = "", *, code: str = "", next_step: Steps = None, **facts: object
    ) -> None:
        super().__init__(text, code=code, next_step=next_step, **facts)
        self.outcome = outcome

    def __str__(self) -> str:
        what = super().__str__()
        return f"{what}; {self.outcome}" if self.outcome else what


class TryAgain(TicketctlError):
    exit_code = 75  # EX_TEMPFAIL of sysexits.h: mail servers and procmail keep the mail; any other code bounces it
    meaning = "`fetch -` could not take the mail in for now; whoever delivers it keeps it and tries again"


class Interrupted(TicketctlError):
    exit_code = 130
    meaning = "stopped by Ctrl-C or a signal; what was committed stays"


def _snake_case(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")


def classes() -> list[type[TicketctlError]]:
    """The direct kinds of error, one per exit code, in order of exit code."""
    kinds: list[type[TicketctlError]] = [TicketctlError, *TicketctlError.__subclasses__()]
    return sorted((kind for kind in kinds if "exit_code" in vars(kind)), key=lambda kind: kind.exit_code)
