"""Where the refs of a replica are kept: one value under one key, moved by compare-and-swap.

Every change first writes a line to the operation log: what it changed, before and after, and the
command. The refs say how many bytes of the log count; a line beyond them never came to be (the
process died, or lost the swap) and the next change writes over it.
"""

from __future__ import annotations

from pyvcs.objects.errors import Corrupt, NotARepository, NotFound, StaleRefs
from pyvcs.objects.kind import Mode
from pyvcs.objects.oid import Oid
from pyvcs.objects.values import dataclass, replace
from pyvcs.place import REFS_KEY
from pyvcs.plain_json import MISREAD, indented, one_line, read_lines
from pyvcs.ref_codec import (
    decode_count,
    decode_position,
    decode_refs,
    encode_refs,
    refs_document,
)
from pyvcs.refs import Refs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any, TypeAlias

    from pyvcs.objects.backends.base import Backend
    from pyvcs.objects.listing import File

LOG_KEY = "operations"
_LOGGED: dict[str, type] = {"branches": dict, "tags": dict, "tips": str}

FileChanges: TypeAlias = "Mapping[bytes, tuple[File | None, File | None]]"
"""Files of the working tree by path: what stood there before, and what stands there now."""

_NO_FILES: FileChanges = {}
_Document: TypeAlias = "dict[str, Any]"


@dataclass(frozen=True, slots=True)
class Operation:
    """One change of the refs: its number, when (ms since 1970 UTC) and by which command.

    `before` and `after` hold what it changed, in the shape of the refs' own JSON; under `files`
    the files of the working tree that it put another content into, by path.
    """

    number: int
    milliseconds: int
    command: str
    before: dict[str, Any]
    after: dict[str, Any]

    def files(self, *, before: bool) -> dict[bytes, File | None]:
        """The files of the working tree that it changed, as they were before or after."""
        found = (self.before if before else self.after).get("files", {})
        return {_path(path): _file(file) for path, file in found.items()}


