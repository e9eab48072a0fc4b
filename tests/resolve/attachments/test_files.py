"""What a file is, by its content, and the name it is shown by."""

from __future__ import annotations

import io
import struct
import zlib
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolve.attachments.errors import (
    FileEmpty,
    FileTooLarge,
    KindRefused,
    NotWhatItSays,
    TooManyFiles,
)
from resolve.attachments.kinds import EXTENSIONS, recognised
from resolve.attachments.names import LONGEST, clean
from resolve.attachments.rules import Limits, check, guard_number

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 20
PDF = b"%PDF-1.7\n1 0 obj"
LIMITS = Limits()


def packed(**parts: bytes) -> bytes:
    made = io.BytesIO()
    with ZipFile(made, "w") as archive:
        for name, content in parts.items():
            how = ZIP_STORED if name == "mimetype" else ZIP_DEFLATED
            archive.writestr(name, content, how)
    return made.getvalue()


DOCX = packed(**{"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"})
XLSX = packed(**{"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"})
ODT = packed(
    **{
        "mimetype": b"application/vnd.oasis.opendocument.text",
        "content.xml": b"<x/>",
    }
)
WITH_MACROS = packed(
    **{
        "[Content_Types].xml": b"<x/>",
        "word/document.xml": b"<x/>",
        "word/vbaProject.bin": b"x",
    }
)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("door.png", PNG, "image/png"),
        ("door.JPG", JPEG, "image/jpeg"),
        ("door.gif", b"GIF89a\x01\0\x01\0", "image/gif"),
        ("door.webp", b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
        ("door.heic", b"\0\0\0\x18ftypheic\0\0\0\0", "image/heic"),
        ("door.mov", b"\0\0\0\x14ftypqt  \0\0\0\0", "video/quicktime"),
        ("door.mp4", b"\0\0\0\x18ftypmp42\0\0\0\0", "video/mp4"),
        ("bill.pdf", PDF, "application/pdf"),
        ("лист.txt", "Дуже прикро.\r\n".encode(), "text/plain"),
        ("лист.txt", "\ufeffПечально".encode(), "text/plain"),
        ("letter.docx", DOCX, next(k for k in EXTENSIONS if "wordproc" in k)),
        ("table.xlsx", XLSX, next(k for k in EXTENSIONS if "spreadsheetml" in k)),
        ("letter.odt", ODT, "application/vnd.oasis.opendocument.text"),
    ],
)
def test_what_customers_send_is_taken(name: str, content: bytes, kind: str) -> None:
    checked = check(name, content, LIMITS)

    assert (checked.name, checked.media_type) == (name, kind)


@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"  \n<html>",
        b"hello <script>alert(1)</script>",
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b'<?xml version="1.0"?><svg/>',
        b"\xef\xbb\xbf<html>",
        b"#!/bin/sh\nrm -rf /",
        b"MZ\x90\0\x03",
        b"\x7fELF\x02\x01\x01",
        b"\0\x01\x02",
        b"\xff\xfe<\0h\0t\0m\0l\0",
        b"PK\x03\x04 not a zip at all",
        WITH_MACROS,
        packed(**{"anything.txt": b"x"}),
    ],
)
@pytest.mark.parametrize("name", ["photo.png", "letter.txt", "x"])
def test_what_could_act_is_refused_whatever_its_name(content: bytes, name: str) -> None:
    with pytest.raises(KindRefused):
        check(name, content, LIMITS)


def test_a_name_that_says_another_kind_is_refused() -> None:
    for name, content in [
        ("photo.png", b"only text"),
        ("page.html", b"only text"),
        ("program.exe", PNG),
        ("picture.svg", PNG),
        ("letter.docx", XLSX),
        ("letter.pdf", JPEG),
    ]:
        with pytest.raises(NotWhatItSays):
            check(name, content, LIMITS)


def test_a_picture_named_as_another_kind_of_picture_is_called_what_it_is() -> None:
    assert check("IMG_1.heic", JPEG, LIMITS).name == "IMG_1.jpg"
    assert check("photo", PNG, LIMITS).name == "photo.png"
    assert check("../..", PNG, LIMITS).name == "file.png"


def test_a_bomb_is_never_unpacked() -> None:
    bomb = packed(**{"mimetype": b"0", "content.xml": b"0" * 50_000_000})
    assert len(bomb) < 100_000
    assert recognised(bomb) is None

    # A directory that says it has very many parts is not even read.
    directory = DOCX[:-22] + struct.pack(
        "<4s4H2LH", b"PK\x05\x06", 0, 0, 65535, 65535, 900_000, 0, 0
    )
    assert recognised(directory) is None
    # Nor is a mimetype that is packed, however small it looks.
    lying = io.BytesIO()
    with ZipFile(lying, "w") as archive:
        archive.writestr("mimetype", b"application/vnd.oasis.opendocument.text",
                         ZIP_DEFLATED)  # fmt: skip
        archive.writestr("content.xml", b"")
    assert recognised(lying.getvalue()) is None
    assert zlib.decompress(zlib.compress(b"x")) == b"x"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../../etc/passwd", "passwd"),
        (r"C:\Users\olena\photo.png", "photo.png"),
        ("photo\u202egnp.exe", "photognp.exe"),
        ("a\x00b\x1f\x7f.png", "ab.png"),
        ("...", ""),
        ("  two   words .txt", "two words.txt"),
        ('a<b>:"|?*.pdf', "a_b______.pdf"),
        ("e\u0301.txt", "é.txt"),
        ("лист від Олени.pdf", "лист від Олени.pdf"),
    ],
)
def test_a_name_is_only_what_can_be_shown_and_stored(given: str, shown: str) -> None:
    assert clean(given) == shown


@given(st.text(max_size=300))
def test_any_name_becomes_a_short_one_in_one_folder(name: str) -> None:
    shown = clean(name)

    assert len(shown) <= LONGEST
    assert not set(shown) & set('/\\<>:"|?*\0\n\r')
    assert not shown.startswith(".")
    assert clean(shown) == shown


@given(st.binary(max_size=200))
def test_any_content_is_recognised_or_not_but_never_fails(content: bytes) -> None:
    assert recognised(content) in {None, *EXTENSIONS}


def test_too_much_too_little_and_too_many_are_refused() -> None:
    with pytest.raises(FileTooLarge):
        check("film.mp4", b"\0" * 10_000_001, LIMITS)
    with pytest.raises(FileEmpty):
        check("nothing.txt", b"", LIMITS)
    with pytest.raises(TooManyFiles):
        guard_number(range(6), LIMITS)
