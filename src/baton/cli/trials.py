"""`baton scenario run` and `baton trace`: a version of an agent is tried, and what one did is shown."""

import time
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from baton.cli.words import Home, Json, Log, answer, settings_of, wait

scenario = typer.Typer(no_args_is_help=True, help="Try a version of an AI agent by scenarios.")


@scenario.command("run")
def scenario_run(
    path: Annotated[Path | None, typer.Argument(exists=True, help="A scenario file or a folder of them; by default those in force in the home, or Halcyon Air's.")] = None,
    agent: Annotated[str, typer.Option(help="The version, such as assistant@42; by default the first agent's.")] = "",
    home: Home = None, log: Log = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Run scenarios through the real loop, each on a log of its own. Exit code 1 where one fails."""
    from baton.assembly.trials.asked import scenarios_run

    began = time.perf_counter()
    label, results = wait(scenarios_run(settings_of(home, log, None), path, agent))
    failed = [each for each in results if each.wrong]
    if as_json:
        figures = {"version": label, "passed": len(results) - len(failed), "failed": len(failed), "scenarios": {each.id: list(each.wrong) for each in results}}  # fmt: skip
        answer("scenario run", figures, True, len(results), began)
    else:
        typer.echo(f"{label}: {len(results) - len(failed)} of {len(results)} scenarios pass")
        for each in results:
            typer.echo(f"  {'failed' if each.wrong else 'passed'}  {each.id}  {each.turns} turns, {each.cost_micros / 10_000:.1f} ct")  # fmt: skip
            for wrong in each.wrong:
                typer.echo(f"          {wrong}")
    raise typer.Exit(1 if failed else 0)


def trace(
    id: Annotated[str, typer.Argument(help="A conversation.")],
    content: Annotated[bool, typer.Option("--content", help="With what was said, personal values hidden.")] = False,
    home: Home = None, log: Log = None, as_json: Json = False,
) -> None:  # fmt: skip
    """What agents did in a conversation, as OpenTelemetry spans: a tree with times, costs and what was judged, or JSON."""
    from baton.assembly.trials.asked import lines_of, trace_of

    began = time.perf_counter()
    spans, results = wait(trace_of(settings_of(home, log, None), id, content))
    if as_json:
        told = [{"trace": r.trace, "span": r.span, "at_ms": r.at_ms, "attributes": r.attributes} for r in results]
        answer("trace", {"spans": msgspec.to_builtins(spans), "evaluations": told}, True, len(spans), began)
        return
    typer.echo("\n".join(lines_of(spans, results)) or "No agent did anything in this conversation.")
