"""The command line: `baton …`. What each command takes and prints is in docs/reference/commands.md."""

import asyncio
import json
import os
import sys
import time
from collections.abc import Callable, Coroutine, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from baton.kernel.errors import BatonError

R = TypeVar("R")
Figures = Mapping[str, object]

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Customers served by people and AI, on one log.",
)
bench = typer.Typer(no_args_is_help=True, help="Measure, beside the floor, in the same run.")
evaluate = typer.Typer(no_args_is_help=True, help="Score on labelled data, beside the simple baseline.")
export = typer.Typer(no_args_is_help=True, help="Take conversations out.")
new = typer.Typer(no_args_is_help=True, help="Write the start of something.")
for name, part in (("bench", bench), ("eval", evaluate), ("export", export), ("new", new)):
    app.add_typer(part, name=name)

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


@app.command()
def start(
    port: Port = 8000, home: Home = None, log: Log = None, wake: Wake = None,
    web: Annotated[bool, typer.Option("--web", help="Serve only; `baton work` works the lanes.")] = False,
) -> None:  # fmt: skip
    """Serve: the product, in one process. With --web it works no lanes itself."""
    from baton.assembly.serving import serve

    done(lambda: serve(_settings(home, log, wake, port=port, lanes="" if web else None), typer.echo))


