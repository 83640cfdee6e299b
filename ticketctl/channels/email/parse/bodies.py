"""What people read of a message, and what hangs on it: the tree of parts becomes one text and a list of attachments."""

from __future__ import annotations

import re
from hashlib import sha256
from html import unescape

import msgspec

from ticketctl.channels.email.charsets import decode as charset
from ticketctl.channels.email.parse import disguised, headers, tnef, uuencode
from ticketctl.channels.email.parse.html import marked, to_text
from ticketctl.channels.email.parse.mime_tree import PARTS, Part, Unreadable, head, parse
from ticketctl.domain.text import quote_markers as marks
from ticketctl.domain.text import stubs
from ticketctl.domain.ticket.message import Attachment


class Content(msgspec.Struct):
    """`text` with \\n line ends, `marked` the same with `marks.SIGNED` before lines that HTML tells to be a signature;
    `payloads` are the attachments' bytes, in the same order. `packed` is the text that
    stood in a winmail.dat, `unread` whether nothing could be read from one."""

    marked: str = ""
    attachments: list[Attachment] = []
    payloads: list[bytes] = []
    packed: str = ""
    unread: bool = False

    @property
    def text(self) -> str:
        return self.marked.replace(marks.SIGNED, "")

    def add(self, name: str, kind: str, payload: bytes, inline: bool = False) -> None:
        """One more attachment, as long as a message may have so many."""
        if len(self.attachments) < PARTS:
            digest = sha256(payload).hexdigest()
            name = headers.one_line(name)
            self.attachments.append(Attachment(name=name, type=kind, size=len(payload), sha256=digest, inline=inline))
            self.payloads.append(payload)


class _Text(msgspec.Struct):
    kind: str
    text: str


def read(root: Part) -> Content:
    """The readable text and the attachments of a message. Plain text is preferred where both are offered."""
    content = Content()
    texts = _texts(root, content, root)
    if not any(one.text.strip() for one in texts) and (file := _file_to_read(root, bool(texts))):
        texts = [_text(file)]
    content.marked = "\n\n".join(filter(None, (_marked(one) for one in _distinct(texts)))).strip("\n").rstrip()
    content.marked = content.marked or content.packed
    return content


def markup(root: Part) -> str:
    """The HTML that is shown in place, as it came; "" where there is none."""
    shown = (part for part in root.leaves() if part.type in ("text/html", "application/xhtml+xml"))
    return next((_plain(part) for part in shown if part.disposition != "attachment"), "")


def plain_text(text: str) -> str:
    """Text with \\n line ends, without what no file can hold."""
    return charset.clean(text).replace("\r\n", "\n").replace("\r", "\n").strip("\n").rstrip()


def html_text(html: str) -> str:
    """HTML as readable text, with \\n line ends and quotations marked."""
    return marked_text(html).replace(marks.SIGNED, "")


def marked_text(html: str) -> str:
    """The same, with `marks.SIGNED` before lines of a signature."""
    return charset.without_surrogates(marked(html)).strip("\n").rstrip()


def _texts(part: Part, content: Content, root: Part, wanted: bool = False) -> list[_Text]:
    """The text parts to be shown; every other part under `part` is added to the attachments. `wanted` tells that the
    place of the part makes it text, whatever its name."""
    if part.children:
        if part.is_packed:
            _attach(part, content)
        shown = [_texts(child, content, root, _is_wanted(child, part)) for child in part.children]
        if part.type == "multipart/alternative":
            return _best(shown)
        return [text for texts in shown for text in texts]
    if not (wanted or is_body(part, root)):
        _attach(part, content, returned=root.type == "multipart/report")
        return []
    if part.disposition == "attachment":
        _attach(part, content)
    text = _text(part)
    if text.kind == "text/plain":
        said, files = uuencode.take_out(text.text)
        for file in files:
            content.add(file.name, _type(file.name), file.payload)
        text = _Text(text.kind, said)
    return [text]


def is_body(part: Part, root: Part) -> bool:
    """Whether the part is text to be read in place: the whole message, or neither marked as an attachment nor named."""
    return part.type in _READABLE and (part is root or not _is_file(part))


def _is_file(part: Part) -> bool:
    return part.disposition == "attachment" or bool(part.filename)


