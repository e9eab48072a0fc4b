"""What a file is, by its content alone; nothing is unpacked or run (pure)."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from zipfile import ZIP_STORED, BadZipFile, ZipFile

OCTETS = "application/octet-stream"
_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."

EXTENSIONS: Mapping[str, tuple[str, ...]] = {
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "image/heic": (".heic", ".heif"),
    "application/pdf": (".pdf",),
    "video/mp4": (".mp4", ".m4v", ".3gp"),
    "video/quicktime": (".mov", ".qt"),
    "text/plain": (".txt", ".text", ".log", ".csv", ".md", ".eml"),
    f"{_OFFICE}wordprocessingml.document": (".docx",),
    f"{_OFFICE}spreadsheetml.sheet": (".xlsx",),
    f"{_OPEN}text": (".odt",),
    f"{_OPEN}spreadsheet": (".ods",),
}
"""The kinds that are taken, with their extensions, the usual one first."""

_STARTS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
)
_PICTURE_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1")
_FILM_BRANDS = (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1",
                b"M4V ", b"MSNV", b"dash", b"3gp4", b"3gp5", b"3gp6")  # fmt: skip
_MARKUP = re.compile(
    r"\A\s*<[a-z!?/]|<(?:!doctype|html|head|body|script|svg|iframe|meta)\b",
    re.IGNORECASE,
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_LOOKED_AT = 4096
_LARGEST_DIRECTORY = 500_000
_END_OF_ZIP = b"PK\x05\x06"
_END_LENGTH = 22
_LONGEST_COMMENT = 0xFFFF


def recognised(content: bytes) -> str | None:
    """Give the kind of a file as its media type; None for what is not taken here."""
    for start, kind in _STARTS:
        if content.startswith(start):
            return kind
    for looks in _LOOKS:
        seen = looks(content)
        if seen is not None:
            return seen
    return None


def _riff(content: bytes) -> str | None:
    return "image/webp" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else None


def _boxes(content: bytes) -> str | None:
    """Tell pictures and films of the ISO base media format by their brand."""
    if content[4:8] != b"ftyp":
        return None
    brand = content[8:12]
    if brand in _PICTURE_BRANDS:
        return "image/heic"
    if brand == b"qt  ":
        return "video/quicktime"
    return "video/mp4" if brand in _FILM_BRANDS else None


def _packed(content: bytes) -> str | None:
    """Tell documents by the names of their parts; no part is unpacked."""
    if not content.startswith(b"PK\x03\x04") or not _small_directory(content):
        return None
    try:
        with ZipFile(io.BytesIO(content)) as packed:
            names = frozenset(packed.namelist())
            return _office(names) or _open_document(packed, names)
    except (BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return None


def _small_directory(content: bytes) -> bool:
    end = content.rfind(_END_OF_ZIP, -_END_LENGTH - _LONGEST_COMMENT)
    size = int.from_bytes(content[end + 12 : end + 16], "little")
    return end >= 0 and size <= _LARGEST_DIRECTORY


def _office(names: frozenset[str]) -> str | None:
    programs = any(name.lower().endswith(("vbaproject.bin", ".exe")) for name in names)
    if "[Content_Types].xml" not in names or programs:
        return None
    if "word/document.xml" in names:
        return f"{_OFFICE}wordprocessingml.document"
    return f"{_OFFICE}spreadsheetml.sheet" if "xl/workbook.xml" in names else None


def _open_document(packed: ZipFile, names: frozenset[str]) -> str | None:
    if not names.issuperset(("mimetype", "content.xml")):
        return None
    said = packed.getinfo("mimetype")
    longest = max(map(len, EXTENSIONS))
    if said.compress_type != ZIP_STORED or said.file_size > longest:
        return None
    kind = packed.read(said).decode("ascii", "replace")
    return kind if kind.startswith(_OPEN) and kind in EXTENSIONS else None


def _words(content: bytes) -> str | None:
    """Tell plain text: UTF-8 without control characters, markup or a script's start."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    if _CONTROL.search(text) or _MARKUP.search(text[:_LOOKED_AT]):
        return None
    return None if text.startswith("#!") else "text/plain"


_LOOKS: tuple[Callable[[bytes], str | None], ...] = (_riff, _boxes, _packed, _words)
