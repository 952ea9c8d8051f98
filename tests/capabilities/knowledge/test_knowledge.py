"""Knowledge: article files, what a section covers, the sentences that answer, and what is counted."""

from pathlib import Path

import pytest

from baton.capabilities.agents.answers.extract import MOST_CHARACTERS, answer, sentences
from baton.capabilities.knowledge.articles.files import article_of, articles_in, articles_of
from baton.capabilities.knowledge.articles.fit import Question, clear, score
from baton.capabilities.knowledge.articles.meant import meant
from baton.capabilities.knowledge.events import Article, Articles, Cited, Passage, Section
from baton.capabilities.orchestration.events import Near, SecondLook
from baton.kernel.errors import BatonError
from baton.kernel.ports import Hit
from baton.kernel.words import content_words

pytestmark = pytest.mark.unit

PETS = """+++
id = 29
title = "Travelling with a pet"
owner = "a.rep"
state = "published"
language = "en"
intents = ["pet_travel"]
reviewed = 2026-11-05
review_by = 2027-05-05
+++

# Travelling with a pet

Small cats and dogs may travel in the cabin.

## 1. Price
A pet in the cabin costs 40 euros for each flight.

## 2. Papers
Bring the blue pet passport.
"""


def test_an_article_is_read_with_its_numbered_sections() -> None:
    pets = article_of("29-pets.md", PETS)
    assert (pets.id, pets.title, pets.owner) == ("art-29", "Travelling with a pet", "a.rep")
    assert (pets.review_on, pets.reviewed_on, pets.intents) == ("2027-05-05", "2026-11-05", ("pet_travel",))
    assert [(s.number, s.title) for s in pets.sections] == [(0, ""), (1, "Price"), (2, "Papers")]
    assert pets.sections[1].text == "A pet in the cabin costs 40 euros for each flight."


def test_a_head_of_key_and_value_lines_is_read_too() -> None:
    text = "---\nid: 3\ntitle: Bags\nintents: [bag_lost, bag_delayed]\nreview_on: 2027-01-01\n---\n# Bags\n\n## 1. Size\nSmall."
    bags = article_of("bags.md", text)
    assert (bags.id, bags.intents, bags.review_on) == ("art-3", ("bag_lost", "bag_delayed"), "2027-01-01")


def test_a_file_without_a_head_is_refused_with_what_to_do() -> None:
    with pytest.raises(BatonError, match=r"'x.md'.*head.*load it again"):
        article_of("x.md", "# Just a title\n\nand text")
    with pytest.raises(BatonError, match="not TOML"):
        article_of("x.md", "+++\nid = = 3\n+++\n# T\n")


@pytest.mark.parametrize(
    ("name", "id"), [("Bag rules #2.md", "Bag-rules-2"), ("faq: bags.md", "faq-bags"), ("07.md", "art-7")]
)
def test_a_file_of_any_name_makes_an_id_that_can_be_cited(name: str, id: str) -> None:
    assert article_of(name, '+++\ntitle = "Bags"\n+++\n## 1. Sizes\n23 kg.\n').id == id


def test_halcyons_articles_are_all_read() -> None:
    found = articles_of(Path("src/baton/demo/halcyon/articles"))
    assert len(found.articles) == 40
    assert all(article.sections for article in found.articles)
    passage = found.passage("art-13#1")
    assert passage is not None
    assert passage.section.title == "By way of payment"
    assert found.passage("art-13#99") is None


def test_what_is_not_published_is_not_cited() -> None:
    draft = PETS.replace('state = "published"', 'state = "draft"')
    assert articles_in([("29.md", draft)]).passage("art-29#1") is None


def articles() -> Articles:
    """Two articles: pets, and boarding."""
    boarding = Article("art-24", "Boarding passes", (Section(1, "Where it is", "The boarding pass is in the app."),))
    return Articles(articles=(article_of("29.md", PETS), boarding))


