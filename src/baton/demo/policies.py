"""Halcyon Air's policies: its articles, queues and agents in the words decisions read. Procedures are read by the agents' own loader."""

import msgspec

from baton.capabilities.agents.events import Agent, Agents, Canary, Procedures
from baton.capabilities.individual.events import Individual
from baton.capabilities.knowledge.events import Article, Articles, Section
from baton.capabilities.performance.events import Costs
from baton.capabilities.routing.events import Queue, Routing
from baton.capabilities.wellbeing.events import Wellbeing
from baton.demo.halcyon import library
from baton.demo.halcyon.company import Queue as TheirQueue
from baton.demo.halcyon.company import company
from baton.demo.register import agreement, register
from baton.kernel.committer import Committer
from baton.kernel.conversation import PolicyRevised
from baton.kernel.stream import policy_name

AUTHOR = "halcyon"
OPENERS = (
    "My refund has not arrived yet.",
    "My bag did not come off the belt.",
    "I am locked out of the app and need a new password.",
    "I want to change the date of my flight.",
    "My flight was cancelled. What can I do?",
    "Can I choose a seat with more legroom?",
    "How do I check in online?",
    "Some of my points are missing.",
    "I need an invoice for my booking.",
    "I would like to talk to a person.",
)
DAY_MS = 86_400_000
IN_FORCE_DAYS = 15
NEXT_FLOOR = 330
TRIED = (
    (13, 0, "hana.lindqvist", "answers a little sooner, since customers are often asked back in vain"),
    (12, 100, "dara.quinn", "scenarios pass; tried on a tenth"),
    (7, 300, "dara.quinn", "nothing went wrong in five days"),
)
"""Days ago, share, who and why: how the next version of the assistant came to be tried. Invented."""
REASONS = {"bereavement": ("bereavement", "distress")}


def articles() -> Articles:
    """The 40 articles that are published."""
    return Articles(tuple(_article(found) for found in library.articles() if found.head.state == "published"))


def routing() -> Routing:
    """The queues. In the demo they are open around the clock, so that it lives at whatever hour it is tried."""
    return Routing(queues=tuple(_queue(queue) for queue in company().queue))


def agents(always_open: bool = True, model: str = "") -> Agents:
    """The agents of the company; its register approves them, and the assistant serves wherever none of a queue does. With a `model` they have a mind."""
    return Agents(
        tuple(
            Agent(id=a.id, name=a.name, version=str(a.version), queues=a.queues, on=always_open, model=model)
            for a in company().agent
        )
    )


def costs() -> Costs:
    """What service costs at Halcyon Air: 38 euros an hour of a rep, 1.2 cents a turn of the AI, 3 cents a conversation, .9 a minute."""
    return Costs(rep_hour=3_800_000, ai_turn=1_200, conversation=3_000, voice_minute=900)


def wellbeing() -> Wellbeing:
    """Breathers come sooner than by default, so that a demo of a quarter of an hour has some; a tenth of conversations may be kept for people, if easy."""
    return Wellbeing(after_min=8, run=2, approve_permille=20, reserve_permille=100)


def individual() -> Individual:
    """Whoever the page says they are is offered their rep of last time: customers of the demo prove nothing."""
    return Individual(claimed_too=True)


async def set_policies(committer: Committer, procedures: Procedures, model: str = "") -> None:
    """Revise every policy the demo needs, once for each content."""
    having = agents(model=model)
    approved = register(canary_of(having, 0), procedures, committer.clock.now_ms())
    for policy in (
        articles(),
        routing(),
        agreement(),
        approved,
        having,
        procedures,
        costs(),
        individual(),
        wellbeing(),
    ):
        name = policy_name(type(policy))
        body = msgspec.json.encode(policy)
        event = PolicyRevised(name, msgspec.Raw(body), AUTHOR, "Halcyon Air, invented")
        since_ms = committer.clock.now_ms() - IN_FORCE_DAYS * DAY_MS if policy is having else 0
        await committer.append(
            f"policy/{name}", event, by="system", once=f"halcyon:{hash_of(body)}", happened_at_ms=since_ms
        )
    await _try_the_next(committer, having)


def canary_of(having: Agents, permille: int) -> Agents:
    """The same agents, with the next version of the assistant made, and tried on a share of its conversations."""
    first = having.agents[0]
    made = msgspec.structs.replace(first, version=str(int(first.version) + 1), answer_floor=NEXT_FLOOR)
    tried = (Canary(made.id, made.version, permille),) if permille else ()
    return Agents(having.agents, (made,), tried)


async def _try_the_next(committer: Committer, having: Agents) -> None:
    """Who made the next version, and gave it which share since when."""
    name, now_ms = policy_name(Agents), committer.clock.now_ms()
    for days, permille, author, why in TRIED:
        body = msgspec.json.encode(canary_of(having, permille))
        event = PolicyRevised(name, msgspec.Raw(body), author, why)
        await committer.append(
            f"policy/{name}", event, by="system", once=f"halcyon:{hash_of(body)}", happened_at_ms=now_ms - days * DAY_MS
        )


def hash_of(body: bytes) -> str:
    """A short name of some content."""
    from hashlib import blake2b

    return blake2b(body, digest_size=8).hexdigest()


def _article(found: library.Article) -> Article:
    head = found.head
    sections = tuple(Section(s.number, s.title, s.text, head.asked.get(str(s.number), ())) for s in found.sections)
    return Article(
        id=f"art-{head.id}", title=head.title, sections=sections, owner=head.owner, review_on=head.review_by.isoformat(),
        state=head.state, intents=head.intents, language=head.language,
    )  # fmt: skip


def _queue(queue: TheirQueue) -> Queue:
    return Queue(
        id=queue.id, title=queue.name, skill=queue.id, intents=queue.intents, target_s=queue.service_level.within_s,
        target_permille=queue.service_level.percent * 10, person_first_intents=queue.person_first,
        reasons=REASONS.get(queue.id, ()),
    )  # fmt: skip
