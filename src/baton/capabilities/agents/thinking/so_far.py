"""So far: how much of an answer that a model still writes may be shown. Only whole sentences, each judged as in the end. Pure.

The first one that may not be said ends it, and nothing is shown before a sentence rests on something: a courtesy alone is no answer.
It begins with the words that the turn will begin with, the disclosure of an AI included.
"""

from collections.abc import Iterator

import msgspec

from baton.capabilities.agents.answers.feelings import plays_feelings
from baton.capabilities.agents.answers.voice import first_words
from baton.capabilities.agents.events import Agent
from baton.capabilities.agents.thinking.answers import Sentence
from baton.capabilities.agents.thinking.choices import Choices
from baton.capabilities.agents.thinking.sentences import Rests, Run, longer, parts, rests_on
from baton.capabilities.empathy.events import PersonNeeded
from baton.kernel.stream import Stream


def so_far(partial: object, stream: Stream, agent: Agent, choices: Choices) -> str:
    """The beginning of the turn that this unfinished answer would come to; empty while nothing may be shown."""
    said = _said(finished(partial), rests_on(stream, choices), stream.facts.get(PersonNeeded) is not None)
    first, _ = first_words(stream, agent)
    return " ".join(filter(None, (first, said))) if said else ""


def finished(partial: object) -> list[Sentence]:
    """The sentences of an unfinished answer that nothing can change any more: all but the newest."""
    if not isinstance(partial, dict) or partial.get("do") != "answer":
        return []
    sentences = partial.get("sentences")
    return list(_read(sentences[:-1])) if isinstance(sentences, list) else []


def _said(sentences: list[Sentence], rests: Rests, plainly: bool) -> str:
    run, shown = Run(), ""
    for part, named in parts(sentences):
        more = None if plainly and plays_feelings(part) else longer(run, part, named, rests)
        if more is None:
            break
        run = more
        shown = run.text if run.rests else ""
    return shown


def _read(sentences: list[object]) -> Iterator[Sentence]:
    for each in sentences:
        try:
            yield msgspec.convert(each, Sentence)
        except msgspec.ValidationError:
            return
