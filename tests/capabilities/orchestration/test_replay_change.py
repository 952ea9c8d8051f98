"""A change file: what it may hold, and what is refused by its name before anything runs."""

from pathlib import Path

import msgspec
import pytest

from baton.capabilities.empathy.events import Triggers
from baton.capabilities.orchestration.replaying.altering import altered_policies, altered_routing, altered_triggers
from baton.capabilities.orchestration.replaying.change import Change, Hours, parse_change, read_change
from baton.capabilities.orchestration.replaying.rules import not_simulated
from baton.capabilities.routing.events import Queue, Routing
from baton.kernel.errors import BatonError
from baton.kernel.stream import Policies

pytestmark = pytest.mark.unit

ROUTING = Routing((Queue("refunds", "Refunds", "refunds"), Queue("bags", "Bags", "bags")))


def altered(text: str) -> Routing:
    return altered_routing(parse_change(text), ROUTING, lambda rules: rules)


def test_the_example_is_a_change() -> None:
    change = read_change(Path("examples/change.toml"))
    assert change.revises
    assert change.hours["refunds"] == Hours("08:00", "20:00")
    assert change.staffing[0].reps == 2


def test_toml_and_json_say_the_same() -> None:
    toml = parse_change('[hours.refunds]\ncloses = "18:00"\n[[ai_share]]\nchange_percent = -5\n')
    assert toml == parse_change('{"hours": {"refunds": {"closes": "18:00"}}, "ai_share": [{"change_percent": -5}]}')


def test_a_policy_is_altered_where_it_is_named_and_nowhere_else() -> None:
    found = altered(
        '[routing]\nstarving_after_s = 600\n[queues.bags]\nreserved = 2\n[hours.refunds]\nopens = "08:30"\ncloses = "18:00"\nclosed_days = ["sat", "sun"]\n'
    )
    refunds, bags = found.queues
    assert (found.starving_after_s, found.offer_s) == (600, ROUTING.offer_s)
    assert (refunds.opens_minute, refunds.closes_minute, refunds.closed_days) == (510, 1080, (5, 6))
    assert (bags.reserved, bags.opens_minute) == (2, 0)


@pytest.mark.parametrize(("text", "named"), [
    ("[routign]\nstarving_after_s = 1\n", "`routign`"),
    ("[routing]\nstarving_after = 1\n", "'starving_after'"),
    ("[routing]\nqueues = []\n", "'queues'"),
    ("[queues.refunds]\ncolour = 1\n", "'colour'"),
    ("[queues.visas]\nreserved = 1\n", "no queue 'visas'"),
    ("[hours.refunds]\nopens = \"8 am\"\n", "opens|hours"),
    ("[[staffing]]\nqueue = \"visas\"\nreps = 1\n", "no queue 'visas'"),
    ("[[staffing]]\nqueue = \"bags\"\nreps = 1\nbegins = \"22:00\"\nends = \"06:00\"\n", "each side of midnight"),
    ("[[ai_share]]\nchange_percent = 200\n", "change_percent|ai_share"),
    ("[breathers]\nkind = \"nap\"\n", "'nap'|kind"),
    ("[routing]\nstarving_after_s = \"soon\"\n", "starving_after_s"),
    ("title = \"nothing\"\n", "Nothing would be changed"),
    ("not a file at all", "neither TOML nor JSON"),
    ("{\"routing\": ", "neither TOML nor JSON"),
])  # fmt: skip
def test_what_is_unknown_or_cannot_be_is_refused_by_name(text: str, named: str) -> None:
    with pytest.raises(BatonError, match=named) as told:
        altered(text)
    assert (told.value.code, told.value.status) == ("change_refused", 422)
    assert told.value.message.endswith("Nothing was run.")


def test_an_unknown_threshold_is_refused_with_those_there_are() -> None:
    with pytest.raises(BatonError, match=r"no field 'frustration' to change. It has: asks, distress"):
        altered_triggers(parse_change("[thresholds]\nfrustration = 600\n"), Triggers())


def test_a_file_that_is_missing_or_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BatonError, match="cannot be read"):
        read_change(tmp_path / "none.toml")
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BatonError, match="cannot be read"):
        read_change(tmp_path / "bytes.toml")


def test_every_version_is_altered_at_its_own_position() -> None:
    """So a conversation is decided by what it was pinned to, and the change."""
    versions = Policies()
    versions.add("routing.Routing", 256, msgspec.json.encode(Routing((Queue("bags", "Bags"),))))
    versions.add("routing.Routing", 512, msgspec.json.encode(ROUTING))
    change = Change(queues={"refunds": {"target_s": 60}}, thresholds={"failed_attempts": 1})
    to = altered_policies(change, versions, ())
    assert to.as_of(300) == {"routing.Routing": 256, "empathy.Triggers": 1}
    assert [queue.target_s for queue in to.body(Routing, 256).queues] == [20]
    assert [queue.target_s for queue in to.body(Routing, 512).queues] == [60, 20]
    assert to.newest_of(Triggers).failed_attempts == 1
    assert versions.newest_of(Routing) == ROUTING, "the policies in force are as they were"


def test_fields_that_no_simulation_knows_are_said() -> None:
    change = Change(routing={"offer_s": 30, "starving_after_s": 600}, queues={"bags": {"overflow_after_s": 60}})
    assert not_simulated(change) == ("offer_s", "bags.overflow_after_s")
