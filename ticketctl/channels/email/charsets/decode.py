"""Bytes to text without surprises, and never all or nothing: one byte that is wrong costs that byte alone.

utf-8 comes first, whatever is declared, for nothing else looks like it; then what the sender declared; then cp1252.
"""

from __future__ import annotations

import codecs
import re

from ticketctl.channels.email.charsets import euc_tw, japanese
from ticketctl.channels.email.charsets.labels import codec, page_codec

__all__ = ["clean", "codec", "decode", "from_surrogates", "page_codec"]

# Their bytes are valid utf-8 and mean something else.
_DECLARED_FIRST = {"iso2022_kr", "hz", "utf-7", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"}
_MULTIBYTE = {"cp932", "gb18030", "big5hkscs", "cp949", "johab", "euc_jp", "euc_tw"}
_MARKS = {codecs.BOM_UTF32_LE: "utf-32", codecs.BOM_UTF32_BE: "utf-32", codecs.BOM_UTF16_LE: "utf-16"} | {
    codecs.BOM_UTF16_BE: "utf-16"
}
_STRANGE = 8  # one wrong byte in so many above 127, and the text is not in the multi-byte charset that was declared

_ASCII = bytes(range(128))
_UNWANTED = re.compile("[\0\ud800-\udfff]")
_SURROGATES = re.compile("[\ud800-\udfff]+")
_FOREIGN = re.compile("[\udc80-\udcff]+")
_CHANCE = re.compile("[\u0180-\u1fff\u20d0-\ud7ff\ue000-\ufffc]+")  # in cp1252: letters and signs in no likely order
_NOT_LATIN = re.compile("[\u0370-\u1dff\u2c00-\ud7ff]")
_LETTERS = re.compile(r"[^\W\d_]")
_CUT = re.compile("[\udcc2-\udcf4][\udc80-\udcbf]{0,2}\\Z")


def decode(data: bytes, declared: str | None = None) -> str:
    """Text of `data`, without NUL and lone surrogates; `declared` is the charset that the sender named, if any."""
    text = _text(data, codec(declared))
    if "\0" in text or not text.isascii():
        text = _UNWANTED.sub("", text)
    return text


def clean(text: str) -> str:
    """`text` without what no store or terminal takes: NUL and lone surrogates."""
    return _UNWANTED.sub("", text)


def without_surrogates(text: str) -> str:
    """`text` without lone surrogates."""
    return text if text.isascii() else _SURROGATES.sub("", text)


def from_surrogates(text: str, declared: str | None = None) -> str:
    """`text` read from bytes as ASCII with surrogateescape, decoded as `decode` would."""
    if text.isascii() and "\0" not in text and "\x1b$" not in text:
        return text
    return decode(text.encode("utf-8", "surrogateescape"), declared)


def _text(data: bytes, chosen: str | None) -> str:
    for mark, name in _MARKS.items():
        if data.startswith(mark):
            return data.decode(name, "replace")
    if japanese.is_iso_2022(data) or chosen == "iso2022_jp":
        return japanese.iso_2022(data, lambda rest: rest.decode("utf-8", "replace"))
    return _stateful(data, chosen) if chosen in _DECLARED_FIRST else _plain(data, chosen)


def _plain(data: bytes, chosen: str | None = None) -> str:
    for name, errors in (("utf-8", "strict"), ("utf-8", "surrogatepass")):
        try:
            return data.decode(name, errors).removeprefix("\ufeff")
        except ValueError:
            continue
    if chosen in _MULTIBYTE and (text := _multibyte(data, chosen)) is not None:
        return text
    single = "cp1252" if chosen is None or chosen == "utf-8" or chosen in _MULTIBYTE else chosen
    escaped = data.decode("utf-8", "surrogateescape")
    if single == chosen and not _mostly_utf8(data, escaped):
        return data.decode(single, _ALONE)
    return _mixed(escaped, single)


def _mostly_utf8(data: bytes, escaped: str) -> bool:
    """Whether a mail that declares another charset is utf-8 for all that, but for a few foreign bytes."""
    foreign = sum(len(match[0]) for match in _FOREIGN.finditer(escaped))
    return len(data.translate(None, _ASCII)) >= 4 * foreign


def _mixed(escaped: str, single: str) -> str:
    """utf-8 with foreign bytes in it (as surrogates), each of which is a character of the charset `single`: the footer
    of a gateway, or a text that is no utf-8 at all. What can't be that is U+FFFD: the half of a character that was cut
    in two at the very end, and a foreign byte among letters that are not Latin."""
    proper = _FOREIGN.sub("", escaped)
    others = len(escaped) - len(proper)
    if others > sum(not char.isascii() for char in proper):
        escaped = _CHANCE.sub(lambda match: match[0].encode().decode("ascii", "surrogateescape"), escaped)
    elif cut := _CUT.search(escaped, max(0, len(escaped) - 3)):
        escaped = escaped[: cut.start()] + "\ufffd"
    errors = _ALONE
    if single == "cp1252" and len(_NOT_LATIN.findall(proper)) * 2 > len(_LETTERS.findall(proper)):
        single, errors = "ascii", "replace"
    return _FOREIGN.sub(
        lambda match: match[0].encode("ascii", "surrogateescape").decode(single, errors), escaped
    ).removeprefix("\ufeff")


def _multibyte(data: bytes, chosen: str) -> str | None:
    """Text in a charset of one and two bytes, or None where the bytes are in none."""
    if chosen == "euc_jp":
        text = japanese.euc(data)
    elif chosen == "euc_tw":
        text = euc_tw.decode(data)
    else:
        try:
            return data.decode(chosen)
        except ValueError:
            text = data.decode(chosen, "replace")
    if text.count("\ufffd") * _STRANGE > len(data.translate(None, _ASCII)):
        return None
    return text


def _stateful(data: bytes, chosen: str) -> str:
    try:
        return data.decode(chosen)
    except ValueError:
        pass
    if chosen.startswith(("utf-16", "utf-32")):
        return data.decode(chosen, "replace") if b"\0" in data else _plain(data)
    try:
        return data.decode("utf-8")
    except ValueError:
        return data.decode(chosen, "replace")


def _alone(error: UnicodeError) -> tuple[str, int]:
    """Bytes that mean nothing in a charset, as cp1252 has them; one by one."""
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


_ALONE = "ticketctl.alone"
codecs.register_error(_ALONE, _alone)