@app.command()
def demo(
    port: Port = 8000, home: Home = None,
    fresh: Annotated[bool, typer.Option(help="Begin again with an empty log.")] = False,
    traffic: Annotated[bool, typer.Option("--traffic/--no-traffic", help="Invented customers and reps at work.")] = True,
    history_days: Annotated[int, typer.Option(help="Days of invented history that fill in.")] = 30,
    open_page: Annotated[bool, typer.Option("--open", help="Open a browser.")] = False,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Halcyon Air, an invented airline: a month of history and live traffic. Prints `ready URL` when it serves."""
    from baton.assembly.demo import serve_demo

    settings = _settings(home or Path(os.environ.get("BATON_HOME", "halcyon-home")), None, None, port=port)
    done(lambda: serve_demo(settings, fresh, traffic, history_days, open_page, as_json, typer.echo))


@app.command()
def work(
    lanes: Annotated[str, typer.Option(help="Lanes to work, such as 0-15.")] = "0-63",
    home: Home = None, log: Log = None, wake: Wake = None,
) -> None:  # fmt: skip
    """Work lanes: understand, decide, act and measure what others append."""
    from baton.assembly.serving import work_lanes

    wait(work_lanes(_settings(home, log, wake, lanes=lanes), typer.echo))


@app.command("import")
def import_(
    kind: Annotated[str, typer.Argument(help="star, tau, vcon, csv or contacts.")],
    path: Annotated[Path, typer.Argument(help="A file or a folder.")],
    home: Home = None, log: Log = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Load real conversations into the log. The same file twice changes nothing."""
    from baton.assembly.commands import import_into

    began = time.perf_counter()
    report = wait(import_into(_settings(home, log, None), kind, path, told))
    answer(f"import {kind}", report, as_json, int(str(report["conversations"])), began)


@export.command("vcon")
def export_vcon(
    folder: Path, home: Home = None, log: Log = None, as_json: Json = False,
    since: Annotated[str, typer.Option(help="ISO date: conversations that began on it or later.")] = "",
) -> None:  # fmt: skip
    """Write every conversation as a strict vCon (core-03 and the contact-centre extension)."""
    from baton.assembly.commands import export_vcons

    began = time.perf_counter()
    count = wait(export_vcons(_settings(home, log, None), folder, since, told))
    answer("export vcon", {"conversations": count, "folder": str(folder)}, as_json, count, began)


@app.command()
def metrics(
    names: Annotated[list[str] | None, typer.Argument(help="Metric ids; all where none is named.")] = None,
    by: Annotated[str, typer.Option(help="rep, agent, queue, intent, channel, complexity, source.")] = "",
    csv: Annotated[bool, typer.Option("--csv", help="Comma-separated rows.")] = False,
    home: Home = None, log: Log = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Any metric of the registry over what is in the log, with its interval and its number of rows."""
    from baton.assembly.commands import read_metrics

    began = time.perf_counter()
    rows = wait(read_metrics(_settings(home, log, None), names or [], by))
    if as_json:
        answer("metrics", {"rows": rows}, True, len(rows), began)
    else:
        typer.echo(_separated(rows) if csv else _aligned(rows), nl=False)


@app.command()
def explain(id: str, home: Home = None, log: Log = None) -> None:
    """Why each decision was taken, and what it beat. ID is a conversation, a stream or a position."""
    from baton.assembly.commands import explain_in_words

    for line in wait(explain_in_words(_settings(home, log, None), id)):
        typer.echo(line)


@app.command()
def doctor(home: Home = None, log: Log = None, as_json: Json = False) -> None:
    """What is wrong here, and what to do about it."""
    from baton.assembly.doctor import examine

    answer("doctor", wait(examine(_settings(home, log, None))), as_json)


@app.command()
def train(
    name: Annotated[str, typer.Argument(help="Which head: fast or slow.")],
    data: Annotated[Path, typer.Option(envvar="BATON_DATA", help="Folder of development data.")] = Path("../shared/data"),
    out: Annotated[Path | None, typer.Option(help="Where the weights go.")] = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Fit a head on labelled data; writes weights and a card, the same bytes each time."""
    from baton.engines.models.fast import WEIGHTS
    from baton.engines.models.train import HEADS
    from baton.engines.models.train import train as fit

    if name not in HEADS:
        raise typer.BadParameter(f"{name!r} is no head. Heads: {', '.join(HEADS)}.")
    began = time.perf_counter()
    card = done(lambda: fit(HEADS[name], data, out or WEIGHTS.parent, told))
    answer(f"train {name}", card.figures, as_json, 0, began)


@bench.command("turns")
def bench_turns(
    concurrency: str = "1,50,500", seconds: float = 3.0, log: str = "sqlite", repeats: int = 5, as_json: Json = False
) -> None:
    """A turn posted, understood, decided, answered and seen, over HTTP, beside the durable floor."""
    measured = _bench("turns")
    began = time.perf_counter()
    counts = tuple(int(c) for c in concurrency.split(","))
    answer(
        "bench turns", done(lambda: measured.bench_turns(counts, seconds, log, repeats, told)), as_json, repeats, began
    )


@bench.command("log")
def bench_log(
    batch: str = "1,16,256", log: str = "sqlite", seconds: float = 1.0, repeats: int = 5, as_json: Json = False
) -> None:
    """Durable appends a second against the bare store's group-commit limit."""
    measured = _bench("log")
    began = time.perf_counter()
    sizes = tuple(int(b) for b in batch.split(","))
    answer("bench log", wait(measured.bench_log(log, sizes, seconds, repeats)), as_json, repeats, began)


@bench.command("start")
def bench_start(repeats: int = 3, as_json: Json = False) -> None:
    """Seconds to the first served page, and resident megabytes."""
    measured = _bench("start")
    began = time.perf_counter()
    answer("bench start", done(lambda: measured.bench_start(repeats)), as_json, repeats, began)


@evaluate.command("star-metrics")
def eval_star_metrics(data: Path, out: Path = Path("star-metrics.csv"), as_json: Json = False) -> None:
    """AI suggestions requested, picked and replaced by own words, per rep, as CSV and figures."""
    from baton.assembly.commands import star_metrics

    began = time.perf_counter()
    figures = wait(star_metrics(data, out, told))
    answer("eval star-metrics", figures, as_json, int(str(figures["reps"])), began)


@evaluate.command("intent")
def eval_intent(
    train: Csv, test: Csv, out_of_scope: Annotated[str | None, typer.Option(help="Label of what is out of scope.")] = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Intent on labelled texts: accuracy, calibration, abstentions, out-of-scope AUROC."""
    from baton.engines.models.evaluate.intents import eval_intent as run

    _scored("intent", lambda: run(train, test, out_of_scope, told), as_json)


@evaluate.command("intent-fewshot")
def eval_intent_fewshot(train: Csv, test: Csv, shots: int = 10, repeats: int = 5, as_json: Json = False) -> None:
    """Intent from a few examples of each, drawn anew `repeats` times."""
    from baton.engines.models.evaluate.intents import eval_intent_fewshot as run

    _scored("intent-fewshot", lambda: run(train, test, shots, repeats, told), as_json)


@evaluate.command("frustration")
def eval_frustration(train: Csv, test: Csv, as_json: Json = False) -> None:
    """Frustration on texts in GoEmotions format."""
    from baton.engines.models.evaluate.feelings import eval_frustration as run

    _scored("frustration", lambda: run(train, test, told), as_json)


@evaluate.command("aggression")
def eval_aggression(train: Csv, test: Csv, as_json: Json = False) -> None:
    """Aggressive customers in STAR dialogues."""
    from baton.engines.models.evaluate.feelings import eval_aggression as run

    _scored("aggression", lambda: run(train, test, told), as_json)


@evaluate.command("person")
def eval_person(phrases: Csv, ordinary: Csv, as_json: Json = False) -> None:
    """Who asks for a person is offered one; who does not is left alone. One text a line."""
    from baton.engines.models.evaluate.people import eval_person as run

    _scored("person", lambda: run(phrases, ordinary, told), as_json)


@evaluate.command("pii")
def eval_pii(test: Csv, as_json: Json = False) -> None:
    """Personal data found in labelled documents: recall, precision, by type, documents with any leak."""
    from baton.engines.models.evaluate.people import eval_pii as run

    _scored("pii", lambda: run(test, told), as_json)


@new.command("capability")
def new_capability(name: str, trend: Annotated[str, typer.Option(help="1 to 15, U or base.")] = "U") -> None:
    """Write card, event, test and scene of a new capability; nothing else is edited."""
    from baton.assembly.beginnings import begin_capability

    for path in done(lambda: begin_capability(name, trend, Path.cwd())):
        typer.echo(path)


def _scored(name: str, work: Callable[[], Figures], as_json: bool) -> None:
    began = time.perf_counter()
    answer(f"eval {name}", done(work), as_json, 0, began)


def _settings(home: Path | None, log: str | None, wake: str | None, **more: object) -> Any:
    from baton.settings import Settings

    given = {"home": home, "log": log, "wake": wake, **more}
    return Settings().model_copy(update={k: v for k, v in given.items() if v is not None})


def _bench(name: str) -> Any:
    from importlib import import_module

    root = Path(__file__).parents[2]
    if not (root / "bench").is_dir():
        typer.echo("`baton bench` runs from a checkout: clone the repository and run `make setup` there.", err=True)
        raise typer.Exit(1)
    sys.path.insert(0, str(root))
    return import_module(f"bench.{name}")


def _aligned(rows: list[dict[str, object]]) -> str:
    if not rows:
        return "Nothing is in the log yet. `baton import` loads conversations, `baton demo` makes invented ones.\n"
    names = list(rows[0])
    widths = [max(len(n), *(len(str(r[n])) for r in rows)) for n in names]
    lines = [names, *([str(r[n]) for n in names] for r in rows)]
    return "".join("  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)).rstrip() + "\n" for line in lines)


def _separated(rows: list[dict[str, object]]) -> str:
    import csv
    import io

    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]) if rows else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


if __name__ == "__main__":
    app()