def _is_wanted(part: Part, above: Part) -> bool:
    """Whether a file is text by its place: the only one of its type among alternatives, or what a multipart/related
    begins with (RFC 2387)."""
    if part.type not in _READABLE or part.children:
        return False
    if above.type == "multipart/alternative":
        same = [one for one in above.children if one.type == part.type]
        return part is next((one for one in same if not _is_file(one)), same[0])
    if above.type == "multipart/related":
        start = above.parameters.get("start", "").strip("<> ")
        named = (one for one in above.children if start and one.first("content-id").strip("<> ") == start)
        return part is next(named, above.children[0])
    return False


def _file_to_read(root: Part, blank: bool) -> Part | None:
    """The first file of text, which is the body of a message that has no other. Where there is one which is `blank`, a
    file that is marked as an attachment is what was sent, and is not read."""
    files = [part for part in root.leaves() if part.type in _READABLE and _is_file(part)]
    files = [part for part in files if "x-unix-mode" not in part.parameters]  # Apple Mail: of a file from a disk
    inline = [part for part in files if part.disposition != "attachment"]
    return next(iter(inline if blank else [*inline, *files]), None)


_READABLE = {"text/plain", "text/html", "text/enriched", "text/richtext", "text/x-markdown", "text/markdown"}
_READABLE |= {"application/xhtml+xml"}
_TAG = re.compile(r"<[a-zA-Z!/?]")


def _text(part: Part) -> _Text:
    """The text of a part with its true kind: HTML may come as plain text, and plain text as HTML."""
    text = _plain(part)
    if part.type in ("text/html", "application/xhtml+xml"):
        return _Text("text/html", text) if _TAG.search(text) else _Text("text/plain", unescape(text))
    if part.type == "text/plain" and disguised.is_html(text) and html_text(text[: disguised.READ]):
        return _Text("text/html", text)
    return _Text(part.type, text)


def _best(shown: list[list[_Text]]) -> list[_Text]:
    """Of alternatives the plainest one that says what the mail says."""
    telling = [texts for texts in shown if any(one.text.strip() for one in texts)]
    html = next((texts for texts in reversed(telling) if any(one.kind == "text/html" for one in texts)), None)
    for wanted in ("text/plain", "text/markdown", "text/x-markdown"):
        for texts in telling:
            if any(one.kind == wanted and one.text.strip() for one in texts):
                return texts if html is None or texts is html else _of_both(texts, html)
    return html or (telling[0] if telling else [])


_STUB = 2_000  # characters of a plain part that may be a stub


def _of_both(plain: list[_Text], html: list[_Text]) -> list[_Text]:
    said = "\n".join(one.text for one in plain)
    if len(said) > _STUB:
        return plain
    choice = stubs.choose(said, "\n".join(map(_readable, html)))
    return {"plain": plain, "html": html, "both": [*plain, *html]}[choice]


def _distinct(texts: list[_Text]) -> list[_Text]:
    """Without HTML that says the same as a plain part beside it: some mailers send both as multipart/mixed."""
    if len(texts) < 2 or not any(one.kind == "text/html" for one in texts):
        return texts
    plain = {_letters(one.text) for one in texts if one.kind != "text/html"}
    return [one for one in texts if one.kind != "text/html" or _letters(to_text(one.text)) not in plain]


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _readable(one: _Text) -> str:
    return _marked(one).replace(marks.SIGNED, "")


def _marked(one: _Text) -> str:
    if one.kind == "text/html":
        return marked_text(one.text)
    return _enriched(one.text) if one.kind in {"text/enriched", "text/richtext"} else one.text


def _plain(part: Part) -> str:
    data, below = part.decoded()
    text = charset.decode(data, declared_charset(part, data))
    if below.strip():
        text = f"{text.rstrip()}\n\n{charset.decode(below).strip()}"
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if part.type == "text/plain" and part.parameters.get("format", "").lower() == "flowed":
        text = unflow(text, part.parameters.get("delsp", "").lower() == "yes")
    return text


def declared_charset(part: Part, data: bytes) -> str | None:
    """The charset that the part declares; where it names none that we know, the one that its HTML names."""
    declared = part.parameters.get("charset")
    if charset.codec(declared) is None or charset.codec(declared) == "utf-8":
        meta = _META.search(data[:HEAD])
        declared = meta[1].decode("ascii") if meta else declared
    return declared


HEAD = 4_096  # bytes of HTML in which its charset is sought, four times what browsers read
_META = re.compile(
    rb"""(?i)<(?:meta[^<>]{1,200}?\bcharset|\?xml[^<>]{1,100}?\bencoding)\s{0,9}=\s{0,9}["']?([\w:.-]{2,40})"""
)


