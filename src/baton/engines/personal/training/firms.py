"""Names that are nobody's: companies that exist or are put together of words, and nations."""

import random
from typing import Final

NATIONS: Final = (
    "German Dutch French Spanish Italian British Irish Scottish Welsh Polish Czech Slovak Hungarian Romanian Bulgarian Greek Turkish Russian "
    "Ukrainian Swedish Norwegian Danish Finnish Icelandic Estonian Latvian Lithuanian Portuguese Brazilian Mexican Argentinian Chilean Peruvian "
    "Colombian Cuban Canadian American Australian Chinese Japanese Korean Thai Vietnamese Indian Pakistani Iranian Israeli Egyptian Moroccan "
    "Nigerian Kenyan Ethiopian Swiss Austrian Belgian Croatian Serbian Slovenian Jewish Muslim Catholic Buddhist Asian European African Latino"
).split()
_FIRMS: Final = (
    "Microsoft|Google|Amazon|Siemens|Deloitte|Citigroup|Samsung|Oracle|Vodafone|Telefonica|Nestle|Unilever|Pfizer|Bosch|Allianz|Walmart|Ikea|"
    "Spotify|Netflix|Adobe|Salesforce|Accenture|Goldman Sachs|Morgan Stanley|Wells Fargo|Procter & Gamble|General Electric|Ernst & Young|"
    "Standard & Poor's|Reuters|Bloomberg|Wikipedia|Red Cross|Zara|Airbnb|Uber|Toyota|Volkswagen|Nokia|Ericsson|Philips|Santander|BNP Paribas"
).split("|")
_HEADS: Final = (
    "Info Data Civic Opti Clear Open Smart Health Geo Bio Cyber Net Blue Red Bright Solar Quant Urban Green Nova True First Alpha Meta Micro "
    "Syn Inter Trans Omni Vita Agri Fin Edu Med Eco Spot Snap Link Code Cloud Deep Next Iron Silver North Cap Farm Legal Home Carto Pano"
).split()
_TAILS: Final = (
    "metrics link works sight wave base logic net soft mind ly ify io hub lab point stream graph scope path view guide star data commerce "
    "gram dyne tech ware map mart pay shot nova cast grid"
).split()
_KINDS: Final = (
    "Inc.|Inc|LLC|Ltd|Ltd.|Corporation|Corp.|Group|Technologies|Analytics|Systems|Partners|Labs|Networks|Media|Solutions|Insight|Associates|"
    "Holdings|Foundation|Institute|Consulting|Software|Energy|Capital|Health|Data|Company|& Co.|Bank|Insurance|University|GmbH|AG|S.A.|SL|SARL"
).split("|")


def firm(person: str, chance: random.Random) -> str:
    """A company that exists, one called after a person, or words put together; often with what kind of company it is."""
    kind = chance.random()
    if kind < 0.25:
        return chance.choice(_FIRMS)
    name = chance.choice(_HEADS) + chance.choice((chance.choice(_TAILS), f" {chance.choice(_TAILS).capitalize()}"))
    if kind < 0.4:
        name = person
    return f"{name} {chance.choice(_KINDS)}" if kind < 0.8 else name
