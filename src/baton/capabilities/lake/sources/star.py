"""STAR: people who served customers with an AI suggestion tool beside them (Mosig, Mehri and Kober 2020).

Each dialogue is a need of its own: its customer was given a scenario. What the customer answered afterwards is the stated
outcome; "no" is a correct refusal where the scenario's happy path was closed.
"""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from baton.capabilities.lake.events import Labelled, ToolCalled
from baton.capabilities.lake.sources.files import lines, opened
from baton.capabilities.lake.sources.history import Conversation, Moment, Names, Skipped, conversation, label_of, where
from baton.capabilities.lake.sources.lenient import Record, listed, nested, text
from baton.capabilities.performance.events import SuggestionRequested, SuggestionUsed
from baton.capabilities.routing.events import Assigned
from baton.kernel.conversation import Ended, Started, TurnSaid
from baton.kernel.events import Event

SOURCE = "star"
SUFFIXES = (".jsonl",)
_MANNER = ("calm", "enjoy")
_SAID_OF_CUSTOMER = {"aggressive": "aggressive", "confused": "confused", "change": "changed_mind"}


def read(path: Path, names: Names) -> Iterator[Conversation | Skipped]:
    """The dialogues of one file, one a line."""
    file = opened(path)
    for row, line in lines(file):
        try:
            dialogue = msgspec.json.decode(line)
        except msgspec.DecodeError:
            yield Skipped("the line is not whole JSON", where(path, row))
            continue
        yield _conversation(dialogue, names, where(path, row))
    if file.cut:
        yield Skipped("the file ends early", path.name)


def _conversation(dialogue: Record, names: Names, at: str) -> Conversation | Skipped:
    external, events = text(dialogue, "DialogueID"), listed(dialogue, "Events")
    if not external or not events:
        return Skipped("no DialogueID or no Events", at)
    rep = names.rep(text(dialogue, "AnonymizedWizardWorkerID"))
    customer = names.customer(text(dialogue, "AnonymizedUserWorkerID"))
    told = list(_moments(events, rep))
    turns = sum(isinstance(e, TurnSaid) for m in told for e in m.events)
    times = [int(at_s) * 1000 for e in events if isinstance(at_s := e.get("UnixTime"), int | float)]
    if not times:
        return Skipped("no times", at)
    first, last = min(times), max(times)
    queue = label_of(next(iter(_strings(nested(dialogue, "Scenario"), "Domains")), ""))
    begun = Started(customer=customer, origin="imported", source=SOURCE, queue=queue, language="en")
    start = (begun, Assigned(rep, "", 0, queue)) if rep else (begun,)
    complete = text(dialogue, "CompletionLevel") == "Complete"
    end = (*_labels(dialogue, external), Ended("imported" if complete else "abandoned", rep))
    moments = [Moment(first, start), *told, Moment(last, end)]
    return conversation(SOURCE, names.stream(SOURCE, external), customer, moments, turns)


def _moments(events: list[Record], rep: str) -> Iterator[Moment]:
    queries: list[Event] = []
    asked, at_ms = 0, 0
    for event in events:
        seconds = event.get("UnixTime")
        at_ms = max(at_ms, int(seconds) * 1000 if isinstance(seconds, int | float) else 0)
        who, action, said = text(event, "Agent"), text(event, "Action"), text(event, "Text")
        if who == "User" and action == "utter" and said:
            yield Moment(at_ms, (*queries, TurnSaid("customer", said)))
            queries = []
        elif who == "Wizard" and action in {"pick_suggestion", "utter"}:
            picked = action == "pick_suggestion"
            turn = (TurnSaid("rep", said, who=rep),) if said else ()
            yield Moment(
                at_ms,
                (
                    *queries,
                    SuggestionUsed(rep, "picked" if picked else "own_words", 0 if picked else 1000, asked),
                    *turn,
                ),
            )
            queries, asked = [], 0
        elif who == "Wizard" and action == "request_suggestions":
            asked += 1
        elif who == "Wizard" and action == "query":
            queries.append(ToolCalled(label_of(text(event, "APIName")) or "query"))
    if queries or asked:
        yield Moment(at_ms, (*queries, *(SuggestionRequested(rep) for _ in range(asked))))


def _labels(dialogue: Record, external: str) -> Iterator[Labelled]:
    scenario = nested(dialogue, "Scenario")
    happy = scenario.get("Happy") is not False
    task = label_of(next((text(t, "Task") for t in listed(scenario, "WizardCapabilities")), ""))
    yield Labelled("need", text_label=f"{SOURCE}/{external}")
    if task:
        yield Labelled("intent", text_label=task, group=task)
    yield Labelled("scenario", value=int(happy), text_label="happy" if happy else "refusal", group=task)
    answered = [(text(q, "Question").lower(), q.get("Answer") is True) for q in listed(dialogue, "UserQuestionnaire")]
    for question, yes in answered:
        of = "customer_rates" if any(word in question for word in _MANNER) else "customer_says"
        yield Labelled(of, value=int(yes), text_label=label_of(question)[:40], group=task)
    outcome = _outcome([yes for q, yes in answered if not any(w in q for w in _MANNER)], happy)
    if outcome and text(dialogue, "CompletionLevel") == "Complete":
        yield Labelled("outcome", value=int(outcome == "met"), text_label=outcome, group=task)
    for q in listed(dialogue, "WizardQuestionnaire"):
        told = next((label for word, label in _SAID_OF_CUSTOMER.items() if word in text(q, "Question").lower()), "")
        if told:
            yield Labelled("rep_says", value=int(q.get("Answer") is True), text_label=f"customer_{told}", group=task)


def _outcome(answers: list[bool], happy: bool) -> str:
    if not answers:
        return ""
    return "met" if all(answers) else "failed" if happy else "refused"


def _strings(record: Record, name: str) -> list[str]:
    value = record.get(name)
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
