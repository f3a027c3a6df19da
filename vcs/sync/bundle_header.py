"""The header of a bundle: which branches and tags it brings, and what must be there already.
The bytes stand in docs/formats/bundle.md."""

from __future__ import annotations

from pyvcs.objects.errors import InvalidObject
from pyvcs.objects.oid import Oid
from pyvcs.objects.values import dataclass
from pyvcs.ref_codec import decode_ref, encode_ref
from pyvcs.refs import Position, Ref, Refs
from pyvcs.sync.heads_file import checked_document, document_with_check

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

FORMAT = 1


@dataclass(frozen=True, slots=True)
class BundleHeader:
    """Branches and tags with their stamps, and the `prerequisites`, sorted.

    A prerequisite is a commit that the bundle builds on and does not bring: whoever has it has all
    that it reaches.
    """

    branches: Mapping[str, Ref]
    tags: Mapping[str, Ref]
    prerequisites: tuple[Oid, ...] = ()

    @property
    def refs(self) -> Refs:
        """Its branches and tags as refs that can be joined; no working tree, no tips."""
        return Refs(Position(None), branches=self.branches, tags=self.tags)


def encode_header(header: BundleHeader) -> bytes:
    """A header as JSON in one fixed spelling, with a final newline."""
    return document_with_check(
        {
            "format": FORMAT,
            "branches": {name: encode_ref(ref) for name, ref in header.branches.items()},
            "tags": {name: encode_ref(ref) for name, ref in header.tags.items()},
            "prerequisites": [str(oid) for oid in header.prerequisites],
        }
    )


def decode_header(content: bytes, name: str) -> BundleHeader:
    """A header from its bytes; `name` is what errors call it. Errors as of `checked_document`."""
    document = checked_document(content, name, FORMAT)
    try:
        return BundleHeader(
            {str(ref): decode_ref(found) for ref, found in document["branches"].items()},
            {str(ref): decode_ref(found) for ref, found in document["tags"].items()},
            tuple(sorted({Oid.from_hex(oid) for oid in document["prerequisites"]})),
        )
    except InvalidObject:
        raise
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidObject(f"{name} is no header of a bundle: {error!r}") from None
