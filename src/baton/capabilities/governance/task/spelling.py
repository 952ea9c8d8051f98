"""Spelling: what a text says literally. Words, addresses, numbers, dates and times, in whichever spelling they come."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_URL = re.compile(r"(?:https?://|www\.)[^\s\"'<>()\[\]]+|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|io|app|example|eu|de|ch|uk|info|biz|ru|xyz|me)(?:/[^\s\"'<>()\[\]]*)?", re.IGNORECASE)  # fmt: skip
_ACCOUNT = re.compile(r"\b(?=[A-Z0-9]*\d)[A-Z]{2}\d{2}(?: ?[A-Z0-9]{2,4}){2,8}\b|\b[A-Z]{2}\d{8,}\b|\b\d{10,}\b")
_NUMBER = re.compile(r"(?<![\w.])[$€£]?\s?(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)")
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})")
_NAMED = re.compile(rf"\b({'|'.join(MONTHS)})[a-z]*\.? (\d{{1,2}})(?:st|nd|rd|th)?\b|\b(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? ({'|'.join(MONTHS)})", re.IGNORECASE)  # fmt: skip
_TO = r"(?:st|nd|rd|th)?(?: ?[-–] ?| to (?:the )?| until (?:the )?| and (?:the )?)"
_RANGE = re.compile(
    rf"\b({'|'.join(MONTHS)})[a-z]*\.? (\d{{1,2}}){_TO}(\d{{1,2}})\b|\b(\d{{1,2}}){_TO}(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? ({'|'.join(MONTHS)})",
    re.IGNORECASE,
)
_TIME = re.compile(r"\b(\d{1,2}):(\d{2})(?:\s?([ap]m))?|\b(\d{1,2})\s?([ap]m)\b", re.IGNORECASE)


def folded(text: str) -> str:
    """The text in one spelling: compatibility forms and case folded, invisible characters gone."""
    text = unicodedata.normalize("NFKC", text)
    return "".join(c for c in text if unicodedata.category(c) != "Cf").casefold()


@lru_cache(4096)
def words_of(text: str) -> tuple[str, ...]:
    """Letters and digits in runs, folded; an underscore parts words."""
    return tuple(re.findall(r"[^\W_]+", folded(text)))


def holds(text: str, value: str) -> bool:
    """Whether the words of `value` stand together in `text`."""
    return bool(words_of(value)) and f" {' '.join(words_of(value))} " in f" {' '.join(words_of(text))} "


def same_address(address: str) -> str:
    """An address without what does not tell it from another: scheme, `www.`, a closing slash or stop, spaces, case."""
    plain = re.sub(r"^https?://|^www\.", "", re.sub(r"^https?://", "", folded(address).strip()))
    return plain.replace(" ", "").rstrip("/.,;:!?")


@lru_cache(4096)
def addresses(text: str) -> frozenset[str]:
    """Mail addresses, web addresses and account numbers that stand in `text`, in one spelling."""
    text = re.sub(r"(?<=[a-z])\.(?=[A-Z])", ". ", text)
    mails = _EMAIL.findall(text)
    rest = _EMAIL.sub(" ", text)
    return frozenset(same_address(a) for a in [*mails, *_URL.findall(rest), *_ACCOUNT.findall(rest)])


def is_address(value: str) -> bool:
    """Whether the whole of `value` is one address."""
    return addresses(value.strip()) == {same_address(value)}


def numbers(text: str) -> frozenset[float]:
    """Every number said in digits."""
    return frozenset(float(n.replace(",", "")) for n in _NUMBER.findall(text))


def percents(text: str) -> frozenset[float]:
    """Every share said in percent."""
    return frozenset(float(p) for p in re.findall(r"(\d+(?:\.\d+)?) ?(?:%|percent\b)", text))


@lru_cache(4096)
def dates(text: str) -> frozenset[tuple[int, int]]:
    """Every date said, as (month, day)."""
    return frozenset(_dates(text))


def _dates(text: str) -> Iterator[tuple[int, int]]:
    for _, month, day in _ISO.findall(text):
        yield int(month), int(day)
    for name, day, other_day, other_name in _NAMED.findall(text):
        yield MONTHS.index((name or other_name).lower()) + 1, int(day or other_day)
    for name, first, last, other_first, other_last, other_name in _RANGE.findall(text):
        month = MONTHS.index((name or other_name).lower()) + 1
        yield month, int(first or other_first)
        yield month, int(last or other_last)


@lru_cache(4096)
def times(text: str) -> frozenset[int]:
    """Every time of day said, in minutes from midnight."""
    return frozenset(_times(text))


def _times(text: str) -> Iterator[int]:
    for hour, minute, half, lone, lone_half in _TIME.findall(text):
        yield (
            (int(hour or lone) % 12 if half or lone_half else int(hour or lone)) * 60
            + int(minute or 0)
            + (720 if (half or lone_half).lower() == "pm" else 0)
        )
