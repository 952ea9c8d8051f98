"""The register decides who speaks: one version, one configuration, before its stop date, within its cap. Pure."""

from dataclasses import dataclass, field
from datetime import date

import msgspec
import pytest

from baton.capabilities.agents.events import Agent, Agents, Procedure, Procedures, Step
from baton.capabilities.governance.events import (
    REGISTER,
    Approval,
    Disclosed,
    Overspent,
    Register,
    System,
    approved,
    disclosure,
    serving,
)
from baton.capabilities.governance.register.configured import configuration
from baton.capabilities.governance.register.fields import missing
from baton.capabilities.governance.register.models import shipped
from baton.capabilities.governance.register.spending import month_of
from baton.capabilities.governance.register.texts import TEXTS, text_for
from baton.kernel.conversation import Entry, Started
from baton.kernel.stream import Policies, Stream, policy_name

pytestmark = pytest.mark.unit

NOW = 1_795_000_000_000
DAY = 86_400_000
ASSISTANT = Agent("assistant", "Assistant", "41")
PROCEDURES = Procedures((Procedure("refund", "Refund", ("refund",), (Step("ask", "ask"),)),))
SYSTEM = System(
    "assistant", name="Assistant", owner="hana", need="n", baseline="b", target="t", cap_cents=100, stop_on="2027-12-31",
    review_on="2027-06-30", author="mara", revision=3,
)  # fmt: skip
APPROVAL = approved(SYSTEM, ASSISTANT, PROCEDURES, NOW - DAY, NOW + DAY, "dara")


@dataclass
class Here:
    """A conversation with these policies in force, at a time."""

    agent: Agent = ASSISTANT
    procedures: Procedures = PROCEDURES
    register: Register | None = field(default_factory=lambda: Register((SYSTEM,), (APPROVAL,)))

    def stream(self, now_ms: int = NOW, **policies: msgspec.Struct) -> Stream:
        known = Policies()
        known.add("agents.Agents", 1, msgspec.json.encode(Agents((self.agent,))))
        known.add("agents.Procedures", 2, msgspec.json.encode(self.procedures))
        if self.register is not None:
            known.add(REGISTER, 3, msgspec.json.encode(self.register))
        for position, policy in enumerate(policies.values(), 4):
            known.add(policy_name(type(policy)), position, msgspec.json.encode(policy))
        stream = Stream("conversation/one", known)
        stream.started = Started(channel="chat", language="en")
        stream.entry = Entry(256, stream.id, Started(), "customer", now_ms, now_ms)
        return stream


def test_an_approved_version_speaks_until_its_stop_date() -> None:
    assert serving(Here().stream()) == ASSISTANT
    assert serving(Here().stream(NOW + DAY - 1)) == ASSISTANT
    assert serving(Here().stream(NOW + DAY)) is None, "from the stop date on nobody does"
    assert serving(Here().stream(NOW - 2 * DAY)) is None, "nor before it was approved"


@pytest.mark.parametrize(
    "change",
    [
        {"version": "42"},
        {"answer_floor": 100},
        {"procedures": ("refund",)},
        {"disclosure": "Hi."},
        {"queues": ("vip",)},
    ],
)
def test_any_change_of_the_agent_makes_it_unapproved(change: dict[str, object]) -> None:
    assert serving(Here(agent=msgspec.structs.replace(ASSISTANT, **change)).stream()) is None


def test_a_change_of_a_procedure_it_may_carry_out_does_too_and_of_another_does_not() -> None:
    other = Procedure("bags", "Bags", ("bags",), (Step("ask", "ask"),))
    changed = Procedures((msgspec.structs.replace(PROCEDURES.procedures[0], limit_cents=5),))
    assert serving(Here(procedures=changed).stream()) is None
    narrow = msgspec.structs.replace(ASSISTANT, procedures=("refund",))
    both = Procedures((other, *PROCEDURES.procedures))
    assert configuration(narrow, both) == configuration(narrow, PROCEDURES)
    assert configuration(ASSISTANT, both) != configuration(ASSISTANT, PROCEDURES)


