"""Charset names as mails write them, and the Python codec that reads each.

The table is that of the WHATWG Encoding Standard (https://encoding.spec.whatwg.org/#names-and-labels), in which a name
stands for what senders in fact use under it ("iso-8859-1" is windows-1252). Behind it stand names that mail programs
use and browsers never met. Python knows codecs that are no charsets (rot13, punycode, unicode_escape), some of them
slow enough to be an attack: only what stands here is ever looked up.
"""

from __future__ import annotations

import re

_BROWSERS = {
    "utf-8": "unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8",
    "cp866": "866 cp866 csibm866 ibm866",
    "iso8859_2": "csisolatin2 iso-8859-2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2",
    "iso8859_3": "csisolatin3 iso-8859-3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3",
    "iso8859_4": "csisolatin4 iso-8859-4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4",
    "iso8859_5": "csisolatincyrillic cyrillic iso-8859-5 iso-ir-144 iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988",
    "iso8859_6": "arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6 iso-8859-6-e "
    "iso-8859-6-i iso-ir-127 iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987",
    "iso8859_7": "csisolatingreek ecma-118 elot_928 greek greek8 iso-8859-7 iso-ir-126 iso8859-7 iso88597 iso_8859-7 "
    "iso_8859-7:1987 sun_eu_greek",
    "iso8859_8": "csiso88598e csisolatinhebrew hebrew iso-8859-8 iso-8859-8-e iso-ir-138 iso8859-8 iso88598 iso_8859-8 "
    "iso_8859-8:1988 visual csiso88598i iso-8859-8-i logical",
    "iso8859_10": "csisolatin6 iso-8859-10 iso-ir-157 iso8859-10 iso885910 l6 latin6",
    "iso8859_13": "iso-8859-13 iso8859-13 iso885913",
    "iso8859_14": "iso-8859-14 iso8859-14 iso885914",
    "iso8859_15": "csisolatin9 iso-8859-15 iso8859-15 iso885915 iso_8859-15 l9",
    "iso8859_16": "iso-8859-16",
    "koi8_r": "cskoi8r koi koi8 koi8-r koi8_r",
    "koi8_u": "koi8-ru koi8-u",
    "mac_roman": "csmacintosh mac macintosh x-mac-roman",
    "cp874": "dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 windows-874",
    "cp1250": "cp1250 windows-1250 x-cp1250",
    "cp1251": "cp1251 windows-1251 x-cp1251",
    "cp1252": "cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 iso_8859-1 "
    "iso_8859-1:1987 l1 latin1 windows-1252 x-cp1252 x-user-defined",
    "cp1253": "cp1253 windows-1253 x-cp1253",
    "cp1254": "cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 l5 latin5 "
    "windows-1254 x-cp1254",
    "cp1255": "cp1255 windows-1255 x-cp1255",
    "cp1256": "cp1256 windows-1256 x-cp1256",
    "cp1257": "cp1257 windows-1257 x-cp1257",
    "cp1258": "cp1258 windows-1258 x-cp1258",
    "mac_cyrillic": "x-mac-cyrillic x-mac-ukrainian",
    "gb18030": "chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 gbk iso-ir-58 x-gbk gb18030",
    "big5hkscs": "big5 big5-hkscs cn-big5 csbig5 x-x-big5",
    "euc_jp": "cseucpkdfmtjapanese euc-jp x-euc-jp",
    "iso2022_jp": "csiso2022jp iso-2022-jp",
    "cp932": "csshiftjis ms932 ms_kanji shift-jis shift_jis sjis windows-31j x-sjis",
    "cp949": "cseuckr csksc56011987 euc-kr iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 "
    "windows-949",
    "iso2022_kr": "csiso2022kr iso-2022-kr",
    "hz": "hz-gb-2312",
    "utf-16-be": "unicodefffe utf-16be",
    "utf-16": "csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16",
    "utf-16-le": "utf-16le",
}
_MAILS = {
    "utf-8": "us-ascii ascii ansi_x3.4-1968 646 iso646-us utf-8-sig utf-8-mac utf8mb3 utf8mb4 x-unknown "
    "unknown-8bit x-utf8",
    "cp1252": "ansi x-ansi default 8859-1 western latin-1-windows iso-8859-1-windows-3.1-latin-1",
    "iso8859_15": "latin-9 latin-0 latin0 iso-ir-203",
    "iso8859_14": "latin8 l8 iso-ir-199 iso-celtic",
    "iso8859_13": "latin7 l7 iso-ir-179",
    "iso8859_16": "latin10 l10 iso-ir-226",
    "cp1254": "turkish",
    "cp874": "tis620 tis620-0",
    "mac_roman": "macroman",
    "mac_latin2": "x-mac-ce mac-ce mac-central-europe x-mac-centraleurroman x-mac-centraleurope maccentraleurope",
    "mac_greek": "x-mac-greek mac-greek",
    "mac_turkish": "x-mac-turkish mac-turkish",
    "mac_iceland": "x-mac-icelandic mac-iceland",
    "mac_cyrillic": "mac-cyrillic",
    "gb18030": "euc-cn gb2312-80 x-euc-cn cp936 windows-936 ms936",
    "big5hkscs": "cp950 windows-950 big-5 big5-eten big5hk",
    "cp949": "uhc x-windows-949 ms949 euckr",
    "cp932": "windows-932 shift-jisx0213 x-ms-cp932",
    "euc_jp": "eucjp ujis cp51932 eucjp-ms eucjp-win x-eucjp",
    "iso2022_jp": "jis jis7 x-jis iso-2022-jp-1 iso-2022-jp-2 iso-2022-jp-3 iso-2022-jp-ext iso-2022-jp-ms "
    "iso-2022-jp-2004 cp50220 cp50221 cp50222 csiso2022jp2",
    "euc_tw": "euc-tw x-euc-tw cns11643 cseuctw",
    "hz": "hz",
    "johab": "johab x-johab",
    "utf-7": "utf-7 unicode-1-1-utf-7 csunicode11utf7 x-unicode-2-0-utf-7",
    "utf-16": "ucs2 unicode-utf-16",
    "utf-16-be": "iso-10646-ucs-be",
    "utf-32": "utf-32 ucs-4 iso-10646-ucs-4",
    "utf-32-le": "utf-32le",
    "utf-32-be": "utf-32be",
    "koi8_t": "koi8-t",
    "kz1048": "kz-1048 ptcp154 strk1048-2002",
}
_PAGES = {
    **{number: f"cp{number}" for number in (437, 720, 737, 775, 850, 852, 855, 857, 858, 860, 861, 862, 863, 864, 865)},
    **{
        number: f"cp{number}"
        for number in (866, 869, 874, 932, 949, 1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258)
    },
    819: "cp1252",
    936: "gb18030",
    950: "big5hkscs",
    1200: "utf-16-le",
    1201: "utf-16-be",
    1361: "johab",
    10000: "mac_roman",
    10006: "mac_greek",
    10007: "mac_cyrillic",
    10029: "mac_latin2",
    10081: "mac_turkish",
    20127: "cp1252",
    20866: "koi8_r",
    20932: "euc_jp",
    20936: "gb18030",
    20949: "cp949",
    21866: "koi8_u",
    **{28590 + part: f"iso8859_{part}" for part in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15)},
    28591: "cp1252",
    28599: "cp1254",
    28601: "cp874",
    38598: "iso8859_8",
    50220: "iso2022_jp",
    50221: "iso2022_jp",
    50222: "iso2022_jp",
    50225: "iso2022_kr",
    52936: "hz",
    51932: "euc_jp",
    51936: "gb18030",
    51949: "cp949",
    54936: "gb18030",
    65000: "utf-7",
    65001: "utf-8",
    12000: "utf-32-le",
    12001: "utf-32-be",
}
_PAGE = re.compile(r"(?:x|cs)?(?:cp|codepage|ansi|win|windows|microsoftcp|mscp|ms|ibm|dos|oem)?0?([0-9]{3,5})")


def _squeezed(name: str) -> str:
    """The letters and digits of a name, in lower case: "ISO_8859-1:1987" and "iso 8859-1:1987" are one."""
    return re.sub("[^a-z0-9]", "", name.lower())


_CODECS = {
    _squeezed(label): codec
    for table in (_MAILS, _BROWSERS)
    for codec, labels in table.items()
    for label in labels.split()
}


def codec(name: str | None) -> str | None:
    """The Python codec for a charset as declared in a mail, or None where it is none that we trust."""
    key = _squeezed((name or "")[:60])
    found = _CODECS.get(key) or _CODECS.get(key.removeprefix("x")) or _CODECS.get(re.sub(r"(?:19|20)\d\d$", "", key))
    page = None if found else _PAGE.fullmatch(key)
    return page_codec(int(page[1])) if page else found


def page_codec(number: int) -> str | None:
    """The Python codec for a code page of Windows or DOS, by its number."""
    return _PAGES.get(number)
