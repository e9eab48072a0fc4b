"""What can go wrong with attachments; `extra` tells the name of the file."""

from __future__ import annotations

from resolve.kit.errors import Invalid, NotFound


class UnknownAttachment(NotFound):
    code = "unknown_attachment"


class FileRefused(Invalid):
    """A file that is not taken; the subclass says why."""

    code = "file_refused"


class TooManyFiles(FileRefused):
    code = "too_many_files"


class FileTooLarge(FileRefused):
    code = "file_too_large"


class FileEmpty(FileRefused):
    code = "file_empty"


class KindRefused(FileRefused):
    """None of the kinds that are taken, by its content."""

    code = "file_kind_refused"


class NotWhatItSays(FileRefused):
    """The content is of another kind than the name says."""

    code = "file_not_what_it_says"
