"""Many objects from one repository on this disk to another: in blocks, as a talk brings them.

They are not thin: no byte travels, and to make such blocks and open them takes time at both ends.
What came is kept aside when the process is interrupted, for the next try to go on from.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, nullcontext

from pyvcs.objects.oid import Oid
from pyvcs.refs import Refs
from pyvcs.replica import BYTES, Progress, Replica
from pyvcs.sync.blocks import short
from pyvcs.sync.giving import blocks_to_give
from pyvcs.sync.joining import commits_here, heads_of
from pyvcs.sync.receiving import intake_of, publish
from pyvcs.sync.report import Received
from pyvcs.sync.taking import Intake

Reading = Callable[[], AbstractContextManager[None]]
"""Makes a context in which blocks are read: it says whose faults there are."""


def receive_blocks(
    receiver: Replica,
    giver: Replica,
    theirs: Refs,
    common: Collection[Oid],
    *,
    progress: Progress,
    reading: Reading = nullcontext,
    worktree: bool = True,
    merge: bool = True,
) -> Received:
    """Take in what `theirs` reach and `common` do not, as `receiving.receive` does.

    `progress` is told how many bytes came.
    """
    count = 0
    with intake_of(receiver) as intake:
        for block in _blocks(giver, intake, theirs, common, reading):
            intake.add(block)
            count += len(block)
            progress(BYTES, count)
        return publish(receiver, intake, theirs, worktree=worktree, merge=merge)


def _blocks(
    giver: Replica, intake: Intake, theirs: Refs, common: Collection[Oid], reading: Reading
) -> Iterator[bytes]:
    held = intake.partial.tops()
    with reading():
        yield from blocks_to_give(
            giver.store,
            giver.history,
            wants=list(heads_of(theirs)),
            common=[*common, *commits_here(giver.store, held)],
            held=[short(oid) for oid in held],
            thin=False,
            progress=giver.progress,
        )
