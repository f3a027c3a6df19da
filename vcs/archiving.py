"""Archives: the files of a commit as tar, tar.gz or zip, with the same bytes for the same commit.

Every member has the time of the commit, no owner, and the permissions of its kind; members stand
in the order of their paths. What is compressed depends on the version of zlib, and on nothing else.
"""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import IO, TYPE_CHECKING, cast

from pyvcs.objects.errors import InvalidObject
from pyvcs.objects.kind import Mode
from pyvcs.objects.listing import File, files_of
from pyvcs.objects.oid import Oid
from pyvcs.objects.store import ObjectReader
from pyvcs.worktree import is_below

if TYPE_CHECKING:
    import tarfile
    from collections.abc import Collection, Iterator

FORMATS = {"tar": (".tar",), "tar.gz": (".tar.gz", ".tgz"), "zip": (".zip",)}
"""Formats of archives, and the ends of names that ask for them."""

_PERMISSIONS = {Mode.FILE: 0o644, Mode.EXECUTABLE: 0o755, Mode.SYMLINK: 0o777}
_FIRST_ZIP_TIME, _LAST_ZIP_TIME = 315_532_800, 4_354_819_198  # 1980-01-01, 2107-12-31 23:59:58
_LARGEST_TAR_TIME = (1 << 33) - 1


def write_archive(
    objects: ObjectReader,
    commit: Oid,
    stream: IO[bytes],
    *,
    form: str,
    prefix: str = "",
    paths: Collection[bytes] = (),
) -> int:
    """Write the files of a commit, at or below `paths`, to a stream; how many there were.

    `form` is one of FORMATS. `prefix` is put before each path. A zip file cannot hold a name that
    is no UTF-8: InvalidObject.
    """
    found = objects.commit(commit)
    files = [
        (path, file)
        for path, file in files_of(objects, found.tree)
        if not paths or any(is_below(path, wanted) for wanted in paths)
    ]
    files.sort()
    seconds = found.committed.seconds
    before = prefix.encode("utf-8", "surrogateescape")
    named = ((before + path, file) for path, file in files)
    if form == "zip":
        _write_zip(objects, named, stream, seconds)
    elif form == "tar":
        _write_tar(objects, named, stream, seconds)
    else:
        import gzip

        with gzip.GzipFile("", "wb", 9, stream, mtime=0) as packed:
            _write_tar(objects, named, cast("IO[bytes]", packed), seconds)
    return len(files)


def _write_tar(
    objects: ObjectReader, files: Iterator[tuple[bytes, File]], stream: IO[bytes], seconds: int
) -> None:
    import tarfile

    with tarfile.open(
        mode="w", fileobj=stream, format=tarfile.GNU_FORMAT, encoding="utf-8"
    ) as archive:
        for path, (mode, oid) in files:
            member = tarfile.TarInfo(path.decode("utf-8", "surrogateescape"))
            member.mtime = min(max(seconds, 0), _LARGEST_TAR_TIME)
            member.mode = _PERMISSIONS[mode]
            _add_member(archive, member, mode, objects.blob(oid))


def _add_member(
    archive: tarfile.TarFile, member: tarfile.TarInfo, mode: Mode, content: bytes
) -> None:
    if mode is Mode.SYMLINK:
        member.type = b"2"
        member.linkname = content.decode("utf-8", "surrogateescape")
        archive.addfile(member)
    else:
        member.size = len(content)
        archive.addfile(member, BytesIO(content))


def _write_zip(
    objects: ObjectReader, files: Iterator[tuple[bytes, File]], stream: IO[bytes], seconds: int
) -> None:
    import zipfile

    moment = datetime.fromtimestamp(min(max(seconds, _FIRST_ZIP_TIME), _LAST_ZIP_TIME), UTC)
    time = (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, (mode, oid) in files:
            member = zipfile.ZipInfo(_zip_name(path), time)
            member.create_system = 3  # unix: the permissions count
            kind = 0o120000 if mode is Mode.SYMLINK else 0o100000
            member.external_attr = (kind | _PERMISSIONS[mode]) << 16
            archive.writestr(member, objects.blob(oid), zipfile.ZIP_DEFLATED)


def _zip_name(path: bytes) -> str:
    try:
        return path.decode()
    except UnicodeDecodeError:
        raise InvalidObject(
            f"a zip file cannot hold the name {path!r}, which is no UTF-8",
            hint="write a tar file",
        ) from None
