"""`pyvcs serve`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from pyvcs.cli.completing import folders
from pyvcs.cli.declaring import SECONDS
from pyvcs.cli.session import Session, pass_session

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    F = TypeVar("F", bound=Callable[..., Any])


def _setting(name: str, default: float, words: str) -> Callable[[F], F]:
    """An option for a number that is more than 0: of seconds, or a count."""
    kind = SECONDS.for_click() if isinstance(default, float) else click.IntRange(min=1)
    return click.option(name, type=kind, default=default, show_default=True, help=words)


@click.command("serve")
@click.argument("directory", default=".", shell_complete=folders)
@click.option("--stdio", is_flag=True, help="Talk on standard input and output.")
@click.option("--http", metavar="HOST:PORT", help="Answer HTTP there; port 0 takes a free one.")
@click.option("--read-only", is_flag=True, help="With --stdio: refuse what callers give.")
@click.option("--public-read", is_flag=True, help="Let callers without a token read.")
@click.option("--tls-cert", metavar="FILE", help="The certificate, in PEM: answer HTTPS.")
@click.option("--tls-key", metavar="FILE", help="Its key, if it is not in the same file.")
@click.option("--peer", "peers", metavar="URL", multiple=True, help="Keep in step with a replica.")
@click.option("--advertise", metavar="URL", help="Tell the peers that this server is there.")
@_setting("--every", 5.0, "Mean seconds between meetings.")
@_setting("--max-body", 4096, "MiB of one request.")
@_setting("--max-rate", 600, "Requests a minute of an address.")
@_setting("--idle", 30.0, "Seconds a caller may be silent.")
@pass_session
def command(
    session: Session,
    directory: str,
    stdio: bool,
    http: str | None,
    read_only: bool,
    public_read: bool,
    tls_cert: str | None,
    tls_key: str | None,
    peers: tuple[str, ...],
    advertise: str | None,
    every: float,
    max_body: int,
    max_rate: int,
    idle: float,
) -> None:
    """Let other replicas sync with the repository in DIRECTORY.

    `pyvcs sync ssh://HOST/PATH` runs this with --stdio on HOST. With --http it is a server until
    Ctrl-C, and prints its address; callers show a token (`pyvcs token add`). With --peer it also
    meets its peers at random, and those that they know, so that all of them keep in step. See
    docs/serving.md.

    \b
    Example:
      pyvcs serve --http 127.0.0.1:8080 --public-read /srv/notes
    """
    folder = session.beside(directory)
    if stdio == (http is not None):
        raise click.UsageError("say either --stdio or --http HOST:PORT")
    if http is None:
        _serve_pipe(folder, read_only=read_only)
        return
    from pyvcs.cli.serving import Gossiping, serve_http
    from pyvcs.server.limits import Limits
    from pyvcs.server.running import Tls

    if tls_key is not None and tls_cert is None:
        raise click.UsageError("--tls-key belongs to --tls-cert")
    limits = Limits(body_bytes=max_body * 1024**2, per_minute=max_rate, idle_seconds=idle)
    tls = None if tls_cert is None else Tls(tls_cert, tls_key)
    gossiping = Gossiping(peers, advertise, every) if peers or advertise else None
    serve_http(folder, http, limits=limits, tls=tls, public_read=public_read, gossiping=gossiping)


def _serve_pipe(folder: str, *, read_only: bool) -> None:
    from pyvcs.objects.errors import PyvcsError
    from pyvcs.repository import Repository
    from pyvcs.sync.failures import failure_of
    from pyvcs.sync.rights import ALL_RIGHTS, READ_ONLY
    from pyvcs.sync.session import Role
    from pyvcs.sync.session import Session as Talk
    from pyvcs.sync.transports.pipe import serve_pipe, write_all

    incoming, outgoing = sys.stdin.fileno(), sys.stdout.fileno()
    try:
        repository = Repository.open(folder, search=False)
    except PyvcsError as error:
        write_all(outgoing, Talk(Role.ANSWERER).send(failure_of(error)))
        raise
    rights = READ_ONLY if read_only else ALL_RIGHTS
    serve_pipe(repository, incoming, outgoing, rights=rights)