class RefStore:
    """Reads and swaps the refs of one backend."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._last: tuple[bytes, Refs] | None = None  # a value: whoever changes it makes another

    def create(self, refs: Refs) -> None:
        """Write the first refs, in place of those that an `init` which was cut off left.

        NotARepository when another process makes a repository here at the same time.
        """
        left = self._backend.read(REFS_KEY)
        if not self._backend.swap(REFS_KEY, expected=left, new=encode_refs(refs)):
            raise NotARepository("another process makes a repository here")

    def read(self) -> Refs:
        """The refs as they are now."""
        return self._decoded(self._content())

    def _decoded(self, content: bytes) -> Refs:
        """The refs from their bytes; those read last are mostly there again."""
        last = self._last  # another thread may read others meanwhile
        if last is None or last[0] != content:
            self._last = last = content, decode_refs(content)
        return last[1]

    def _content(self) -> bytes:
        content = self._backend.read(REFS_KEY)
        if content is None:
            raise NotARepository("this repository has no refs", hint="run `pyvcs init` in a folder")
        return content

    def swap(
        self, old: Refs, new: Refs, *, command: str, now_ms: int, files: FileChanges = _NO_FILES
    ) -> Refs:
        """Replace `old` by `new`, and log it with the files that changed; what is now there.

        StaleRefs when the refs are no longer `old`: another process was quicker.
        """
        content = self._content()
        fresh = self._decoded(content) == old
        log = self._with_its_log(old)
        number = log.operation + 1
        before, after = _difference(refs_document(old), refs_document(new))
        if files:
            before["files"] = {_text(path): _file_document(old) for path, (old, _) in files.items()}
            after["files"] = {_text(path): _file_document(new) for path, (_, new) in files.items()}
        document: _Document = {"operation": number, "time": now_ms, "command": command}
        line = one_line({**document, "before": before, "after": after}).encode() + b"\n"
        new = replace(new, operation=number, log_bytes=log.log_bytes + len(line))
        if fresh:
            self._backend.append(LOG_KEY, line, at=log.log_bytes)
        encoded = encode_refs(new)
        if not fresh or not self._backend.swap(REFS_KEY, expected=content, new=encoded):
            raise StaleRefs("another process moved the refs in the meantime", hint="try again")
        self._last = encoded, new
        return new

    def _with_its_log(self, refs: Refs) -> Refs:
        """The refs, at the beginning of a log when somebody removed that which they had.

        Corrupt when it is shorter than it was.
        """
        size = self._backend.size(LOG_KEY)
        if size is None:
            return replace(refs, operation=0, log_bytes=0)
        if size < refs.log_bytes:
            raise _damaged(f"has {size} bytes, and {refs.log_bytes} were written")
        return refs

    def operations(self) -> Iterator[Operation]:
        """The changes that came to be, oldest first. Corrupt when the log is damaged."""
        size = self._with_its_log(self.read()).log_bytes
        valid = self._backend.read_range(LOG_KEY, 0, size) if size else b""
        try:
            lines = read_lines(valid)
        except ValueError as error:
            raise _damaged(f"cannot be read: {error}") from None
        for number, line in enumerate(lines, 1):
            yield _operation(line, number)

    def state_after(self, number: int) -> Refs:
        """The refs as operation `number` left them (0: as the repository was made).

        The clock is that of now, for it never goes back. NotFound when there is no such operation.
        """
        refs = self._with_its_log(self.read())
        if not 0 <= number <= refs.operation:
            raise NotFound(
                f"there is no operation {number}", hint="`pyvcs op log` lists those that there are"
            )
        document = refs_document(refs)
        for operation in reversed(list(self.operations())):
            if operation.number <= number:
                break
            _take_back(document, operation.before)
        return decode_refs(indented(document).encode())


def _operation(found: _Document, number: int) -> Operation:
    try:
        if found["operation"] != number:
            raise ValueError(f"it says {found['operation']!r}")
        when, command = decode_count(found["time"]), str(found["command"])
        return Operation(number, when, command, _part(found["before"]), _part(found["after"]))
    except MISREAD as error:
        raise _damaged(f"cannot be read in line {number}: {error}") from None


def _part(document: _Document) -> _Document:
    """The part of the refs that a change found or left, looked at: raises one of MISREAD."""
    if "head" in document:
        decode_position(document["head"])
    for part, kind in _LOGGED.items():
        for name, value in document.get(part, {}).items():
            if not isinstance(value, kind | None):
                raise TypeError(f"{name!r} is {value!r}")
    for file in document.get("files", {}).values():
        _file(file)
    return document


def _damaged(what: str) -> Corrupt:
    return Corrupt(
        f"the file `operations` {what}",
        hint="remove it: a new one is begun, and what was done before can no longer be undone",
    )


def _take_back(document: _Document, before: _Document) -> None:
    """Put what an operation found in the place of what it left."""
    if "head" in before:
        document["head"] = before["head"]
    for part in _LOGGED:
        for name, value in before.get(part, {}).items():
            if value is None:
                document[part].pop(name, None)
            else:
                document[part][name] = value


def _text(path: bytes) -> str:
    return path.decode("utf-8", "surrogateescape")


def _path(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _file_document(file: File | None) -> _Document | None:
    return None if file is None else {"mode": file[0].word, "oid": str(file[1])}


def _file(document: _Document | None) -> File | None:
    if document is None:
        return None
    mode = next((mode for mode in Mode if mode.word == document["mode"]), Mode.FILE)
    return mode, Oid.from_hex(document["oid"])


def _difference(before: _Document, after: _Document) -> tuple[_Document, _Document]:
    """The parts of two documents of refs in which they differ; null for a name that is absent."""
    old: _Document = {}
    new: _Document = {}
    if before["head"] != after["head"]:
        old["head"], new["head"] = before["head"], after["head"]
    for part in _LOGGED:
        names = {*before[part], *after[part]}
        changed = sorted(name for name in names if before[part].get(name) != after[part].get(name))
        if changed:
            old[part] = {name: before[part].get(name) for name in changed}
            new[part] = {name: after[part].get(name) for name in changed}
    return old, new
