"""A customer is answered in the language of the turn, also where it is short; where a turn tells none, the talk keeps its own."""

import pytest

from baton.engines.models.fast import FastTier

pytestmark = pytest.mark.unit

SAID = {
    "fr": (
        "Combien coûte un bagage supplémentaire ?", "J'ai oublié mon mot de passe.", "Mon adresse a changé.", "Oui, c'est ça.",
        "La livraison a deux jours de retard.", "Ma carte a été refusée.", "Quels sont vos horaires d'ouverture ?", "D’accord.",
        "Puis-je avoir un reçu ?", "Est-il possible de payer par virement ?", "un conseiller s'il vous plaît",
    ),
    "es": (
        "Me llamo Lucía Romero.", "¿Puedo pagar a plazos?", "Me han cobrado dos veces.", "¿Me puede ayudar?", "Sigue sin funcionar.",
        "Sí, eso es.", "Quiero cambiar mi vuelo",
    ),
    "de": (
        "Was kostet ein zusätzliches Gepäckstück?", "ich will einen Fensterplatz", "Es eilt, ich reise morgen.", "Ja, genau.",
        "Vielen Dank", "Geht auch Überweisung?", "hallo",
    ),
    "en": ("My name is José Müller", "Where is my refund?", "It came broken.", "order number 55213", "ya sure", "Okay."),
}  # fmt: skip
TELLS_NONE = ("Müller", "Es roja", "José Núñez, HA4821", "no", "HX4K2P", "Ana de Souza", "si", "")


@pytest.fixture(scope="module")
def tier() -> FastTier:
    return FastTier()


@pytest.mark.parametrize("language", SAID)
def test_a_turn_of_service_is_told_by_its_words_and_letters(tier: FastTier, language: str) -> None:
    assert {text: tier.judge(text).language for text in SAID[language]} == dict.fromkeys(SAID[language], language)


@pytest.mark.parametrize("text", TELLS_NONE)
def test_a_name_or_a_word_of_many_languages_tells_none(tier: FastTier, text: str) -> None:
    assert tier.judge(text).language == ""


def test_a_turn_is_in_one_language_alone_or_among_many(tier: FastTier) -> None:
    texts = [text for said in SAID.values() for text in said] + list(TELLS_NONE)
    assert [each.language for each in tier.judge_many(texts)] == [tier.judge(text).language for text in texts]
