"""File names for attachments: what a stranger wrote, made into one that can only mean a new file in one folder."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 150
_BAD = re.compile(r"[\x00-\x1f\x7f-\x9f/\\:*?\"<>|\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
_DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[\d¹²³]|lpt[\d¹²³])", re.IGNORECASE)


def safe_name(name: str) -> str:
    """One path component, at most LONGEST bytes of UTF-8, its ending kept: no separators, controls or direction
    marks, no dot, dash or tilde in front, no name of a Windows device; "attachment" where nothing is left."""
    last = unicodedata.normalize("NFC", re.split(r"[/\\]", _encodable(name).rstrip("/\\. "))[-1])
    clean = " ".join(_BAD.sub("_", last).split()).lstrip(".-~ ").rstrip(". ")
    if not clean.strip("_ ."):
        clean = "attachment"
    if _DEVICE.fullmatch(clean.split(".")[0].strip()):
        clean = f"_{clean}"
    return _short(clean)


def numbered(name: str, number: int) -> str:
    """ "faktura.pdf", 2 → "faktura (2).pdf"."""
    stem, dot, ending = name.rpartition(".")
    return f"{stem} ({number}).{ending}" if dot and stem else f"{name} ({number})"


def _encodable(name: str) -> str:
    return name.encode("utf-8", "replace").decode("utf-8")


def _short(name: str) -> str:
    if len(name.encode()) <= LONGEST:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or not stem or len(ending.encode()) > 20:
        stem, dot, ending = name, "", ""
    kept = stem.encode()[: LONGEST - len((dot + ending).encode())].decode("utf-8", "ignore")
    return f"{kept.rstrip('. ')}{dot}{ending}"
