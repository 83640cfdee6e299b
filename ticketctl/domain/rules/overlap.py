"""What conditions exclude and what they include, as far as it shows without knowing any mail: whether one can hold at
all, and whether another one holds wherever it does.

Both answers are on the safe side: "" and False also where it is not certain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ticketctl.domain.rules.conditions import (
    About,
    All,
    AnyOf,
    Condition,
    Known,
    Labels,
    Machine,
    Not,
    Number,
    Open,
    Scalar,
    Since,
    Text,
)
from ticketctl.domain.rules.rules import EventName, Rule
from ticketctl.domain.settings.settings import Duration
from ticketctl.domain.ticket.query import fold

ONE_TEXT = ("subject", "sender.domain")  # of these there is one text, which cannot be two things
ONE_OF = ("is", "any_of")
# What is so whenever the event happens.
FACTS: dict[EventName, tuple[Condition, ...]] = {
    "created": (),
    "customer_message": (Machine(False),),
    "agent_reply": (Machine(False),),
    "closed": (Scalar("status", "any_of", ("closed",)),),
    "reopened": (Scalar("status", "none_of", ("closed",)),),
    "sweep": (Scalar("status", "none_of", ("closed",)),),
}
_WAITS = Scalar("status", "any_of", ("waiting",))


def never_at(rule: Rule, event: EventName) -> str:
    """Why the rule cannot fire at one of its events, as "status waiting and status closed"; "" where it can."""
    waits = (_WAITS,) if rule.once == "per_wait" else ()
    own = (rule.when,) if rule.when is not None else ()
    return never(All((*own, *FACTS[event], *waits)))


def both_never(one: Rule, other: Rule) -> bool:
    """Whether the two can never fire on the same ticket at once."""
    return one.when is not None and other.when is not None and bool(never(All((one.when, other.when))))


def covers(earlier: Rule, later: Rule) -> bool:
    """Whether `earlier`, which stops, has always stopped the run where `later` would fire."""
    if not earlier.stop or not set(later.events) <= set(earlier.events) or earlier.once == "per_wait":
        return False
    return earlier.when is None or (later.when is not None and implies(later.when, earlier.when))


def never(condition: Condition) -> str:
    """What excludes what, in words, where the condition can hold for no ticket."""
    match condition:
        case All(parts):
            return _never_together(list(_flat(parts)))
        case AnyOf(parts):
            reasons = [never(part) for part in parts]
            return reasons[0] if reasons and all(reasons) else ""
        case Number(_, low, high):
            return described(condition) if low is not None and high is not None and low > high else ""
        case Since(_, least, most):
            return described(condition) if least and most and _longer(least, most) else ""
        case _:
            return ""


def _flat(parts: Iterable[Condition]) -> Iterator[Condition]:
    """The parts of nested alls, and what `not any` comes to."""
    for part in parts:
        if isinstance(part, All):
            yield from _flat(part.parts)
        elif isinstance(part, Not) and isinstance(part.part, AnyOf):
            yield from _flat(Not(one) for one in part.part.parts)
        elif isinstance(part, Not) and isinstance(part.part, Not):
            yield from _flat([part.part.part])
        else:
            yield part


def _never_together(parts: list[Condition]) -> str:
    for part in parts:
        if reason := never(part):
            return reason
    for index, one in enumerate(parts):
        for other in parts[:index]:
            if _exclude(other, one):
                return f"{described(other)} and {described(one)}"
    for part in parts:
        if isinstance(part, AnyOf):
            rest = [one for one in parts if one is not part and not isinstance(one, AnyOf)]
            reasons = [_never_together([*_flat([way]), *rest]) for way in part.parts]
            if reasons and all(reasons):
                return reasons[0]
    return ""


def _exclude(one: Condition, other: Condition) -> bool:
    if isinstance(other, Not):
        return implies(one, other.part)
    if isinstance(one, Not):
        return implies(other, one.part)
    match one, other:
        case Scalar(), Scalar():
            return one.subject == other.subject and _apart(one, other)
        case Labels(), Labels():
            return _labels_apart(one, other) or _labels_apart(other, one)
        case (Machine(), Machine()) | (Known(), Known()) | (Open(), Open()):
            return one != other
        case Number(), Number():
            return one.subject == other.subject and (_above(one, other) or _above(other, one))
        case Since(), Since():
            return one.subject == other.subject and (_later(one, other) or _later(other, one))
        case Text(), Text():
            single = one.subject == other.subject and one.subject in ONE_TEXT
            return single and one.operator in ONE_OF and other.operator in ONE_OF and not _set(one) & _set(other)
        case _:
            return False


def _apart(one: Scalar, other: Scalar) -> bool:
    match one.operator, other.operator:
        case "any_of", "any_of":
            return not _set(one) & _set(other)
        case "any_of", "none_of":
            return _set(one) <= _set(other)
        case "none_of", "any_of":
            return _set(other) <= _set(one)
        case _:
            return False


def _labels_apart(one: Labels, other: Labels) -> bool:
    if other.operator != "none_of":
        return False
    return bool(_set(one) & _set(other)) if one.operator == "has" else one.operator != "none_of" and _within(one, other)


def _above(one: Number, other: Number) -> bool:
    return one.at_least is not None and other.at_most is not None and one.at_least > other.at_most


def _later(one: Since, other: Since) -> bool:
    return bool(one.at_least and other.at_most and _longer(one.at_least, other.at_most))


def _longer(one: Duration, other: Duration) -> bool:
    """Only what has the same unit can be compared without a calendar."""
    if one.calendar != other.calendar:
        return False
    amounts = [(one.minutes, other.minutes), (one.days, other.days), (one.months, other.months)]
    used = [pair for pair in amounts if any(pair)]
    return len(used) == 1 and used[0][0] > used[0][1] > 0


# --- what follows from what ---


def implies(one: Condition, other: Condition) -> bool:
    """Whether `other` holds wherever `one` does."""
    if one == other:
        return True
    match one, other:
        case _, All(parts):
            return all(implies(one, part) for part in parts)
        case AnyOf(parts), _:
            return bool(parts) and all(implies(part, other) for part in parts)
        case All(parts), AnyOf():
            return any(implies(part, other) for part in parts) or any(implies(one, way) for way in other.parts)
        case All(parts), _:
            return any(implies(part, other) for part in parts)
        case _, AnyOf(parts):
            return any(implies(one, part) for part in parts)
        case Not(), Not():
            return implies(other.part, one.part)
        case _:
            return _leaf_implies(one, other)


def _leaf_implies(one: Condition, other: Condition) -> bool:
    match one, other:
        case Text(), Text():
            return _text_implies(one, other)
        case Scalar(), Scalar() if one.subject == other.subject:
            if one.operator == other.operator:
                return _within(one, other) if one.operator == "any_of" else _within(other, one)
            return one.operator == "any_of" and not _set(one) & _set(other)
        case Labels(), Labels():
            return _labels_imply(one, other)
        case Number(), Number() if one.subject == other.subject:
            low = other.at_least is None or (one.at_least is not None and one.at_least >= other.at_least)
            high = other.at_most is None or (one.at_most is not None and one.at_most <= other.at_most)
            return low and high
        case Since(), Since() if one.subject == other.subject:
            least = other.at_least is None or one.at_least == other.at_least or _longer_known(one, other)
            return least and (other.at_most is None or one.at_most == other.at_most)
        case _:
            return False


def _longer_known(one: Since, other: Since) -> bool:
    return bool(one.at_least and other.at_least and _longer(one.at_least, other.at_least))


def _text_implies(one: Text, other: Text) -> bool:
    """Each value of `one` must bring some value of `other` with it. "text" is subject and body."""
    wider = other.subject == "text" and one.subject in ("subject", "body")
    if "matches" in (one.operator, other.operator):
        same = one.operator == other.operator and set(one.values) <= set(other.values)
        return same and (one.subject == other.subject or wider)
    if one.subject != other.subject and not wider:
        return False
    return all(any(_brings(one, had, other, wanted) for wanted in _set(other)) for had in _set(one))


def _brings(one: Text, had: str, other: Text, wanted: str) -> bool:
    if one.operator in ONE_OF:
        tests = {"contains": wanted in had, "starts_with": had.startswith(wanted), "ends_with": had.endswith(wanted)}
        return tests.get(other.operator, had == wanted)
    if other.operator == "contains":
        return wanted in had
    return one.operator == other.operator and had == wanted


def _labels_imply(one: Labels, other: Labels) -> bool:
    match one.operator, other.operator:
        case "has", "has":
            return _within(other, one)
        case "has", "any_of":
            return bool(_set(one) & _set(other))
        case "any_of", "any_of":
            return _within(one, other)
        case "none_of", "none_of":
            return _within(other, one)
        case _:
            return False


def _set(condition: Text | Scalar | Labels) -> set[str]:
    return {" ".join(fold(value).split()) for value in condition.values}


def _within(one: Scalar | Labels, other: Scalar | Labels) -> bool:
    return _set(one) <= _set(other)


def described(condition: Condition) -> str:
    """As a person would name it: "status any_of waiting"."""
    match condition:
        case Text() | Scalar():
            values = ", ".join(value or "none" for value in condition.values)
            return f"{condition.subject.removeprefix('field.')} {condition.operator} {values}"
        case Labels(operator, values):
            return f"labels {operator} {', '.join(values)}"
        case Number(subject, low, high) | Since(subject, low, high):
            bounds = [f"at_least {low}" if low is not None else "", f"at_most {high}" if high is not None else ""]
            return f"{subject} {' and '.join(filter(None, bounds))}"
        case Machine(expected):
            return f"machine {str(expected).lower()}"
        case Known(expected):
            return f"sender known {str(expected).lower()}"
        case Open(expected):
            return f"hours {'inside' if expected else 'outside'}"
        case About(topic):
            return f"about {topic}"
        case Not(part):
            return f"not {described(part)}"
        case All() | AnyOf():
            return "its conditions"
