"""Bytes to text without surprises: utf-8, then what the sender declared, then cp1252; never an exception."""

from __future__ import annotations

import re

# Python knows codecs that are no charsets (rot13, punycode, unicode_escape), some of them slow enough to be an attack:
# only names on this list are ever looked up. Values are the superset that senders in fact use under that name.
_FAMILIES: dict[str, str] = {
    "cp1252": "iso-8859-1 latin1 latin-1 l1 iso8859-1 iso-ir-100 windows-1252 cp1252 cp-1252 x-ansi ansi default",
    "utf-8": "utf-8 utf8 unicode-1-1-utf-8 us-ascii ascii ansi-x3.4-1968 646 iso646-us x-unknown unknown-8bit",
    "cp932": "shift-jis shiftjis sjis x-sjis ms-kanji cp932 windows-31j",
    "gb18030": "gb2312 gb-2312-80 gbk x-gbk gb18030 cp936 euc-cn",
    "big5hkscs": "big5 big5-hkscs cn-big5 x-x-big5 cp950",
    "cp949": "ks-c-5601-1987 ks-c-5601-1989 ksc5601 euc-kr cp949 uhc korean",
    "euc_jp": "euc-jp eucjp x-euc-jp ujis",
    "iso2022_jp_ext": "iso-2022-jp iso-2022-jp-1 iso-2022-jp-2 iso-2022-jp-ext csiso2022jp",
    "iso2022_kr": "iso-2022-kr",
    "hz": "hz-gb-2312 hz",
    "utf-7": "utf-7 unicode-1-1-utf-7",
    "utf-16": "utf-16 ucs-2 iso-10646-ucs-2 unicode",
    "utf-16-le": "utf-16le",
    "utf-16-be": "utf-16be",
    "utf-32": "utf-32",
    "koi8_r": "koi8-r koi8",
    "koi8_u": "koi8-u koi8-ru",
    "mac_roman": "macintosh mac x-mac-roman mac-roman",
    "mac_cyrillic": "x-mac-cyrillic",
    "cp874": "tis-620 windows-874 iso-8859-11",
    "cp1254": "iso-8859-9 latin5 windows-1254",
    "iso8859_8": "iso-8859-8 iso-8859-8-i iso-8859-8-e",
}
_CODECS = {name: codec for codec, names in _FAMILIES.items() for name in names.split()}
_CODECS |= {f"iso-8859-{n}": f"iso8859_{n}" for n in (2, 3, 4, 5, 6, 7, 10, 13, 14, 15, 16)}
_CODECS |= {f"windows-{n}": f"cp{n}" for n in (1250, 1251, 1253, 1255, 1256, 1257, 1258)}
_CODECS |= {f"cp{n}": f"cp{n}" for n in (437, 850, 852, 855, 857, 858, 865, 866, 1250, 1251, 1253, 1255, 1256, 1257)}

# Their bytes are valid utf-8 and mean something else.
_DECLARED_FIRST = {"iso2022_jp_ext", "iso2022_kr", "hz", "utf-7", "utf-16", "utf-16-le", "utf-16-be", "utf-32"}

_ASCII = bytes(range(128))
_UNWANTED = re.compile("[\0\ud800-\udfff]")


def codec(name: str | None) -> str | None:
    """The Python codec for a charset as declared in a mail, or None where it is none that we trust."""
    key = (name or "").strip(" \t\r\n\"'").lower().replace("_", "-")
    if key.startswith(("iso8859-", "iso-8859-")):
        key = "iso-8859-" + key.rpartition("8859-")[2]
    return _CODECS.get(key)


def decode(data: bytes, declared: str | None = None) -> str:
    """Text of `data`, without NUL and lone surrogates; `declared` is the charset that the sender named, if any."""
    chosen = codec(declared)
    text = _stateful(data, chosen) if chosen in _DECLARED_FIRST else _plain(data, chosen)
    if "\0" in text or not text.isascii():
        text = _UNWANTED.sub("", text)
    return text


def clean(text: str) -> str:
    """`text` without what no store or terminal takes: NUL and lone surrogates."""
    return _UNWANTED.sub("", text)


def from_surrogates(text: str, declared: str | None = None) -> str:
    """`text` read from bytes as ASCII with surrogateescape, decoded as `decode` would."""
    return text if text.isascii() and "\0" not in text else decode(text.encode("utf-8", "surrogateescape"), declared)


def _plain(data: bytes, chosen: str | None) -> str:
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except ValueError:
        pass
    for name, errors in (("utf-8", "surrogatepass"), (chosen, "strict")):
        if name is not None:
            try:
                return data.decode(name, errors).removeprefix("\ufeff")
            except ValueError:
                continue
    return data.decode("utf-8" if _mostly_utf8(data) else "cp1252", "replace")


def _stateful(data: bytes, chosen: str) -> str:
    try:
        return data.decode(chosen)
    except ValueError:
        pass
    if chosen.startswith("utf-16") or chosen == "utf-32":
        return data.decode(chosen, "replace") if b"\0" in data else _plain(data, None)
    try:
        return data.decode("utf-8")
    except ValueError:
        return data.decode(chosen, "replace")


def _mostly_utf8(data: bytes) -> bool:
    """Whether a mail that says utf-8 is so but for a few damaged bytes, such as a character cut in two."""
    wrong = data.decode("utf-8", "replace").count("\ufffd")
    return wrong * 20 < len(data.translate(None, _ASCII))
