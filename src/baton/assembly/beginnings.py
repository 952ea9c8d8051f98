"""Beginnings: the first files of a new capability. Nothing else is edited: the folder is what makes it load."""

from pathlib import Path

from baton.kernel.errors import BatonError

CARD = '''"""{title}: say in one sentence what it is for, in the field's words."""

from baton.kernel.capability import Card

CARD = Card(trend="{trend}", title="{title}")
'''
EVENTS = '''"""What {name} says."""

from baton.kernel.events import Fact


class {kind}(Fact, frozen=True, gc=False, omit_defaults=True):
    """What is true of a conversation, as far as {name} understands it. Score in permille."""

    score: int
'''
UNDERSTAND = '''"""Understanding: what a customer's turn says about {name}."""

from collections.abc import Iterator

from baton.capabilities.{name}.events import {kind}
from baton.kernel.conversation import TurnSaid
from baton.kernel.facts import Facts
from baton.kernel.stream import Stream


def mentioned(turn: TurnSaid, stream: Stream, facts: Facts) -> Iterator[{kind}]:
    """The customer mentions it."""
    if turn.role == "customer" and "{name}" in turn.text.lower() and facts.get({kind}) is None:
        yield {kind}(1000)
'''
TEST = '''"""{title}: what a turn says."""

import pytest

from baton.capabilities.{name}.events import {kind}
from baton.capabilities.{name}.understand import mentioned
from baton.kernel.conversation import TurnSaid
from baton.kernel.stream import Policies, Stream

pytestmark = pytest.mark.unit


def test_a_customer_who_mentions_it_is_understood():
    stream = Stream("conversation/one", Policies())
    assert list(mentioned(TurnSaid("customer", "My {name} has run out."), stream, stream.facts)) == [{kind}(1000)]
    assert list(mentioned(TurnSaid("customer", "Hello."), stream, stream.facts)) == []
'''
SCENE = """# {title}: what a supervisor would expect to see.

customer: My {name} has run out.
  -> {name}.{kind}
"""


def begin_capability(name: str, trend: str, root: Path) -> list[str]:
    """Write card, event, understanding, test and scene; returns the paths.

    Raises:
        BatonError: the name is not a word, is taken, or this is not a checkout.
    """
    folder = root / "src" / "baton" / "capabilities"
    if not name.isidentifier() or not name.islower():
        raise BatonError(
            "bad_name", 422, f"{name!r} is no name for a capability. Use one lower-case word, such as warranty."
        )
    if not folder.is_dir():
        raise BatonError(
            "no_checkout", 422, f"{str(root)!r} is not a checkout of Baton. Change into one and try again."
        )
    if (folder / name).exists():
        raise BatonError("name_taken", 409, f"There is a capability {name!r} already. Choose another name.")
    words = {
        "name": name,
        "trend": trend,
        "title": name.replace("_", " ").capitalize(),
        "kind": name.title().replace("_", ""),
    }
    files = {
        folder / name / "__init__.py": CARD, folder / name / "events.py": EVENTS, folder / name / "understand.py": UNDERSTAND,
        root / "tests" / "capabilities" / name / f"test_{name}.py": TEST, root / "tests" / "scenes" / f"{name}.scene": SCENE,
    }  # fmt: skip
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.format(**words), encoding="utf-8")
    return [str(path.relative_to(root)) for path in files]