def test_switching_it_on_and_off_is_no_change() -> None:
    off = msgspec.structs.replace(ASSISTANT, on=False)
    assert configuration(off, PROCEDURES) == configuration(ASSISTANT, PROCEDURES)
    assert serving(Here(agent=off).stream()) is None


def test_the_flag_of_the_agent_approves_nothing_once_there_is_a_register() -> None:
    flagged = msgspec.structs.replace(ASSISTANT, approved=True)
    assert serving(Here(agent=flagged, register=Register()).stream()) is None
    assert serving(Here(agent=flagged, register=None).stream()) == flagged, "a log of before there was one"


def test_over_its_cost_cap_it_takes_no_turn_until_the_month_ends() -> None:
    over = Overspent({"assistant": NOW + 10})
    assert serving(Here().stream(NOW, over=over)) is None
    assert serving(Here().stream(NOW + 10, over=over)) == ASSISTANT
    assert month_of(1_795_824_000_000) == (1_793_491_200_000, 1_796_083_200_000), "November 2026, UTC"


def test_two_versions_may_be_approved_side_by_side() -> None:
    newer = msgspec.structs.replace(ASSISTANT, version="42", answer_floor=300)
    both = (APPROVAL, approved(SYSTEM, newer, PROCEDURES, NOW - DAY, NOW + DAY, "dara"))
    for agent in (ASSISTANT, newer):
        assert serving(Here(agent=agent, register=Register((SYSTEM,), both)).stream()) == agent


def test_what_is_missing_is_named() -> None:
    assert missing(SYSTEM, date(2026, 11, 27)) == []
    assert missing(System("x"), date(2026, 11, 27)) == [
        "an owner", "the need it serves", "a baseline", "a target", "a cost cap", "a stop date", "a review date",
    ]  # fmt: skip
    late = msgspec.structs.replace(SYSTEM, stop_on="2026-11-27", risk_class="prohibited")
    assert missing(late, date(2026, 11, 27)) == ["a stop date that is still to come", "a use that is not prohibited"]


def test_first_words_are_of_the_channel_and_language_and_said_once() -> None:
    stream = Here().stream()
    text, told = disclosure(stream, ASSISTANT, "de-AT")
    assert (text, told) == (TEXTS["de"], Disclosed("assistant", "41", "de", 256))
    assert told is not None
    stream.facts.put(told)
    assert disclosure(stream, ASSISTANT, "de") == ("", None)


def test_the_registers_own_words_go_before_what_ships() -> None:
    own = {"voice/fr": "Bonjour, ici une IA.", "es": "Soy una IA."}
    assert text_for(own, TEXTS["en"], "voice", "fr") == ("Bonjour, ici une IA.", "fr")
    assert text_for(own, TEXTS["en"], "chat", "es") == ("Soy una IA.", "es")
    assert text_for(own, TEXTS["en"], "chat", "fr") == (TEXTS["fr"], "fr")
    assert text_for({}, "A company's own sentence.", "chat", "fr") == ("A company's own sentence.", "en")
    assert text_for({}, TEXTS["en"], "voice", "xx") == (TEXTS["voice/en"], "en")
    assert set(TEXTS) == {f"{c}{t}" for c in ("", "voice/") for t in ("en", "es", "de", "fr")}


def test_the_models_that_ship_tell_their_version_hash_and_data() -> None:
    found = {m.system.id: m for m in shipped()}
    assert {"model-fast", "model-slow", "model-pii", "model-resolution", "model-hearing"} <= set(found)
    for model in found.values():
        assert len(model.hash) == 64 and model.data and model.licence and model.limits and model.figures
        assert model.system.purpose and model.system.role == "provider"


def test_an_approval_is_of_the_terms_that_were_declared() -> None:
    assert (
        Approval("assistant", "41", configuration(ASSISTANT, PROCEDURES), NOW - DAY, NOW + DAY, "dara", "mara", 3, 100)
        == APPROVAL
    )
