"""`baton audit …`: verify a log against its signed heads, export it for somebody else to verify, seal it now."""

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from baton.cli.words import Home, Json, Log, answer, done, settings_of, wait
from baton.kernel.errors import BatonError

audit = typer.Typer(no_args_is_help=True, help="Show that the log is what it was.")


@audit.command("verify")
def audit_verify(
    path: Annotated[Path, typer.Argument(help="A home folder, its log.db, or a folder that `baton audit export` wrote.")],
    heads: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="Heads published elsewhere, or listed by a witness.")] = None,
    key: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="The public key, kept elsewhere (audit.pub).")] = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Whether every entry is as it was signed. Give heads and key that are kept elsewhere, to see what an owner did too."""
    from baton.engines.audit.verify import verify

    began = time.perf_counter()
    figures = done(lambda: _told(lambda: verify(path, heads, key)))
    answer("audit verify", figures, as_json, int(str(figures["entries"])), began)


@audit.command("export")
def audit_export(folder: Path, home: Home = None, log: Log = None, as_json: Json = False) -> None:
    """Write entries (ciphertext), heads and public key as files that `baton audit verify` reads."""
    from baton.assembly.sealed import export_to

    began = time.perf_counter()
    figures = wait(export_to(settings_of(home, log, None), folder))
    answer("audit export", figures, as_json, int(str(figures["entries"])), began)


@audit.command("seal")
def audit_seal(home: Home = None, log: Log = None, as_json: Json = False) -> None:
    """Seal what is in the log now, sign a head and publish it. A Baton that runs does so by itself."""
    from baton.assembly.sealed import seal_now

    began = time.perf_counter()
    figures = wait(seal_now(settings_of(home, log, None)))
    answer("audit seal", figures, as_json, int(str(figures["entries"])), began)


def _told(work: Callable[[], dict[str, object]]) -> dict[str, object]:
    """What a file that cannot be read says, said in words."""
    try:
        return work()
    except (OSError, ValueError, sqlite3.Error) as error:
        raise BatonError("unreadable_log", 422, f"{error}") from error
