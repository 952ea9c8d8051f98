"""Customers: how they rate, how their mood moves, how often they complain."""

from sqlalchemy import and_, case, literal_column, or_, select

from baton.capabilities.empathy.tables import NEEDS
from baton.capabilities.performance.registry.counted import Counted
from baton.capabilities.performance.registry.grains import CONVERSATION, RATING
from baton.capabilities.performance.registry.metric import Metric
from baton.capabilities.performance.registry.scope import DIMENSION, NONE, ONE, C, Expr, amount, flag
from baton.capabilities.performance.tables import RATINGS

G = RATINGS.c
FEW_ANSWER = "Who does not answer is not in it: read it with the response rate."
PROMOTER: Expr = case(
    (G.score >= literal_column("9"), ONE), (G.score <= literal_column("6"), literal_column("-1")), else_=NONE
)
GAVE: Expr = C.conversation.in_(select(G.conversation))
ASKED: Expr = and_(C.origin == "live", C.ended_ms.isnot(None), C.channel == "chat", amount(C.turns_customer) > NONE)
LEGAL: Expr = C.conversation.in_(select(NEEDS.c.conversation).where(NEEDS.c.reason == "legal"))

CUSTOMERS = (
    Metric("csat", "CSAT", "ratings of 4 or 5 of 5 / ratings", "share", Counted(RATING, flag(G.score >= literal_column("4")), keep=G.scale == "csat"),
           "Conversations without a rating.", FEW_ANSWER, "CSAT = top 2 of 5.", ("rating_response",)),
    Metric("nps", "NPS", "share of ratings 9 to 10 - share of ratings 0 to 6", "points", Counted(RATING, PROMOTER, keep=G.scale == "nps"),
           "Conversations without a rating.", FEW_ANSWER, "NPS.", ("rating_response",)),
    Metric("ces", "CES", "mean rating of how easy it was, 1 to 7", "score", Counted(RATING, G.score, keep=G.scale == "ces"),
           "Conversations without a rating.", FEW_ANSWER, "CES.", ("rating_response",)),
    Metric("rating_response", "Response rate", "ended chats that the customer rated / ended chats", "share",
           Counted(CONVERSATION, flag(GAVE), keep=ASKED), "Other channels, and imported history: nobody was asked there."),
    Metric("sentiment_shift", "Sentiment shift", "mood after the last customer turn - mood after the first, mean (-1000 to 1000)",
           "permille", Counted(CONVERSATION, C.last_mood - C.first_mood, keep=and_(amount(C.turns_customer) > ONE, C.first_mood.isnot(None))),
           "Conversations with one customer turn.", source="Sentiment shift = end - start."),
    Metric("complaints", "Complaints", "conversations about a complaint, or in which the customer spoke of legal steps / conversations",
           "share", Counted(CONVERSATION, flag(or_(DIMENSION["intent"].like("complain%"), LEGAL)), keep=amount(C.turns_customer) > NONE),
           "Contact records without turns.", "A complaint is an intent whose name begins so."),
)  # fmt: skip
