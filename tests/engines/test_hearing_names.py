"""Names from many countries are heard as names, however near they are to a word for a person."""

import pytest

from baton.engines.models.fast import FastTier
from baton.engines.models.hearing.slips import slip_of

pytestmark = pytest.mark.unit

OFFER_AT = 500
ANSWERS = (
    "{}", "{}, HA4821", "My name is {}", "my surname is {lower}", "Kofi {}, booking HA4821", "Hi, {} here, where is my refund?",
    "this is {lower} speaking", "Me llamo {}", "Mein Name ist {}.", "Ich heiße {}", "Je m'appelle {}",
)  # fmt: skip
"""What customers say to "May I have your name?"."""
NAMES = (
    "Mensah Menschel Mentz Mendes Menzel Mansah Owusu Boateng Asante Appiah Osei Okafor Okonkwo Adeyemi Eze Bello Ibrahim Diallo"
    " Traore Ndiaye Sow Diop Keita Cisse Mbeki Dlamini Nkosi Ndlovu Mwangi Otieno Kamau Tesfaye Abebe Bekele Hassan Ali Mohamed"
    " Hussein Khalil Haddad Nasser Mansour Rahman Khan Malik Iqbal Sharma Patel Singh Kumar Gupta Reddy Nair Banerjee Fernando"
    " Perera Wang Li Zhang Liu Chen Yang Huang Zhao Wu Kim Lee Park Choi Sato Suzuki Takahashi Tanaka Watanabe Yamamoto Nguyen"
    " Tran Pham Hoang Santos Reyes Cruz Garcia Wijaya Santoso Smith Jones Taylor Brown Wilson Davies Evans Walker Mason Agnew"
    " Manning Manson Pearson Parsons Persson Hansen Jensen Nielsen Andersen Larsen Johansson Karlsson Virtanen Korhonen Jansen"
    " Bakker Visser Meijer Boer Müller Schmidt Schneider Fischer Weber Wagner Becker Hoffmann Berger Richter Klein Mann Lehmann"
    " Hartmann Humann Hyman Homan Houman Martin Bernard Dubois Durand Leroy Moreau Agnes Rossi Russo Ferrari Bianchi Romano"
    " Gonzalez Rodriguez Fernandez Lopez Martinez Perez Ramirez Torres Novak Horvat Kovacs Nagy Popescu Ivanov Petrov Kowalski"
    " Nowak Papadopoulos Yilmaz Kaya Demir Cohen Levi Hermann Ross Bosse Rapp Reid Ama Yaw Chidi Ngozi Amara Fatima Aisha Omar"
    " Yusuf Priya Arjun Mei Hiroshi Yuki Minh Linh Jose Maria Juan Pedro Carlos Manuel Jean Pierre Hans Klaus Ingrid Lars Sven"
    " Olga Ivan Anna Jan Giulia Marco Elif Mehmet David Sarah James Emma Oliver Callum Alan Neal"
).split()


@pytest.fixture(scope="module")
def tier() -> FastTier:
    return FastTier()


def offered(tier: FastTier, texts: list[str]) -> list[str]:
    return [text for text, judged in zip(texts, tier.judge_many(texts), strict=True) if judged.asks_person >= OFFER_AT]


def test_a_customer_who_says_a_name_is_offered_nobody(tier: FastTier) -> None:
    assert len(NAMES) >= 200
    assert offered(tier, [said.format(name, lower=name.lower()) for name in NAMES for said in ANSWERS]) == []


@pytest.mark.parametrize(
    "name", ["Berater", "Human", "Manager", "Boss", "Persona", "Umaña", "Mens", "Person", "Leiter"]
)
def test_a_name_that_is_a_word_for_a_person_is_a_name_where_it_is_given_as_one(tier: FastTier, name: str) -> None:
    given = (
        "My name is {}",
        "Surname: {}",
        "My last name is Anne-Marie {}",
        "Me llamo {}",
        "Ich heiße {}",
        "Je m’appelle {}",
    )
    assert offered(tier, [said.format(name) for said in given]) == []


def test_who_gives_a_name_and_asks_for_a_person_is_heard(tier: FastTier) -> None:
    asks = [
        "My name is Mensah, I want to speak to a human", "my name is not important, get me a human", "Kofi Mensah, human please",
        "Ich heiße Berater und möchte mit einem Menschen sprechen", "Me llamo Ana, quiero hablar con una persona",
    ]  # fmt: skip
    assert offered(tier, asks) == asks


def test_a_slip_of_the_finger_is_heard_in_its_language(tier: FastTier) -> None:
    asks = [
        "I want to talk to a humna", "ich will mit einem Mesnch sprechen", "Mensh", "Ich möchte einen Menschn sprechen",
        "quiero hablar con un agnete", "un consiller s'il vous plait", "get me a represenative", "Humna please",
    ]  # fmt: skip
    assert offered(tier, asks) == asks


@pytest.mark.parametrize(
    ("word", "meant"),
    [("humna", "human"), ("mesnch", "mensch"), ("aggent", "agent"), ("huang", ""), ("mensah", ""), ("hanum", "")],
)
def test_a_slip_is_one_letter_away(word: str, meant: str) -> None:
    assert slip_of(word) == meant
