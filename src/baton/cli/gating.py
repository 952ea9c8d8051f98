"""`baton eval gate`: a planner that obeys every planted order, and what the gate lets through of it."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from baton.cli.words import Figures, Json, answer, done, told, wait


def eval_gate(
    suite: Annotated[str, typer.Option(help="`agentdojo`: its 949 pairs; `own`: 300 invented pairs of a contact centre; `tau`: two companies' policies over their development tasks.")] = "own",
    data: Annotated[Path, typer.Option(envvar="BATON_DATA", help="Folder of development data, for `tau`.")] = Path("../shared/data"),
    only: Annotated[str, typer.Option(help="Suites of AgentDojo or families of attack, by commas; all where none is named.")] = "",
    as_json: Json = False,
) -> None:  # fmt: skip
    """Unauthorised effects and utility under a planner that was taken over, beside no gate and a list of tool names."""
    began = time.perf_counter()
    names = [name.strip() for name in only.split(",") if name.strip()]
    figures = _tau(data) if suite == "tau" else done(lambda: _suite(suite)(names, told))
    answer("eval gate", figures, as_json, int(str(figures["pairs"])), began)


def _tau(data: Path) -> Figures:
    if not (data / "tau").is_dir():
        raise typer.BadParameter(f"There is no folder `tau` in {data}. Set BATON_DATA to the development data.")
    from baton.assembly.scoring.tau.scoring import score

    figures = wait(score(data))
    return {**figures, "pairs": sum(int(str(each["deny_cases"])) for each in figures.values() if "deny_cases" in each)}


def _suite(name: str) -> Callable[[Sequence[str], Callable[[str], None]], Figures]:
    if name == "agentdojo":
        from baton.assembly.scoring.gate.suites import agentdojo

        return agentdojo
    if name != "own":
        raise typer.BadParameter(f"{name!r} is no suite. Suites: agentdojo, own, tau.")
    from baton.assembly.scoring.gate.pairs import own

    return own
