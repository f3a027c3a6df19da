"""`pyvcs peers`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pyvcs.cli.output import out, out_json
from pyvcs.cli.session import Session, pass_session

if TYPE_CHECKING:
    from pyvcs.sync.peer_store import PeerRecord


@click.command("peers")
@click.argument("action", type=click.Choice(["list", "add", "remove"]), default="list")
@click.argument("url", required=False)
@click.option("--name", default="", help="With add: what people call it.")
@click.option("--json", "as_json", is_flag=True, help="Print the peers as JSON.")
@pass_session
def command(session: Session, action: str, url: str | None, name: str, as_json: bool) -> None:
    """List the replicas that keep in step with this one, add one, or remove one.

    The list is shared: every sync carries it on. `serve --peer` and `sync --watch` meet those in
    it: those that were named here, and those that the setting gossip.learn allows. Seen is when a
    sync with it last went well; behind, how many commits it lacks now, as far as is known here, and
    ahead, how many it had then that were new here.

    \b
    Example:
      pyvcs peers add https://harbour.example:8080/ --name harbour
    """
    from dataclasses import replace

    from pyvcs.sync.introducing import add_peer, commits_behind, remove_peer
    from pyvcs.sync.peer_store import PeerRecord, PeerStore, record_fields

    repository = session.repository
    if (action == "list") != (url is None):
        raise click.UsageError("peers add and peers remove take a URL, peers list takes none")
    if url is not None and action == "add":
        add_peer(repository, url, name)
    elif url is not None:
        remove_peer(repository, url)
    store = PeerStore(repository.backend)
    peers, records = store.read().live(), store.records()
    for address, record in records.items():
        behind = commits_behind(repository, address)
        records[address] = record if behind is None else replace(record, behind=behind)
    if as_json:
        out_json(
            [
                {
                    "address": peer.address,
                    "name": peer.name,
                    **record_fields(records.get(peer.address, PeerRecord())),
                }
                for peer in peers
            ]
        )
    elif action == "list":
        for peer in peers:
            out(_line(peer.name, peer.address, records.get(peer.address)))


def _line(name: str, address: str, record: PeerRecord | None) -> str:
    from pyvcs.cli.text import when_text

    words = [name or "-", address]
    if record is None or record.seen_ms is None:
        words.append("never seen")
    else:
        words.append(f"seen {when_text(record.seen_ms)}")
        words.append(f"behind {record.behind}, ahead {record.ahead}")
    if record is not None and record.error:
        words.append(f"failed {record.failures} times: {record.error}")
    return "\t".join(words)
