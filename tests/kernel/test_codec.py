"""Codec: what goes in comes out, personal fields are sealed under the stream's key and bound to their place."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.kernel.codec import ERASED, Codec
from baton.kernel.conversation import Decided, Proposed, TurnSaid, Vetoed
from baton.kernel.events import Unknown
from baton.kernel.loop import Caused
from tests.ports.craft.events import Noted, Renamed, Topic

pytestmark = pytest.mark.unit

HERE = "conversation/a"
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=200)
SMALL = st.integers(-(2**53), 2**53)
ARGS = st.dictionaries(TEXT, st.one_of(st.booleans(), SMALL, TEXT), max_size=4)
PROPOSED = st.builds(Proposed, action=TEXT, args=ARGS, value=SMALL, why=TEXT)
EVENTS = st.one_of(
    st.builds(TurnSaid, role=st.sampled_from(["customer", "rep", "agent"]), text=TEXT, nonce=TEXT, who=TEXT, card=TEXT,
              cites=st.lists(TEXT, max_size=3).map(tuple)),
    st.builds(Noted, label=TEXT, nonce=TEXT, private=TEXT, parts=st.lists(TEXT, max_size=4).map(tuple),
              amounts=st.dictionaries(TEXT, SMALL, max_size=4)),
    st.builds(Topic, name=TEXT, times=SMALL, settled=st.booleans()),
    st.builds(Decided, action=TEXT, args=ARGS, value=SMALL, why=TEXT, over=st.lists(PROPOSED, max_size=2).map(tuple),
              vetoed=st.lists(st.builds(Vetoed, action=TEXT, why=TEXT), max_size=2).map(tuple)),
)  # fmt: skip


class Keyring:
    """Keys that are made when asked for, and may be forgotten."""

    def __init__(self) -> None:
        self.keys: dict[str, bytes | None] = {}

    def of(self, stream):
        return self.keys.setdefault(stream, stream.encode().ljust(32, b"k")[:32])


def codec_of(keys=None, **how):
    """A codec over a keyring, or over one of its own."""
    given: Any = keys or Keyring()
    return Codec(given, **how)


@pytest.fixture(scope="module")
def codec():
    return codec_of()


@given(event=EVENTS)
def test_an_event_comes_out_as_it_went_in(codec, event):
    assert codec.decode(HERE, codec.encode(HERE, event)) == event


@given(caused=st.lists(st.builds(Caused, by=TEXT, event=EVENTS), max_size=5))
def test_what_an_input_caused_comes_out_as_it_went_in(codec, caused):
    assert codec.decode_all(HERE, codec.encode_all(HERE, caused)) == caused


@given(event=EVENTS)
def test_packing_leaves_the_event_as_it_was(codec, event):
    before = msgspec.to_builtins(event)
    codec.encode(HERE, event)
    assert msgspec.to_builtins(event) == before


def test_personal_text_is_not_in_the_row(codec):
    said = Noted("label", "n", private="my name is Jane", parts=("Jane", "Doe"), amounts={"Jane": 3})
    body = codec.encode(HERE, said)
    assert b"Jane" not in body and b"Doe" not in body and b"label" in body


def test_the_same_text_is_sealed_differently_each_time(codec):
    assert codec.encode(HERE, TurnSaid("customer", "hello")) != codec.encode(HERE, TurnSaid("customer", "hello"))


def test_a_sealed_field_opens_only_in_its_own_stream_event_and_field(codec):
    body = codec.encode(HERE, Noted("x", private="a", parts=("b",)))
    assert codec.decode("conversation/b", body) == Noted("x", private=ERASED)
    row = msgspec.json.decode(body)
    row["s"]["private"], row["s"]["parts"] = row["s"]["parts"], row["s"]["private"]
    assert codec.decode(HERE, msgspec.json.encode(row)) == Noted("x", private=ERASED)
    other = {**msgspec.json.decode(body), "t": "conversation.TurnSaid", "e": {"role": "rep", "text": ""}}
    other["s"] = {"text": other["s"]["private"]}
    assert codec.decode(HERE, msgspec.json.encode(other)) == TurnSaid("rep", ERASED)


def test_without_a_key_text_reads_erased_and_the_rest_is_empty():
    keys = Keyring()
    codec = codec_of(keys)
    body = codec.encode(HERE, Noted("x", private="a", parts=("b",), amounts={"c": 1}))
    keys.keys[HERE] = None
    codec.forget()
    assert codec.decode(HERE, body) == Noted("x", private=ERASED)


def test_a_key_made_later_is_found():
    keys = Keyring()
    keys.keys[HERE] = None
    codec = codec_of(keys)
    with pytest.raises(KeyError, match="no key"):
        codec.encode(HERE, TurnSaid("customer", "hello"))
    del keys.keys[HERE]
    assert codec.decode(HERE, codec.encode(HERE, TurnSaid("customer", "hello"))) == TurnSaid("customer", "hello")


def test_open_ciphers_are_bounded():
    codec = codec_of(cache=10)
    for n in range(50):
        codec.encode(f"conversation/{n}", TurnSaid("customer", "hello"))
    assert len(codec._open) == 10


def test_an_unknown_event_keeps_name_version_body_and_sealed_fields(codec):
    body = codec.encode(HERE, Noted("x", private="secret"))
    row = msgspec.json.decode(body)
    row["t"], row["v"] = "warranty.Claimed", 3
    stored = msgspec.json.encode(row)
    event = codec.decode(HERE, stored)
    assert isinstance(event, Unknown)
    assert (event.of, event.version) == ("warranty.Claimed", 3)
    assert msgspec.json.decode(codec.encode(HERE, event)) == row


def test_an_old_version_is_brought_up(codec):
    assert codec.decode(HERE, b'{"t":"craft.Renamed","v":1,"e":{"old":"x"}}') == Renamed("x")
    assert codec.decode(HERE, b'{"t":"craft.Renamed","v":2,"e":{"new":"x"}}') == Renamed("x")


def test_a_field_of_a_newer_baton_is_no_error(codec):
    assert codec.decode(HERE, b'{"t":"craft.Renamed","v":2,"e":{"new":"x","later":1}}') == Renamed("x")


def test_a_nul_is_refused_in_an_open_field_and_kept_in_a_sealed_one(codec):
    with pytest.raises(ValueError, match="NUL"):
        codec.encode(HERE, TurnSaid("customer", "", nonce="a\0b"))
    assert codec.decode(HERE, codec.encode(HERE, TurnSaid("customer", "a\0b"))).text == "a\0b"


def test_an_event_that_no_longer_reads_as_its_type_is_kept_as_unknown(codec):
    row = b'{"t":"craft.Topic","v":1,"e":{"name":3}}'
    assert codec.decode(HERE, row) == Unknown("craft.Topic", {"name": 3})
    assert codec.decode(HERE, b'{"t":"craft.Renamed","v":0,"e":{"old":"x"}}') == Unknown(
        "craft.Renamed", {"old": "x"}, 0
    )
    assert msgspec.json.decode(codec.encode(HERE, codec.decode(HERE, row))) == msgspec.json.decode(row)
