"""Spelling: what a text says literally. Words, addresses, numbers, dates and times, in whichever spelling they come."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_PARTS = re.compile(r"[^\s\"'<>()\[\]{}|,;`]+")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_WEB = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.([a-z]{2,})(?::\d+)?(?:[/?#]\S*)?", re.IGNORECASE)
_ENDINGS = frozenset("com org net io app example eu de ch uk fr es it nl at us info biz ru cn xyz me co dev site online shop top click link tk".split())  # fmt: skip
_ACCOUNT = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{2,4}){2,8}\b|\b[A-Z]{2}\d{8,}\b|\b\d{10,}\b")
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


def as_seen(text: str) -> bool:
    """Whether the text is written as it is read: no letters that pass for others, nothing that cannot be seen."""
    return unicodedata.normalize("NFKC", text) == text and not any(
        unicodedata.category(c) in {"Cf", "Cc"} for c in text
    )


@lru_cache(512)
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


@lru_cache(512)
def addresses(text: str) -> frozenset[str]:
    """Mail addresses, web addresses and account numbers that stand in `text`, in one spelling. Takes time in proportion to it."""
    text = re.sub(r"(?<=[a-z])\.(?=[A-Z])", ". ", text)
    parts = [part.rstrip(".,;:!?*_").removeprefix("mailto:") for part in _PARTS.findall(text)]
    named = {same_address(part) for part in parts if "." in part and _names_a_place(part)}
    rest = " ".join(part for part in parts if "@" not in part and "/" not in part)
    return frozenset(named | {same_address(found) for found in _ACCOUNT.findall(rest)})


def _names_a_place(part: str) -> bool:
    if "@" in part and "/" not in part:
        return _MAIL.fullmatch(part) is not None
    if _WEB.match(part):
        return True
    host = _HOST.fullmatch(part)
    return host is not None and host[1].lower() in _ENDINGS


def is_address(value: str) -> bool:
    """Whether the whole of `value` is one address."""
    return addresses(value.strip()) == {same_address(value)}


def numbers(text: str) -> frozenset[float]:
    """Every number said in digits."""
    return frozenset(float(n.replace(",", "")) for n in _NUMBER.findall(text))


def percents(text: str) -> frozenset[float]:
    """Every share said in percent."""
    return frozenset(float(p) for p in re.findall(r"(?<![\d.])(\d{1,6}(?:\.\d{1,4})?) ?(?:%|percent\b)", text))


@lru_cache(512)
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


@lru_cache(512)
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
