"""`pyvcs token`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pyvcs.cli.output import out, out_json, say
from pyvcs.cli.session import Session, pass_session

if TYPE_CHECKING:
    from pyvcs.cli.shapes import Shape
    from pyvcs.server.tokens import Token


@click.group("token")
def command() -> None:
    """Make, list and revoke the tokens that `pyvcs serve --http` asks for.

    \b
    Example:
      pyvcs token add laptop
    """


@command.command("add")
@click.argument("name")
@click.option("--see", multiple=True, metavar="PATTERN", help="Branches to see (all by default).")
@click.option("--move", multiple=True, metavar="PATTERN", help="Branches to move (all by default).")
@click.option("--read-only", is_flag=True, help="It moves nothing.")
@click.option("--days", type=click.IntRange(1, 36_500), help="It expires after so many days.")
@click.option("--json", "as_json", is_flag=True, help="Print the token as JSON.")
@pass_session
def add(
    session: Session,
    name: str,
    see: tuple[str, ...],
    move: tuple[str, ...],
    read_only: bool,
    days: int | None,
    as_json: bool,
) -> None:
    """Make a token called NAME, and print its secret, once.

    Patterns are those of file names, and a star crosses slashes: `topic/*`. A tag is `tag:NAME`.

    \b
    Example:
      pyvcs token add laptop --see '*' --move 'topic/*' --days 90
    """
    from pyvcs.server.tokens import TokenStore
    from pyvcs.sync.rights import EVERYTHING, Rights

    if read_only and move:
        raise click.UsageError("--read-only and --move exclude each other")
    repository = session.repository
    rights = Rights(see or EVERYTHING, () if read_only else move or EVERYTHING)
    now_ms = repository.now_ms()
    token, secret = TokenStore(repository.backend).add(
        name,
        rights,
        now_ms=now_ms,
        expires_ms=None if days is None else now_ms + days * 86_400_000,
    )
    if as_json:
        out_json({**_shape(token), "secret": secret})
        return
    out(secret)
    say("This is shown once. The caller shows it by PYVCS_TOKEN, or keeps it with")
    say("`pyvcs config remote.NAME.token TOKEN`.")


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print the tokens as JSON.")
@pass_session
def list_tokens(session: Session, as_json: bool) -> None:
    """List the tokens; their secrets are kept nowhere.

    \b
    Example:
      pyvcs token list
    """
    from pyvcs.cli.text import when_text
    from pyvcs.server.tokens import TokenStore

    tokens = TokenStore(session.repository.backend).all()
    if as_json:
        out_json([_shape(token) for token in tokens])
        return
    for token in tokens:
        moves = " ".join(token.rights.move) or "nothing"
        until = "" if token.expires_ms is None else f"\tuntil {when_text(token.expires_ms)}"
        out(f"{token.name}\tsees {' '.join(token.rights.see)}\tmoves {moves}{until}")


@command.command("revoke")
@click.argument("name")
@pass_session
def revoke(session: Session, name: str) -> None:
    """Make a token useless: requests that begin after this are refused.

    \b
    Example:
      pyvcs token revoke laptop
    """
    from pyvcs.server.tokens import TokenStore

    TokenStore(session.repository.backend).revoke(name)


def _shape(token: Token) -> Shape:
    return {
        "name": token.name,
        "see": list(token.rights.see),
        "move": list(token.rights.move),
        "created": token.created_ms,
        "expires": token.expires_ms,
    }
