"""Codec: events to bytes and back. Personal fields are sealed here, before any store sees them.

A row body is JSON `{"t": name, "v": version, "e": open fields, "s": {field: sealed}}`. A sealed field is
nonce || AES-256-GCM(key of the stream, JSON of the value), bound to (stream, event, field) as associated data.
Where the key was forgotten the field reads `ERASED` (or empty where it is not text).
"""

import logging
import os
from collections import OrderedDict
from copy import copy
from functools import cache
from typing import Any, get_origin, get_type_hints

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from baton.kernel.events import REGISTRY, Event, Unknown, lifted
from baton.kernel.loop import Caused
from baton.kernel.ports import Keys

log = logging.getLogger(__name__)
ERASED = "[erased]"
NONCE_BYTES = 12
NUL = b"\\u0000"


class Packed(msgspec.Struct, omit_defaults=True, gc=False):
    """One event as it is stored."""

    t: str
    v: int
    e: Any
    s: dict[str, bytes] | None = None
    b: str = ""


class _Read(msgspec.Struct, gc=False):
    t: str
    v: int
    e: msgspec.Raw
    s: dict[str, bytes] | None = None
    b: str = ""


_encoder = msgspec.json.Encoder()
_one = msgspec.json.Decoder(_Read)
_many = msgspec.json.Decoder(list[_Read])


class Codec:
    """Seals, encodes, decodes and opens; holds at most `cache` open ciphers, which erasure clears first."""

    def __init__(self, keys: Keys, cache: int = 20_000) -> None:
        self.keys = keys
        self._cache = cache
        self._open: OrderedDict[str, AESGCM] = OrderedDict()

    def forget(self) -> None:
        """Drop every open cipher."""
        self._open.clear()

    def pack(self, stream: str, event: Event, by: str = "") -> Packed:
        """`event` ready to be encoded, its personal fields sealed."""
        kind = type(event)
        if isinstance(event, Unknown):
            return Packed(event.of, event.version, event.body, dict(event.sealed) or None, by)
        if not kind.personal_fields:
            return Packed(kind.event_name, kind.event_version, event, None, by)
        bare, sealed = copy(event), {}
        for field in kind.personal_fields:
            if value := getattr(event, field):
                sealed[field] = self._seal(stream, kind.event_name, field, value)
                msgspec.structs.force_setattr(bare, field, _blank(value))
        return Packed(kind.event_name, kind.event_version, bare, sealed, by)

    def encode(self, stream: str, event: Event) -> bytes:
        """The row body of an input.

        Raises:
            ValueError: an open field holds a NUL or half a surrogate pair: not every database keeps them.
        """
        body = _encoder.encode(self.pack(stream, event))
        if NUL in body and _holds_nul(msgspec.json.decode(body)):
            raise ValueError("a NUL character")
        return body

    def encode_all(self, stream: str, caused: list[Caused]) -> bytes:
        """The row body of all that one input caused."""
        return _encoder.encode([self.pack(stream, c.event, c.by) for c in caused])

    def decode(self, stream: str, body: bytes) -> Event:
        """The event of a row body."""
        return self._unpack(stream, _one.decode(body))

    def decode_all(self, stream: str, body: bytes) -> list[Caused]:
        """What an input caused."""
        return [Caused(r.b, self._unpack(stream, r)) for r in _many.decode(body)]

    def _unpack(self, stream: str, read: _Read) -> Event:
        kind, event = _revived(read)
        if isinstance(event, Unknown):
            return msgspec.structs.replace(event, sealed=read.s or {})
        for field, sealed in (read.s or {}).items():
            if field in kind.personal_fields:
                msgspec.structs.force_setattr(event, field, self._unseal(stream, kind, field, sealed))
        return event

    def _cipher(self, stream: str) -> AESGCM | None:
        known = self._open.get(stream)
        if known is not None:
            return known
        key = self.keys.of(stream)
        if key is None:
            return None
        cipher = self._open[stream] = AESGCM(key)
        if len(self._open) > self._cache:
            self._open.popitem(last=False)
        return cipher

    def _seal(self, stream: str, name: str, field: str, value: object) -> bytes:
        cipher = self._cipher(stream)
        if cipher is None:
            raise KeyError(f"Stream {stream!r} has no key: it was erased, or the key store is not the one of this log.")
        nonce = os.urandom(NONCE_BYTES)
        return nonce + cipher.encrypt(nonce, _encoder.encode(value), f"{stream}|{name}|{field}".encode())

    def _unseal(self, stream: str, kind: type[Event], field: str, sealed: bytes) -> object:
        cipher = self._cipher(stream)
        decoder, erased = _field(kind, field)
        if cipher is None:
            return erased
        bound = f"{stream}|{kind.event_name}|{field}".encode()
        try:
            return decoder.decode(cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound))
        except (InvalidTag, msgspec.MsgspecError):
            return erased


def _holds_nul(value: object) -> bool:
    if isinstance(value, dict):
        return any(_holds_nul(part) for pair in value.items() for part in pair)
    if isinstance(value, list):
        return any(_holds_nul(part) for part in value)
    return isinstance(value, str) and "\0" in value


def _blank(value: object) -> object:
    return "" if isinstance(value, str) else type(value)()


@cache
def _field(kind: type[Event], field: str) -> "tuple[msgspec.json.Decoder[object], object]":
    """How a personal field is read, and what stands where its key was forgotten."""
    hint = get_type_hints(kind)[field]
    origin = get_origin(hint) or hint
    return msgspec.json.Decoder(hint), ERASED if origin is str else origin()


_decoders: dict[type[Event], msgspec.json.Decoder[Event]] = {}


def _revived(read: _Read) -> tuple[type[Event], Event]:
    """The event; one that no longer reads as its type is kept as an unknown one: a row must never stop its lane."""
    try:
        return _typed(read)
    except (msgspec.MsgspecError, KeyError):
        log.exception("an event does not read as its type: name=%s version=%d", read.t, read.v)
        return Unknown, Unknown(read.t, msgspec.json.decode(read.e), read.v)


def _typed(read: _Read) -> tuple[type[Event], Event]:
    kind = REGISTRY.get(read.t)
    if kind is None or kind.event_version != read.v:
        kind, plain = lifted(read.t, read.v, msgspec.json.decode(read.e))
        return kind, msgspec.convert(plain, kind)
    decoder = _decoders.get(kind)
    if decoder is None:
        decoder = _decoders[kind] = msgspec.json.Decoder(kind)
    return kind, decoder.decode(read.e)
