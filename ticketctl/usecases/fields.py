"""Fields, labels and causes as rules.yaml declares them."""

from __future__ import annotations

from collections.abc import Iterable

from ticketctl.domain.config import Config
from ticketctl.domain.settings.settings import FieldSpec
from ticketctl.errors import Usage
from ticketctl.usecases.people import meant


def checked_fields(config: Config, words: Iterable[str]) -> dict[str, str]:
    """ "category=faktura", "order_number=" → name → value, "" to take it away; raises Usage for a name or value that
    rules.yaml does not declare."""
    return dict(_checked(config, word) for word in words)


def checked_labels(config: Config, labels: Iterable[str]) -> list[str]:
    """`labels`, where rules.yaml declares them all (or none at all); raises Usage."""
    found = list(labels)
    for label in found:
        if config.labels and label not in config.labels:
            raise Usage(
                "no label {label!r} in labels: of rules.yaml{meant}",
                code="no_label",
                label=label,
                meant=meant(label, config.labels),
            )
        if not label or label != label.strip() or "," in label:
            raise Usage(
                "{label!r} is not a label; write it without commas or spaces around it", code="not_a_label", label=label
            )
    return found


def field_named(config: Config, name: str) -> FieldSpec:
    """The field as rules.yaml declares it; raises Usage with the nearest name."""
    spec = config.fields.get(name)
    if spec is None:
        raise Usage(
            "no field {name!r} in fields: of rules.yaml{meant}",
            code="no_field",
            name=name,
            meant=meant(name, config.fields),
        )
    return spec


def _checked(config: Config, word: str) -> tuple[str, str]:
    name, equals, value = word.partition("=")
    if not equals:
        raise Usage("{word!r}: write FIELD=VALUE, as in category=betalning", code="not_field_and_value", word=word)
    spec = field_named(config, name)
    value = value.strip()
    if value:
        _check_value(spec, value)
    return name, value


def _check_value(spec: FieldSpec, value: str) -> None:
    if spec.values and value not in spec.values:
        raise Usage(
            "{name} cannot be {value!r}{meant}",
            code="no_such_value",
            name=spec.name,
            value=value,
            meant=meant(value, spec.values),
        )
    if spec.pattern:
        import re2

        if not re2.fullmatch(spec.pattern, value):
            raise Usage(
                "{name} cannot be {value!r}: it must match {pattern}",
                code="value_does_not_match",
                name=spec.name,
                value=value,
                pattern=spec.pattern,
            )
