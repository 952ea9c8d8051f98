"""Nearness: what a turn is near in meaning to, read from the labels and numbers that a second look gave."""

from collections.abc import Iterator

from baton.capabilities.orchestration.events import Near


def read(told: object) -> tuple[Near, ...]:
    """`art-13#1:640:710:512,630;…` as values; what is not written so is left out."""
    return tuple(_each(str(told))) if told else ()


def _each(told: str) -> Iterator[Near]:
    for part in told.split(";"):
        name, *numbers = part.split(":")
        if name and len(numbers) == 3 and numbers[0].isdigit() and numbers[1].isdigit():
            sentences = tuple(int(n) for n in numbers[2].split(",") if n.isdigit())
            yield Near(name, int(numbers[0]), int(numbers[1]), sentences)
