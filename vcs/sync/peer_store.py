"""Where a repository keeps its peers, and what it saw of each. Bytes: docs/formats/peers.md."""

from __future__ import annotations

import json

from pyvcs.objects.backends.base import Backend
from pyvcs.objects.clock import Stamp
from pyvcs.objects.errors import Corrupt, InvalidObject, UnsupportedFormat
from pyvcs.objects.values import dataclass, replace
from pyvcs.plain_json import MISREAD, read_json
from pyvcs.sync.acquaintance import PEERS_KEY
from pyvcs.sync.peers import MAX_NAME, Peer, Peers, check_room

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

RECORDS_KEY = "peer-records"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class PeerRecord:
    """What this replica saw of a peer. It is never replicated, and may be lost.

    Times are milliseconds since 1970 UTC, None for never. `behind` is how many commits the peer
    lacked when it was last seen, `ahead` how many it had that we lacked. `error` is the sentence
    of the last failure, "" when the last try went well; `failures` counts them since then.
    `is_named` says that a person named the peer here: others are met only if the settings allow it.
    """

    seen_ms: int | None = None
    tried_ms: int | None = None
    behind: int = 0
    ahead: int = 0
    error: str = ""
    failures: int = 0
    is_named: bool = False

    def met(self, now_ms: int, *, behind: int, ahead: int) -> PeerRecord:
        """After a sync with the peer that went well."""
        return PeerRecord(now_ms, now_ms, behind, ahead, is_named=self.is_named)

    def failed(self, now_ms: int, error: str) -> PeerRecord:
        """After a try that failed."""
        words = " ".join(error.split())[:MAX_NAME]
        return replace(self, tried_ms=now_ms, error=words, failures=self.failures + 1)


class PeerStore:
    """The list of peers of one repository, and its records of them."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def read(self) -> Peers:
        """The list. Corrupt when it cannot be read, UnsupportedFormat if it is newer."""
        return decode_peers(self._backend.read(PEERS_KEY))

    def update(self, change: Callable[[Peers], Peers]) -> Peers:
        """Replace the list by what `change` makes of it; what is now there.

        Another process may change it meanwhile: `change` is then asked again. Refused when the
        list would become too long.
        """
        while True:
            content = self._backend.read(PEERS_KEY)
            old = decode_peers(content)
            new = check_room(change(old))
            if new == old or self._backend.swap(PEERS_KEY, expected=content, new=encode_peers(new)):
                return new

    def records(self) -> dict[str, PeerRecord]:
        """The records by address; none where they cannot be read."""
        return _decode_records(self._backend.read(RECORDS_KEY))

    def note(self, address: str, change: Callable[[PeerRecord], PeerRecord]) -> PeerRecord:
        """Replace the record of a peer by what `change` makes of it; those of peers that are no
        longer in the list are dropped."""
        while True:
            content = self._backend.read(RECORDS_KEY)
            live = {peer.address for peer in self.read().live()}
            records = _decode_records(content)
            new = change(records.get(address, PeerRecord()))
            kept = {known: found for known, found in records.items() if known in live}
            document = _encode_records({**kept, address: new})
            if self._backend.swap(RECORDS_KEY, expected=content, new=document):
                return new


def encode_peers(peers: Peers) -> bytes:
    """A list as JSON in one fixed spelling, with a final newline."""
    entries = {
        address: {"name": peer.name, "removed": peer.is_removed, "stamp": str(peer.stamp)}
        for address, peer in peers.entries.items()
    }
    return _spelled({"format": FORMAT, "peers": entries})


def decode_peers(content: bytes | None) -> Peers:
    """The list from its bytes; the empty one from None."""
    if content is None:
        return Peers()
    try:
        document = read_json(content)
        if document["format"] != FORMAT:
            raise UnsupportedFormat(
                f"the list of peers has format {document['format']!r}, and this pyvcs knows"
                f" {FORMAT}",
                hint="use a newer pyvcs",
            )
        return Peers({address: _peer(address, p) for address, p in document["peers"].items()})
    except MISREAD as error:
        raise Corrupt(
            f"the list of peers cannot be read: {error!r}",
            hint="remove the file `peers`: the next sync with a peer brings the list back",
        ) from None


def _peer(address: str, document: Mapping[str, Any]) -> Peer:
    name, removed = document["name"], document["removed"]
    if not isinstance(name, str) or not isinstance(removed, bool):
        raise InvalidObject(f"the entry of {address!r} has a name or a mark of another sort")
    return Peer(address, name, Stamp.parse(document["stamp"]), removed)


def record_fields(record: PeerRecord) -> dict[str, bool | int | str | None]:
    """A record as JSON has it, in the file and in the output of `pyvcs peers`."""
    return {
        "seen": record.seen_ms,
        "tried": record.tried_ms,
        "behind": record.behind,
        "ahead": record.ahead,
        "error": record.error,
        "failures": record.failures,
        "named": record.is_named,
    }


def _encode_records(records: Mapping[str, PeerRecord]) -> bytes:
    shapes = {address: record_fields(record) for address, record in records.items()}
    return _spelled({"format": FORMAT, "records": shapes})


def _decode_records(content: bytes | None) -> dict[str, PeerRecord]:
    """The records; none when they are damaged or of another format: they can be lost."""
    try:
        document = read_json(content or b"{}")
        if document.get("format") != FORMAT:
            return {}
        return {
            str(address): PeerRecord(
                seen_ms=None if found["seen"] is None else int(found["seen"]),
                tried_ms=None if found["tried"] is None else int(found["tried"]),
                behind=int(found["behind"]),
                ahead=int(found["ahead"]),
                error=str(found["error"]),
                failures=int(found["failures"]),
                is_named=found.get("named") is True,
            )
            for address, found in document["records"].items()
        }
    except MISREAD:
        return {}


def _spelled(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, sort_keys=True, indent=1).encode() + b"\n"