def unflow(text: str, delete_space: bool = False) -> str:
    """format=flowed (RFC 3676) with soft line ends undone; quote marks are kept, one space after them."""
    out: list[list[str]] = []
    open_depth = -1  # the quote depth of a line that goes on, or -1
    for line in text.split("\n"):
        bare = line.lstrip(">")
        depth = len(line) - len(bare)
        words = bare.removeprefix(" ")
        soft = words.endswith(" ") and words != "-- "
        words = words[:-1] if soft and delete_space else words
        if depth == open_depth and words != "-- ":
            out[-1].append(words)
        else:
            out.append([">" * depth + (" " if depth and words else "") + words])
        open_depth = depth if soft else -1
    return "\n".join(map("".join, out))


_ENRICHED = re.compile(r"(?is)<param>[^<]*</param>|</?[a-z][a-z0-9-]{0,40}>")


def _enriched(text: str) -> str:
    """text/enriched (RFC 1896) as plain text."""
    return _ENRICHED.sub("", text).replace("<<", "<")


WITHIN = 3  # attached messages within attached messages whose files are found
TNEF = {"application/ms-tnef", "application/vnd.ms-tnef"}


def _attach(part: Part, content: Content, returned: bool = False, depth: int = 0) -> None:
    """Add a part to the attachments: of a winmail.dat what it holds, if it can be read; of an attached message itself
    and the files that hang on it, unless it is what a bounce returns."""
    payload = part.payload()
    if part.type in TNEF or part.filename.lower() == "winmail.dat":
        _unpack(part.filename or "winmail.dat", payload, content)
        return
    inline = part.disposition == "inline" or part.parent == "multipart/related"
    content.add(_name(part, payload), part.type, payload, inline)
    if part.type == "message/rfc822" and not returned and depth < WITHIN:
        for inner in _files_of(payload):
            _attach(inner, content, depth=depth + 1)


def _unpack(name: str, payload: bytes, content: Content) -> None:
    """The files of a winmail.dat, and its text for a mail that has no other; the container itself where something in it
    may be left."""
    held = tnef.read(payload)
    text = html_text(held.text) if held.html else plain_text(held.text)
    for file in held.files:
        content.add(file.name or "attachment.bin", _type(file.name), file.payload)
    if not held.files or not held.whole:
        content.add(name, "application/ms-tnef", payload)
    content.packed = content.packed or text
    content.unread = content.unread or not (held.files or text)


def _files_of(message: bytes) -> list[Part]:
    """The files that hang on an attached message: not its text, nor the pictures within that."""
    try:
        root = parse(message)
    except Unreadable:
        return []
    named = [part for part in root.leaves() if part is not root and (part.filename or part.type == "message/rfc822")]
    return [
        part
        for part in named
        if part.disposition == "attachment" or (part.disposition != "inline" and part.parent != "multipart/related")
    ]


def _type(name: str) -> str:
    """The type of a file that came without one, by the ending of its name."""
    from mimetypes import MimeTypes  # needed for few mails

    return MimeTypes().guess_type(f"file.{name.rpartition('.')[2]}")[0] or "application/octet-stream"


def _name(part: Part, payload: bytes) -> str:
    if part.filename:
        return headers.one_line(part.filename)
    if part.type == "message/rfc822":
        fields, _ = head(payload)
        subject = next((headers.words(value) for name, value in fields if name == "subject"), "")
        return (headers.one_line(subject)[:200] or "message") + ".eml"
    if part.type == "text/calendar":
        return "invite.ics"
    main, _, sub = part.type.partition("/")
    ending = _ENDINGS.get(part.type) or (sub if sub.isalnum() and len(sub) < 6 else "bin")
    return f"{main if main in {'image', 'audio', 'video', 'text'} else sub}.{ending}"


_ENDINGS = {
    "text/plain": "txt",
    "text/rfc822-headers": "txt",
    "message/delivery-status": "txt",
    "message/disposition-notification": "txt",
    "message/feedback-report": "txt",
    "application/octet-stream": "bin",
    "application/pgp-signature": "asc",
    "application/pkcs7-signature": "p7s",
    "application/x-pkcs7-signature": "p7s",
    "image/jpeg": "jpg",
    "image/svg+xml": "svg",
}
