"""Read models of governance."""

import msgspec

from baton.capabilities.agents.events import ApprovalAsked, ApprovalGiven, Confirmation
from baton.capabilities.governance.events import (
    Consent,
    CustomerErased,
    Disclosed,
    ErasureAsked,
    GatePolicies,
    Halted,
    HoldEnded,
    HoldPlaced,
    IncidentAnswered,
    IncidentOpened,
    Looked,
    LooksForgotten,
    SignedIn,
    Stop,
    TakenOut,
    TextErased,
    stopped_here,
)
from baton.capabilities.governance.gate.ledger import APPROVED_MS
from baton.capabilities.governance.privacy import keeping
from baton.capabilities.governance.register import keeping as registered
from baton.capabilities.governance.tables import (
    ACCESS,
    APPROVED,
    CALLS,
    CHANGES,
    CONFIRMED,
    GATES,
    OPEN,
    SWITCHES,
    VETOES,
)
from baton.kernel.conversation import ActionDone, Decided, Ended, Holder, PolicyRevised, Started, TurnSaid
from baton.kernel.stream import Stream, policy_name
from baton.kernel.tables import Tables

DAY_MS = 86_400_000
STOP = policy_name(Stop)
GATE = policy_name(GatePolicies)


def begun(event: Started, stream: Stream, tables: Tables) -> None:
    """A live conversation is the agent's until the baton changes hands."""
    if event.origin == "live" and stream.id.startswith("conversation/"):
        halted = ",".join(stopped_here(stream))
        tables.put(
            OPEN, {"conversation": stream.key}, state="open", holder="agent", halted=halted, started_ms=stream.now_ms
        )


def held(event: Holder, stream: Stream, tables: Tables) -> None:
    """Who holds it now."""
    if stream.live:
        tables.put(OPEN, {"conversation": stream.key}, holder=event.kind)


def halted(event: Halted, stream: Stream, tables: Tables) -> None:
    """The switch has reached it."""
    tables.put(OPEN, {"conversation": stream.key}, halted=",".join(event.agents))


def over(event: Ended, stream: Stream, tables: Tables) -> None:
    """Nothing is to be stopped there any more."""
    if stream.live:
        tables.put(OPEN, {"conversation": stream.key}, state="ended")


def looked(event: Looked, stream: Stream, tables: Tables) -> None:
    """A conversation's text was opened."""
    row = {"staff": event.staff, "act": "looked", "conversation": event.conversation, "role": ""}
    tables.put(ACCESS, {"position": stream.entry.position}, **row, at_ms=stream.now_ms)


def signed_in(event: SignedIn, stream: Stream, tables: Tables) -> None:
    """A member of staff signed in."""
    row = {"staff": event.staff, "act": "signed_in", "conversation": "", "role": event.role}
    tables.put(ACCESS, {"position": stream.entry.position}, **row, at_ms=stream.now_ms)


