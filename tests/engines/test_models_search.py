"""The search index: worked by hand, the same alone and in batches, fixed order on ties."""

import math

import pytest

from baton.engines.models.search import K1, UNIT, B, Index, Passage
from baton.engines.models.stems import stem

pytestmark = pytest.mark.unit

PASSAGES = [
    Passage("refunds", 1, "Refunds", "A refund takes seven days to reach your card."),
    Passage("refunds", 2, "Refunds", "Cancelled flights are refunded in full."),
    Passage("bags", 1, "Delayed bags", "Report a delayed suitcase at the desk before you leave the airport."),
    Passage("pets", 1, "Pets", "Small dogs and cats travel in the cabin."),
    Passage("seats", 1, "Seats", "Choose a window or an aisle seat on the map."),
]


def test_customers_words_find_the_articles_words() -> None:
    index = Index.build(PASSAGES)
    assert index.search("my luggage is late")[0].article == "bags"
    assert index.search("can I bring my dog?")[0].article == "pets"
    assert index.search("WHERE IS MY REIMBURSEMENT")[0].article == "refunds"


def test_a_score_by_hand() -> None:
    """Two passages of 3 and 5 terms; "window" is once in the first alone: idf = ln(1 + 1.5/1.5), length 3, mean 4."""
    index = Index.build([Passage("a", 1, "", "window aisle middle"), Passage("b", 1, "", "wing tail nose door engine")])
    idf = math.log(1 + (2 - 1 + 0.5) / (1 + 0.5))
    weight = round(idf * 1 * (K1 + 1) / (1 + K1 * (1 - B + B * 3 / 4)) * UNIT)
    reach = int(idf * (K1 + 1) * UNIT)
    (hit,) = index.search("window")
    assert (hit.article, hit.score) == ("a", weight * 1000 // reach)


def test_equal_scores_keep_the_order_of_the_passages() -> None:
    index = Index.build([Passage(name, 1, "", "seat map") for name in "cab"])
    assert [hit.article for hit in index.search("seat")] == ["c", "a", "b"]


def test_a_query_finds_the_same_alone_and_in_a_batch() -> None:
    index = Index.build(PASSAGES)
    queries = [
        "refund",
        "",
        "the of and",
        "dog in the cabin",
        "unheard words",
        "window seat",
        "cancelled flight refund",
        "?!",
    ]
    assert index.search_many(queries, 3) == [index.search(query, 3) for query in queries]


def test_postings_and_the_dense_matrix_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    dense = Index.build(PASSAGES)
    monkeypatch.setattr("baton.engines.models.search.DENSE_MOST", 0)
    sparse = Index.build(PASSAGES)
    for query in (
        "refund of a cancelled flight",
        "window",
        "suitcase at the airport",
        "nothing here",
        "cat dog seat map",
    ):
        assert sparse.search(query, 4) == dense.search(query, 4)


def test_words_unknown_to_every_passage_lower_the_score() -> None:
    index = Index.build(PASSAGES)
    assert index.search("refund quantum blockchain")[0].score < index.search("refund")[0].score


def test_nothing_is_found_in_nothing() -> None:
    assert Index.build([]).search("refund") == []
    assert Index.build([]).search_many(["refund", "bag"], 3) == [[], []]
    assert Index.build([Passage("a", 1, "", "")]).search("refund") == []


@pytest.mark.parametrize(
    "group",
    [
        ("cancel", "cancelled", "cancelling", "cancellation"), ("change", "changed", "changing", "changes"),
        ("bag", "bags", "luggage", "suitcase"), ("refund", "refunds", "refunded"), ("policy", "policies"), ("delay", "delays", "delayed"),
    ],
)  # fmt: skip
def test_forms_of_a_word_are_one_term(group: tuple[str, ...]) -> None:
    assert len({stem(word) for word in group}) == 1
