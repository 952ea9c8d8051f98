"""The lexicon: which words ask for which kind of change, name which thing, and tell what an argument is for (words.toml)."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from baton.capabilities.governance.task.spelling import words_of


@cache
def words() -> Mapping[str, Any]:
    """The file, read once."""
    return tomllib.loads(files(__package__).joinpath("words.toml").read_text(encoding="utf-8"))


@cache
def listed(table: str, key: str) -> frozenset[str]:
    """The words of one list."""
    return frozenset(words()[table][key])


@cache
def _forms(verb: str) -> frozenset[str]:
    """A verb as tasks and tools write it: send, sends, sending."""
    stem = verb.removesuffix("e")
    doubled = stem + stem[-1]
    return frozenset({verb, verb + "s", stem + "ing", stem + "ed", doubled + "ing", doubled + "ed"})


@cache
def _kinds_by_form() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for kind in words()["kind"]:
        for verb in kind["verbs"]:
            for form in _forms(verb):
                found.setdefault(form, set()).add(kind["name"])
    return {form: frozenset(kinds) for form, kinds in found.items()}


@cache
def loose() -> frozenset[str]:
    """Kinds whose object says nothing: "send it to Alice" may be a mail, a message or money."""
    return frozenset(kind["name"] for kind in words()["kind"] if kind.get("loose"))


def says_verb(text: str, verb: str) -> bool:
    """Whether a text says this very verb, in one of its forms."""
    return bool(_forms(verb) & set(words_of(text)))


def kinds_of_verb(word: str) -> frozenset[str]:
    """The kinds of change that a word asks for, where it is a verb."""
    return _kinds_by_form().get(word, frozenset())


@cache
def _things_by_word() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for thing, names in words()["thing"].items():
        for name in names:
            for form in (name, name + "s", name + "es"):
                found.setdefault(form, set()).add(thing)
    return {form: frozenset(things) for form, things in found.items()}


@lru_cache(4096)
def things(text: str) -> frozenset[str]:
    """The things that a text names."""
    return frozenset(thing for word in words_of(text) for thing in _things_by_word().get(word, ()))


@lru_cache(4096)
def kinds_asked(text: str) -> frozenset[str]:
    """The kinds of change that a task asks for. "My email" is a thing, "email her" is asked for."""
    return frozenset(kind for word in _verbs(text) for kind in kinds_of_verb(word)) | kinds_made(text)


@cache
def _kind_by_noun() -> Mapping[str, str]:
    return {noun: kind["name"] for kind in words()["kind"] for noun in kind.get("nouns", ())}


@lru_cache(4096)
def kinds_made(text: str) -> frozenset[str]:
    """Kinds asked for by a noun: "make a reservation"."""
    said, makes = words_of(text), listed("makes", "verbs")
    nouns = [(at, word) for at, word in enumerate(said) if word in _kind_by_noun()]
    return frozenset(_kind_by_noun()[word] for at, word in nouns if makes & set(said[max(0, at - 4) : at]))


def _verbs(text: str) -> Iterator[str]:
    before = ""
    for word in words_of(text):
        thing_like = word in _things_by_word() or word in {"message", "messages", "text", "post", "posts"}
        if not (thing_like and (before in listed("plain", "before_nouns") or word.endswith("s"))):
            yield word
        before = word


@lru_cache(4096)
def telling(text: str) -> frozenset[str]:
    """The words of a text that tell it from another: no articles, no auxiliaries, no single letters."""
    return frozenset(w for w in words_of(text) if w not in listed("plain", "words") and (len(w) > 1 or w.isdigit()))


@cache
def role_of(name: str) -> str:
    """What an argument is for: `to`, `target`, `amount`, `when`, `secret`, `content` or `option`. What nobody knows binds."""
    for word in reversed(words_of(name)):
        for role, names in words()["role"].items():
            if word in names:
                return str(role)
    return "target"
