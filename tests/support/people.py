"""People with repositories on a disk, for tests of what they do."""

from __future__ import annotations

import os
from pathlib import Path

import pyvcs
from pyvcs.objects.commit import Identity
from pyvcs.objects.oid import Oid
from pyvcs.repository import Repository

ADA = Identity("Ada", "ada@example.org")


def new_repository(folder: Path) -> Repository:
    """A repository with an empty working tree."""
    folder.mkdir(parents=True, exist_ok=True)
    return pyvcs.Repository.init(os.fspath(folder))


def write(folder: Path, files: dict[str, str | bytes | None]) -> None:
    """Write files into a working tree; None removes one."""
    for name, content in files.items():
        path = folder / name
        if content is None:
            path.unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def commit(
    repository: Repository, files: dict[str, str | bytes | None], message: str = "edit"
) -> Oid:
    """Write files into the working tree of a repository and commit them."""
    write(root_of(repository), files)
    return repository.commit(message, author=ADA)


def root_of(repository: Repository) -> Path:
    """The folder of a repository's working tree."""
    assert repository.place is not None
    assert repository.place.root is not None
    return Path(os.fsdecode(repository.place.root))


def files_in(folder: Path) -> dict[str, bytes]:
    """Every file in a working tree with its content; symlinks as `-> target`."""
    found: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if name.split("/")[0] == ".pyvcs":
            continue
        if path.is_symlink():
            found[name] = b"-> " + os.fsencode(os.readlink(path))
        elif path.is_file():
            found[name] = path.read_bytes()
    return found
