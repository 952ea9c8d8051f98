"""Every event is registered under its own name, and no field hides what the kernel reads of its type."""

import msgspec
import pytest

from baton.kernel.events import Event, Fact
from scripts.tree import all_events

pytestmark = pytest.mark.unit

each_event = pytest.mark.parametrize("kind", all_events().values(), ids=all_events().keys())


@each_event
def test_no_field_hides_what_the_kernel_reads_of_the_type(kind: type[Event]) -> None:
    known = {"event_name", "event_version", "personal_fields"} | ({"slot", "over"} if issubclass(kind, Fact) else set())
    own = {field.name for field in msgspec.structs.fields(kind)}
    assert not own & known, "The kernel reads these of the type: the field would read as the event's own name."


@each_event
def test_an_event_says_what_it_is(kind: type[Event]) -> None:
    assert (kind.__doc__ or "").strip()