def fit(text: str, cite: str, search_score: int = 500) -> int:
    """The score of a section for a question."""
    known = articles()
    passage = known.passage(cite)
    assert passage is not None
    hit = Hit(passage.article.id, passage.section.number, search_score)
    return score(hit, passage, Question(text, known))


def test_a_section_that_does_not_speak_of_it_is_not_found_whatever_the_search_says() -> None:
    assert fit("Is there wifi on board?", "art-24#1", 900) == 0
    assert fit("Where is my boarding pass?", "art-24#1") > 700


def test_a_section_with_figures_is_better_where_an_amount_is_asked_for() -> None:
    assert fit("How much is a pet in the cabin?", "art-29#1") > fit("Is a pet fine in the cabin?", "art-29#1")


def test_words_that_carry_content_meet_in_their_forms() -> None:
    assert content_words("refunded Refunds") == content_words("refund")
    assert content_words("how long does it take?") == frozenset()


LONG = (
    "The desk is open from 5 in the morning. Bags up to 23 kg are free in Flex. A second bag costs 45 euros when it is booked before"
    " the day of travel. Sports bags count as a second bag when they are longer than 150 cm. Skis and boots travel as one piece. Bicycles"
    " need a box and a call at least two days before. Musical instruments may take a seat of their own for the price of a child."
)


def test_only_whole_sentences_that_answer_are_kept() -> None:
    text = answer(LONG, "What does a second bag cost?")
    assert "A second bag costs 45 euros" in text
    assert "Musical instruments" not in text
    assert len(text) <= MOST_CHARACTERS
    assert all(any(text.count(part) for part, _ in [s]) or s[0] not in text for s in sentences(LONG))


def test_a_short_section_is_said_whole() -> None:
    passage = articles().passage("art-29#1")
    assert isinstance(passage, Passage)
    assert answer(passage.section.text, "anything") == passage.section.text


def test_what_customers_ask_of_a_section_is_read_and_never_said() -> None:
    asked = PETS.replace("+++\n\n# T", '\n[asked]\n1 = ["What does my dog pay?"]\n+++\n\n# T')
    pets = article_of("29.md", asked)
    assert [section.asked for section in pets.sections] == [(), ("What does my dog pay?",), ()]
    assert "dog pay" not in pets.sections[1].text
    known = Articles(articles=(pets,))
    passage = known.passage("art-29#1")
    assert passage is not None
    assert score(Hit("art-29", 1, 500), passage, Question("what would my dog pay", known)) > 0


def looked(closest: int, behind: int, strange: int) -> SecondLook:
    """A second look at a question: how near the pets' price is, how near boarding is, and how near what nobody wrote about."""
    near = (Near("art-29#1", closest, closest), Near("art-24#1", behind, behind), Near("art-99#1", 990, 990))
    return SecondLook(1, done=True, near=near, strange=strange)


def test_the_nearest_section_answers_only_where_it_most_likely_does() -> None:
    surely = meant(looked(800, 300, 200), (), articles())
    assert [hit.cite for hit in surely] == ["art-29#1", "art-24#1"], "what is not in force is left out"
    assert surely[0].score > 600
    assert meant(looked(400, 380, 500), (), articles()) == (), "nearer to what nobody wrote about"
    doubted = meant(looked(500, 450, 350), (), articles())
    assert not doubted or doubted[0].score < surely[0].score


def test_words_break_a_tie_of_meaning() -> None:
    hits = (Hit("art-24", 1, 700),)
    assert meant(looked(700, 700, 100), hits, articles())[0].cite == "art-24#1"


def test_words_alone_decide_where_one_section_holds_the_whole_question() -> None:
    known = articles()
    sure = (Cited("art-24", 1, 900), Cited("art-29", 1, 300))
    assert clear("Where is the boarding pass in the app?", sure, known)
    assert not clear("Where is the boarding pass for my surfboard and my kite?", sure, known)
    assert not clear("Where is the boarding pass?", (), known)