def vetoed(event: Decided, stream: Stream, tables: Tables) -> None:
    """What governance refused on the way to a decision."""
    for veto in event.vetoed:
        tables.add(VETOES, {"action": veto.action, "why": veto.why, "day": stream.now_ms // DAY_MS}, vetoed=1)


def switched(event: PolicyRevised, stream: Stream, tables: Tables) -> None:
    """The kill switch was turned."""
    if event.policy == STOP:
        agents = ",".join(msgspec.json.decode(event.body, type=Stop).agents)
        row = {"agents": agents, "staff": event.author, "why": event.why}
        tables.put(SWITCHES, {"position": stream.entry.position}, **row, at_ms=stream.now_ms)


def revised(event: PolicyRevised, stream: Stream, tables: Tables) -> None:
    """A policy was changed."""
    row = {"policy": event.policy, "author": event.author or stream.entry.by, "why": event.why, "replay": event.replay}
    tables.put(CHANGES, {"position": stream.entry.position}, **row, emergency=int(event.emergency), at_ms=stream.now_ms)


def confirmed(event: Confirmation, stream: Stream, tables: Tables) -> None:
    """A yes was asked for, given, or used up."""
    customer = (stream.started.customer if stream.started else "") or stream.id
    state = "used" if event.used else "given" if event.given else "asked"
    row: dict[str, str | int | None] = {
        "customer": customer,
        "until_ms": event.until_ms,
        "state": state,
        "channel": event.channel,
    }
    if state == "asked":
        row["act"] = ""
    tables.put(CONFIRMED, {"conversation": stream.id, "bound": event.bound}, **row)


def spent(event: Decided, stream: Stream, tables: Tables) -> None:
    """A yes is spent by the decision to act on it, under that act's key."""
    bound = str(event.args.get("bound", ""))
    if event.action == "run_tool" and bound:
        tables.put(CONFIRMED, {"conversation": stream.id, "bound": bound}, act=event.key)


def approval_asked(event: ApprovalAsked, stream: Stream, tables: Tables) -> None:
    """A person is asked to approve one act."""
    if event.bound and stream.id.startswith("conversation/"):
        tables.put(APPROVED, {"approval": event.approval}, conversation=stream.id, bound=event.bound)


def approval_given(event: ApprovalGiven, stream: Stream, tables: Tables) -> None:
    """They did."""
    if event.ok and stream.id.startswith("conversation/"):
        tables.put(APPROVED, {"approval": event.approval}, until_ms=stream.now_ms + APPROVED_MS)


def judged(event: ActionDone, stream: Stream, tables: Tables) -> None:
    """The gate judged a call."""
    if not event.grounds:
        return
    told = {name: str(event.grounds.get(name, "")) for name in ("tool", "risk", "kind")}
    tables.put(
        CALLS, {"position": stream.entry.position}, conversation=stream.id, **told, allowed=int(event.detail != "not_allowed"),
        rules=",".join(event.rules), grounds=msgspec.json.encode(event.grounds).decode(), at_ms=stream.now_ms,
    )  # fmt: skip


def gated(event: PolicyRevised, stream: Stream, tables: Tables) -> None:
    """Policies of the gate were put in force."""
    if event.policy == GATE:
        row = {"author": event.author, "why": event.why, "replay": event.replay}
        tables.put(
            GATES, {"position": stream.entry.position}, **row, emergency=int(event.emergency), at_ms=stream.now_ms
        )


def erasure_asked(event: ErasureAsked, stream: Stream, tables: Tables) -> None:
    """Somebody is to be forgotten."""
    keeping.asked(event, stream, tables)


def erased(event: CustomerErased, stream: Stream, tables: Tables) -> None:
    """They are."""
    keeping.erased(event, stream, tables)


def dark(event: TextErased, stream: Stream, tables: Tables) -> None:
    """A conversation's text is gone."""
    keeping.dark(event, stream, tables)


def hold_placed(event: HoldPlaced, stream: Stream, tables: Tables) -> None:
    """Records are held."""
    keeping.placed(event, stream, tables)


def hold_ended(event: HoldEnded, stream: Stream, tables: Tables) -> None:
    """They no longer are."""
    keeping.ended(event, stream, tables)


def agreed(event: Consent, stream: Stream, tables: Tables) -> None:
    """What somebody's data may be used for."""
    keeping.agreed(event, stream, tables)


def taken_out(event: TakenOut, stream: Stream, tables: Tables) -> None:
    """Somebody took personal data out."""
    keeping.taken(event, stream, tables)


def looks_forgotten(event: LooksForgotten, stream: Stream, tables: Tables) -> None:
    """Who looked is forgotten."""
    keeping.unseen(event, tables)


def told_at_first(event: Disclosed, stream: Stream, tables: Tables) -> None:
    """The customer knows that an AI speaks."""
    registered.told(event, stream, tables)


def spoke_untold(event: TurnSaid, stream: Stream, tables: Tables) -> None:
    """An AI spoke and nothing shows that the customer was told."""
    registered.spoke(event, stream, tables)


def incident_opened(event: IncidentOpened, stream: Stream, tables: Tables) -> None:
    """Something went wrong with an AI system."""
    registered.opened(event, stream, tables)


def incident_answered(event: IncidentAnswered, stream: Stream, tables: Tables) -> None:
    """Something was done about it."""
    registered.answered(event, stream, tables)
