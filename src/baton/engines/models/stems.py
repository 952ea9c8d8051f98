"""Terms of the search index: a word without its ending, and one word for each group of service words that mean the same."""

from typing import Final

STOP: Final = frozenset(
    "a an and are as at be been but by can could did do does for from had has have he her him his how i i'd i'll i'm i've if in into is it"
    " it's its just me my of on or our she should so some such than that that's the their them then there these they this those to too us"
    " very was we were what when where which while who why will with would you you're your yours please hi hello hey thanks thank dear".split()
)

SAME: Final = {
    "luggage": "bag",
    "baggage": "bag",
    "suitcase": "bag",
    "suitcases": "bag",
    "passcode": "password",
    "signin": "login",
    "logon": "login",
    "reimbursement": "refund",
    "reimburse": "refund",
    "repay": "refund",
    "reservation": "booking",
    "reservations": "booking",
    "plane": "flight",
    "fare": "fare",
    "mileage": "point",
    "miles": "point",
    "mile": "point",
    "animal": "pet",
    "dog": "pet",
    "dogs": "pet",
    "cat": "pet",
    "cats": "pet",
    "receipt": "invoice",
    "receipts": "invoice",
    "funeral": "bereavement",
    "died": "bereavement",
    "death": "bereavement",
    "postpone": "change",
    "reschedule": "change",
    "rebook": "change",
    "modify": "change",
    "late": "delay",
    "locked": "lock",
    "e-mail": "email",
    "mail": "email",
    "telephone": "phone",
    "mobile": "phone",
}
"""Words that customers and articles use for one thing; the second is what is indexed."""

_ENDINGS: Final = tuple(
    tuple(pair.split("/"))
    for pair in "fulness/ful iveness/ive ization/ize isation/ize ations/ ation/ ating/ ingly/ edly/ ments/ ment/ ness/ ities/ity ies/y ings/ "
    "ing/ ied/y ated/ ates/ ate/ sses/ss ches/ch shes/sh xes/x ed/ ers/er es/e ly/ s/".split()
)
_LEAST: Final = 3


def stem(word: str) -> str:
    """A word's term: the group's word, or the word without its ending. Lighter than Porter (1980): it never cuts below three letters."""
    word = SAME.get(word, word).removesuffix("'s")
    if len(word) <= _LEAST or not word.isalpha():
        return word
    return SAME.get(short := _cut(word), short)


def _cut(word: str) -> str:
    if word.endswith(("ss", "us", "is")):
        return word
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST + (ending[0] == "a"):
            return _tidy(word[: len(word) - len(ending)] + instead)
    return _tidy(word)


def _tidy(word: str) -> str:
    """One letter for a doubled last one, and no final e: "cancelled", "cancel" and "cancelling" are one term, so are "change" and "changing"."""
    if len(word) > _LEAST + 1 and word[-1] == word[-2] and word[-1] not in "aeiouls":
        word = word[:-1]
    if len(word) > _LEAST + 1 and word.endswith("ll"):
        word = word[:-1]
    return word[:-1] if len(word) > _LEAST and word.endswith("e") else word
