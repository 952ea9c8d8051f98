"""The command line: `baton …`. What each command takes and prints is in docs/reference/commands.md."""

import os
import time
from pathlib import Path
from typing import Annotated

import typer

from baton.cli.audit import audit
from baton.cli.gating import eval_gate
from baton.cli.measuring import bench, evaluate
from baton.cli.trials import scenario, trace
from baton.cli.words import Home, Json, Log, Port, Wake, aligned, answer, done, separated, settings_of, told, wait

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Customers served by people and AI, on one log.",
)
export = typer.Typer(no_args_is_help=True, help="Take conversations out.")
new = typer.Typer(no_args_is_help=True, help="Write the start of something.")
for name, part in (
    ("audit", audit),
    ("bench", bench),
    ("eval", evaluate),
    ("export", export),
    ("new", new),
    ("scenario", scenario),
):
    app.add_typer(part, name=name)
evaluate.command("gate")(eval_gate)
app.command("trace")(trace)


@app.command()
def start(
    port: Port = 8000, home: Home = None, log: Log = None, wake: Wake = None,
    web: Annotated[bool, typer.Option("--web", help="Serve only; `baton work` works the lanes.")] = False,
) -> None:  # fmt: skip
    """Serve: the product, in one process. With --web it works no lanes itself."""
    from baton.assembly.serving import serve

    done(lambda: serve(settings_of(home, log, wake, port=port, lanes="" if web else None), typer.echo))


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

    settings = settings_of(home or Path(os.environ.get("BATON_HOME", "halcyon-home")), None, None, port=port)
    done(lambda: serve_demo(settings, fresh, traffic, history_days, open_page, as_json, typer.echo))


@app.command()
def account(
    email: Annotated[str, typer.Argument(help="The address to sign in with.")],
    role: Annotated[str, typer.Option(help="rep, supervisor, analyst, planner, knowledge_manager, admin or integration.")] = "admin",
    name: Annotated[str, typer.Option(help="The name that others see; empty: the address before the @.")] = "",
    home: Home = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Let somebody sign in, or give their account another role and a new password. The password is printed once."""
    from baton.assembly.accounts import make_account

    made = done(lambda: make_account(settings_of(home, None, None), email, role, name))
    answer("account", made, as_json, 1)


@app.command()
def work(
    lanes: Annotated[str, typer.Option(help="Lanes to work, such as 0-15.")] = "0-63",
    home: Home = None, log: Log = None, wake: Wake = None,
) -> None:  # fmt: skip
    """Work lanes: understand, decide, act and measure what others append."""
    from baton.assembly.serving import work_lanes

    wait(work_lanes(settings_of(home, log, wake, lanes=lanes), typer.echo))


@app.command("import")
def import_(
    kind: Annotated[str, typer.Argument(help="star, tau, vcon, csv or contacts; hr or training; procedures.")],
    path: Annotated[Path, typer.Argument(help="A file or a folder.")],
    home: Home = None, log: Log = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Load real conversations into the log. The same file twice changes nothing."""
    from baton.assembly.commands import import_into

    began = time.perf_counter()
    report = wait(import_into(settings_of(home, log, None), kind, path, told))
    answer(
        f"import {kind}",
        report,
        as_json,
        int(str(report.get("conversations", report.get("rows", report.get("procedures", 0))))),
        began,
    )


@export.command("vcon")
def export_vcon(
    folder: Path, home: Home = None, log: Log = None, as_json: Json = False,
    since: Annotated[str, typer.Option(help="ISO date: conversations that began on it or later.")] = "",
    hide_personal: Annotated[bool, typer.Option("--hide-personal", help="Names, addresses, numbers and the like give way to their kind.")] = False,
    purpose: Annotated[str, typer.Option("--for", help="What it is for: service, analytics, training or outreach. Who may not be used for it is left out.")] = "service",
) -> None:  # fmt: skip
    """Write every conversation as a strict vCon (core-03 and the contact-centre extension)."""
    from baton.assembly.commands import export_vcons

    began = time.perf_counter()
    report = wait(export_vcons(settings_of(home, log, None), folder, since, hide_personal, purpose, told))
    answer("export vcon", {**report, "folder": str(folder)}, as_json, int(str(report["conversations"])), began)


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
    rows = wait(read_metrics(settings_of(home, log, None), names or [], by))
    if as_json:
        answer("metrics", {"rows": rows}, True, len(rows), began)
    else:
        typer.echo(separated(rows) if csv else aligned(rows), nl=False)


@app.command()
def replay(
    since: Annotated[str, typer.Option("--from", help="First day or moment, ISO; UTC where no offset is given.")],
    until: Annotated[str, typer.Option("--to", help="Last day, or the moment before which it ends.")],
    change: Annotated[Path, typer.Option(exists=True, help="What would be changed, in TOML or JSON; see docs/howto/replay.md.")],
    seed: int = 1,
    decisions: Annotated[int, typer.Option(min=0, help="Conversations decided again, at most.")] = 2000,
    home: Home = None, log: Log = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Run past traffic against a changed policy: the difference, how each line is known, and what cannot be known."""
    from baton.assembly.replaying import in_words, replayed

    began = time.perf_counter()
    figures = wait(replayed(settings_of(home, log, None), since, until, change, seed, decisions, told))
    if as_json:
        answer("replay", figures, True, int(str(figures["contacts"])), began)
    else:
        typer.echo("\n".join(in_words(figures)))


@app.command()
def explain(id: str, home: Home = None, log: Log = None) -> None:
    """Why each decision was taken, and what it beat. ID is a conversation, a stream or a position."""
    from baton.assembly.commands import explain_in_words

    for line in wait(explain_in_words(settings_of(home, log, None), id)):
        typer.echo(line)


@app.command()
def doctor(home: Home = None, log: Log = None, as_json: Json = False) -> None:
    """What is wrong here, and what to do about it."""
    from baton.assembly.doctor import examine

    answer("doctor", wait(examine(settings_of(home, log, None))), as_json)


@app.command()
def train(
    name: Annotated[str, typer.Argument(help="Which head: fast, slow, resolution, hearing or pii.")],
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


@new.command("capability")
def new_capability(name: str, trend: Annotated[str, typer.Option(help="1 to 15, U or base.")] = "U") -> None:
    """Write card, event, test and scene of a new capability; nothing else is edited."""
    from baton.assembly.beginnings import begin_capability

    for path in done(lambda: begin_capability(name, trend, Path.cwd())):
        typer.echo(path)
