"""`baton bench …` measures beside the floor in the same run; `baton eval …` scores beside the simple baseline."""

import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from baton.cli.words import Csv, Figures, Json, answer, done, told, wait

Data = Annotated[
    Path, typer.Option(envvar="BATON_DATA", help="Folder of development data; without its arrivals, invented ones.")
]
Tries = Annotated[
    int, typer.Option(help="Policies to try on the earlier days, beyond those that the first one comes from.")
]

bench = typer.Typer(no_args_is_help=True, help="Measure, beside the floor, in the same run.")
evaluate = typer.Typer(no_args_is_help=True, help="Score on labelled data, beside the simple baseline.")


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


@bench.command("understand")
def bench_understand(
    texts: Annotated[Path | None, typer.Option(help="Turns of customers, one a line, instead of invented ones.")] = None,
    repeats: int = 3, as_json: Json = False,
) -> None:  # fmt: skip
    """Turns a CPU-second that the fast tier understands, one turn alone, and the cascade."""
    measured = _bench("understand")
    began = time.perf_counter()
    figures = done(lambda: measured.bench_understand(texts, repeats, told))
    answer("bench understand", figures, as_json, repeats, began)


@bench.command("routing")
def bench_routing(
    sizes: Annotated[str, typer.Option(help="Waiting x reps, by commas.")] = "100x100,2000x2000,5000x5000,100000x1000",
    repeats: int = 5, offers: Annotated[bool, typer.Option(help="Also time offers through the log.")] = True,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Milliseconds to assign waiting conversations to reps, beside a dense assignment up to 2000x2000, and to an offer."""
    measured = _bench("routing")
    began = time.perf_counter()
    boards = [_size(size) for size in sizes.split(",")]
    answer(
        "bench routing", done(lambda: measured.bench_routing(boards, repeats, offers, told)), as_json, repeats, began
    )


@bench.command("simulate")
def bench_simulate(contacts: int = 1_000_000, repeats: int = 3, as_json: Json = False) -> None:
    """Contacts a CPU-second that the queue's twin simulates, beside SimPy and Ciw, and how far it is from exact Erlang-A."""
    measured = _bench("simulate")
    began = time.perf_counter()
    answer("bench simulate", done(lambda: measured.bench_simulate(contacts, repeats, told)), as_json, contacts, began)


@bench.command("replay")
def bench_replay(contacts: int = 100_000, as_json: Json = False) -> None:
    """Seconds to replay an invented day against a changed policy: simulated, decided again and weighed."""
    measured = _bench("replay")
    began = time.perf_counter()
    answer("bench replay", wait(measured.bench_replay(contacts, told)), as_json, contacts, began)


@bench.command("gate")
def bench_gate(repeats: int = 5, as_json: Json = False) -> None:
    """CPU microseconds of one decision of the gate with a hundred policies, beside reading them for each call."""
    measured = _bench("gate")
    began = time.perf_counter()
    figures = done(lambda: measured.bench_gate(repeats, told))
    answer("bench gate", figures, as_json, int(figures["calls"]) * repeats, began)


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


@evaluate.command("recontact")
def eval_recontact(
    contacts: Annotated[Path | None, typer.Option(help="Contact records with a column `need`, instead of Halcyon Air.")] = None,
    seed: int = 11, days: int = 14, per_day: float = 120.0, as_json: Json = False,
) -> None:  # fmt: skip
    """Whether contacts about the same need are matched: precision and recall, beside same customer whatever the issue."""
    from baton.assembly.scoring.recontact import halcyon, imported

    began = time.perf_counter()
    figures = wait(imported(contacts, told) if contacts else halcyon(seed, days, per_day, told))
    answer("eval recontact", figures, as_json, int(str(figures["returns"])), began)


@evaluate.command("intervals")
def eval_intervals(seed: int = 1, organisations: int = 200, as_json: Json = False) -> None:
    """What intervals promise, on invented organisations of known truth: coverage, false claims, bias of case mix."""
    from baton.assembly.scoring.intervals import intervals

    began = time.perf_counter()
    answer("eval intervals", done(lambda: intervals(seed, organisations, told)), as_json, organisations, began)


@evaluate.command("forecast")
def eval_forecast(
    series: Annotated[Path, typer.Option(exists=True, help="CSV of times and counts, with a header.")],
    cut: Annotated[str, typer.Option(help="The first day that is forecast, as an ISO time.")],
    step: Annotated[str, typer.Option(help="Length of a slot: 5min, 10min, 15min, 30min or 1h.")] = "30min",
    as_json: Json = False,
) -> None:  # fmt: skip
    """Contacts a slot, each day forecast the evening before: error beside what a planner would do by hand, coverage."""
    from baton.assembly.scoring.forecast import forecast

    began = time.perf_counter()
    figures = done(lambda: forecast(series, cut, step))
    answer("eval forecast", figures, as_json, int(str(figures["days"])), began)


@evaluate.command("staffing")
def eval_staffing(seed: int = 1, contacts: int = 2_000_000, teams: int = 4, as_json: Json = False) -> None:
    """Service levels by Erlang-A beside the queue's twin, `contacts` in each cell; weeks of invented teams beside the solver's bound."""
    from baton.assembly.scoring.staffing import staffing
    from baton.assembly.scoring.staffing_weeks import weeks

    began = time.perf_counter()
    figures = done(lambda: {**staffing(seed, contacts, told), **weeks(seed, teams, told)})
    answer("eval staffing", figures, as_json, contacts, began)


@evaluate.command("routing")
def eval_routing(data: Data = Path("../shared/data"), seed: int = 1, tries: Tries = 0, as_json: Json = False) -> None:
    """Wait under the index policy over FIFO by skill, tuned on the earlier days of real arrivals, scored on the later ones."""
    from baton.assembly.scoring.routing import routing

    began = time.perf_counter()
    figures = done(lambda: routing(data, seed, tries, told))
    answer("eval routing", figures, as_json, int(str(figures["contacts"])), began)


@evaluate.command("wellbeing")
def eval_wellbeing(data: Data = Path("../shared/data"), seed: int = 1, tries: Tries = 0, as_json: Json = False) -> None:
    """How evenly hard contacts fall on reps under a fair index policy, and what that and breathers cost in wait."""
    from baton.assembly.scoring.routing import wellbeing

    began = time.perf_counter()
    figures = done(lambda: wellbeing(data, seed, tries, told))
    answer("eval wellbeing", figures, as_json, int(str(figures["contacts"])), began)


@evaluate.command("quotes")
def eval_quotes(seed: int = 1, days: int = 2400, as_json: Json = False) -> None:
    """Whether wait quotes are kept as often as they say, for anybody and for one rep, and how far off they are beside simple rules."""
    from baton.assembly.scoring.quotes import quotes

    began = time.perf_counter()
    figures = done(lambda: quotes(seed, days, told))
    answer("eval quotes", figures, as_json, int(str(figures["n"])), began)


@evaluate.command("breathers")
def eval_breathers(seed: int = 1, runs: int = 1000, as_json: Json = False) -> None:
    """What a breather is said to cost beside what it costs in the queue's twin, over sizes, loads and handle times."""
    from baton.assembly.scoring.breathers import breathers

    began = time.perf_counter()
    answer("eval breathers", done(lambda: breathers(seed, runs, told)), as_json, runs, began)


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
    """Aggressive customers in STAR dialogues, as their reps say; one file twice is cross-fitted."""
    from baton.engines.models.evaluate.aggression import eval_aggression as run

    _scored("aggression", lambda: run(train, test, told), as_json)


@evaluate.command("reported-success")
def eval_reported_success(train: Csv, test: Csv, as_json: Json = False) -> None:
    """Whether STAR's customers say that what they came for was done; one file twice is cross-fitted."""
    from baton.engines.models.evaluate.reported_success import eval_reported_success as run

    _scored("reported-success", lambda: run(train, test, told), as_json)


@evaluate.command("satisfaction")
def eval_satisfaction(test: Csv, as_json: Json = False) -> None:
    """Dissatisfaction turn by turn: lines of role, text, action, scores from 1 to 5 of each customer turn; tabs between."""
    from baton.engines.models.evaluate.satisfaction import eval_satisfaction as run

    _scored("satisfaction", lambda: run(test, told), as_json)


@evaluate.command("resolution")
def eval_resolution(train: Csv, test: Csv, as_json: Json = False) -> None:
    """Whether needs were truly met, on tau conversations with a reward; one file twice is cross-fitted over tasks."""
    from baton.engines.models.evaluate.resolution import eval_resolution as run

    _scored("resolution", lambda: run(train, test, told), as_json)


@evaluate.command("person")
def eval_person(phrases: Csv, ordinary: Csv, as_json: Json = False) -> None:
    """Who asks for a person is offered one; who does not is left alone. One text a line."""
    from baton.engines.models.evaluate.people import eval_person as run

    _scored("person", lambda: run(phrases, ordinary, told), as_json)


@evaluate.command("distress")
def eval_distress(
    test: Annotated[Path | None, typer.Option(help="Lines of text, label, language; the shipped ones if left out.")] = None,
    ordinary: Annotated[Path | None, typer.Option(help="Ordinary turns, one a line.")] = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Grief and distress are heard, by language: lines of text, label (distress, bereavement or none) and language; tabs between."""
    from baton.engines.models.evaluate.distress import UNSEEN
    from baton.engines.models.evaluate.distress import eval_distress as run

    _scored("distress", lambda: run(test or UNSEEN, ordinary, told), as_json)


@evaluate.command("pii")
def eval_pii(test: Csv, as_json: Json = False) -> None:
    """Personal data found in labelled documents: recall, precision, by type, documents with any leak, beside a simple baseline."""
    from baton.engines.models.evaluate.pii import eval_pii as run

    _scored("pii", lambda: run(test, told), as_json)


@evaluate.command("grounding")
def eval_grounding(data: Data = Path("../shared/data"), as_json: Json = False) -> None:
    """Sentences that an article supports against sentences it does not, beside the share of words found in it."""
    from baton.assembly.scoring.grounding.scoring import score

    _scored("grounding", lambda: score(data), as_json)


@evaluate.command("answers")
def eval_answers(questions: Csv, as_json: Json = False) -> None:
    """Plain questions to Halcyon Air's assistant: right, wrong or not found. Lines of question, sections and kind; tabs between."""
    from baton.assembly.scoring.answering.answers import answers

    began = time.perf_counter()
    figures = wait(answers(questions, told))
    answer("eval answers", figures, as_json, sum(int(str(figures[kind])) for kind in ("answer", "none", "do")), began)


@evaluate.command("search")
def eval_search(kb: Csv, questions: Csv, as_json: Json = False) -> None:
    """Articles found for questions, in WorkArena's and tau bank's formats: by words and meaning, beside words alone."""
    from baton.assembly.scoring.answering.search import search

    began = time.perf_counter()
    figures = done(lambda: search(kb, questions, told))
    answer("eval search", figures, as_json, int(str(figures["questions"])), began)


def _size(text: str) -> tuple[int, int]:
    waiting, _, reps = text.partition("x")
    if not (waiting.isdecimal() and reps.isdecimal() and int(waiting) and int(reps)):
        raise typer.BadParameter(f"{text!r} is no size. Write waiting x reps, such as 100x100.")
    return int(waiting), int(reps)


def _bench(name: str) -> Any:
    root = Path(__file__).parents[3]
    if not (root / "bench").is_dir():
        typer.echo("`baton bench` runs from a checkout: clone the repository and run `make setup` there.", err=True)
        raise typer.Exit(1)
    sys.path.insert(0, str(root))
    return import_module(f"bench.{name}")


def _scored(name: str, work: Callable[[], Figures], as_json: bool) -> None:
    began = time.perf_counter()
    answer(f"eval {name}", done(work), as_json, 0, began)
