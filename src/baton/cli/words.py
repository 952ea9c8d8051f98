"""What every command shares: options, progress, figures as a table or as JSON, and errors told in words."""

import asyncio
import csv
import io
import json
import time
from collections.abc import Callable, Coroutine, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from baton.kernel.errors import BatonError
from baton.settings import Settings

R = TypeVar("R")
Figures = Mapping[str, object]

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object as the last line.")]
Home = Annotated[Path | None, typer.Option(help="Folder of the embedded store (BATON_HOME).")]
Port = Annotated[int, typer.Option(help="Port to listen on, at 127.0.0.1.")]
Log = Annotated[str | None, typer.Option("--log", help="`sqlite` or a postgresql:// URL (BATON_LOG).")]
Csv = Annotated[Path, typer.Option(exists=True, help="A file.")]
Wake = Annotated[str | None, typer.Option("--wake", help="`local` or a nats:// URL (BATON_WAKE).")]


def told(line: str) -> None:
    """Progress, on standard error."""
    typer.echo(line, err=True)


def answer(name: str, figures: Figures, as_json: bool, n: int = 0, began: float = 0.0) -> None:
    """Print figures: a table, or one JSON object as the last line."""
    if as_json:
        seconds = round(time.perf_counter() - began, 3) if began else 0.0
        versions = {"baton": version("baton-cx"), "model": _model_version()}
        typer.echo(json.dumps({"name": name, "figures": figures, "n": n, "seconds": seconds, "versions": versions}))
        return
    typer.echo(name)
    for line in _table(figures, ""):
        typer.echo(line)


def _table(figures: Figures, indent: str) -> list[str]:
    lines: list[str] = []
    width = max((len(k) for k in figures), default=0)
    for key, value in figures.items():
        if isinstance(value, Mapping):
            lines += [f"{indent}  {key}", *_table(value, indent + "  ")]
        else:
            lines.append(f"{indent}  {key:<{width}}  {value}")
    return lines


def _model_version() -> str:
    from baton.engines.models.fast import FastTier

    return FastTier().version


def done(work: Callable[[], R]) -> R:
    """Run a command's work; an expected failure says what to do next and exits with 1."""
    try:
        return work()
    except BatonError as error:
        typer.echo(f"{error.message}", err=True)
        raise typer.Exit(1) from None


def wait(work: Coroutine[Any, Any, R]) -> R:
    """Run a coroutine to its end."""
    return done(lambda: asyncio.run(work))


def settings_of(home: Path | None, log: str | None, wake: str | None, **more: object) -> Settings:
    """Settings of the environment, with what the command was given on top."""
    given = {"home": home, "log": log, "wake": wake, **more}
    return Settings().model_copy(update={k: v for k, v in given.items() if v is not None})


def aligned(rows: list[dict[str, object]]) -> str:
    """Rows as columns of text."""
    if not rows:
        return "Nothing is in the log yet. `baton import` loads conversations, `baton demo` makes invented ones.\n"
    names = list(rows[0])
    lines = [names, *([_cell(r[n]) for n in names] for r in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "".join("  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)).rstrip() + "\n" for line in lines)


def _cell(value: object) -> str:
    """A fraction with at most four digits behind the point: what is behind them is less than chance."""
    return f"{value:.4f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def separated(rows: list[dict[str, object]]) -> str:
    """Rows as CSV."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]) if rows else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
