"""Procedures are looked at before they are in force: each thing that would go wrong is named with its line, its step and what to do."""

from pathlib import Path

import pytest

from baton.capabilities.agents.events import Scene
from baton.capabilities.agents.procedures.checking import lines_of
from baton.capabilities.agents.procedures.files import looked_at, procedure_of, procedures_of, read, risks_of
from baton.capabilities.agents.procedures.trying import played
from baton.capabilities.agents.procedures.writing import written
from baton.kernel.errors import BatonError

pytestmark = pytest.mark.unit

RISKS = {"look": "read", "pay": "irreversible", "note": "reversible"}
HEAD = 'id = "p"\ntitle = "P"\nintents = ["p"]\n'
ASK = '[[slot]]\nname = "code"\nkind = "booking"\nask = "Which?"\n\n[[step]]\nid = "ask"\ndo = "ask"\nslot = "code"\n\n'
END = '[[step]]\nid = "done"\ndo = "say"\ntext = "Done."\nend = "done"\n'


def step(id: str, kind: str, **fields: str) -> str:
    """A step of a file."""
    told = "".join(f"{name} = {value}\n" for name, value in fields.items())
    return f'[[step]]\nid = "{id}"\ndo = "{kind}"\n{told}\n'


def wrong(toml: str) -> list[str]:
    """What is wrong with it."""
    return [problem.told for problem in looked_at("p.toml", HEAD + toml, RISKS)[1]]


CONFIRM, PAY = (
    step("confirm", "confirm", text='"Shall I pay?"'),
    step("pay", "tool", tool='"pay"', args='{ code = "{code}" }'),
)


def test_a_procedure_that_asks_confirms_and_acts_is_taken() -> None:
    assert wrong(ASK + CONFIRM + PAY + END) == []


def test_a_circle_is_named() -> None:
    look = step("look", "tool", tool='"look"', missing='"again"')
    again = step("again", "branch", cases='[{ field = "x.y", is = "true", go = "look" }]')
    (told,) = wrong(ASK + look + again + END)
    assert told.startswith("line 14, 'look': look -> again -> look never asks anyone anything new.")


def test_going_back_to_a_question_that_was_answered_is_a_circle_too() -> None:
    (told,) = wrong(ASK + step("look", "tool", tool='"look"', missing='"ask"') + END)
    assert "ask -> look -> ask" in told


def test_going_back_through_a_what_if_is_none() -> None:
    what = '[[what_if]]\nid = "lost"\ntext = "I do not find it."\ngo = "ask"\n'
    assert wrong(ASK + step("look", "tool", tool='"look"', missing='"lost"') + END + what) == []


@pytest.mark.parametrize(("toml", "told"), [
    (ASK + PAY + END, "'pay' (irreversible) can run before the customer has said yes"),
    (ASK + step("b", "branch", cases='[{ field = "x.y", is = "1", go = "pay" }]') + CONFIRM + PAY + END, "on every way to it"),
    (ASK + CONFIRM + PAY + step("twice", "tool", tool='"pay"') + END, "the yes of 'confirm' is for 'pay' alone"),
    (ASK + step("x", "tool", tool='"steal"') + END, "there is no tool 'steal'"), (ASK + step("x", "tool") + END, "it names no tool"),
    (ASK + END + step("lost", "say", text='"Hm."'), "nothing leads to this step"),
    (ASK + END + '[[what_if]]\nid = "w"\ntext = "Hm."\ngo = "end"\n', "nothing leads to this what-if"),
    ('[[slot]]\nname = "email"\n' + ASK + END, "'email': this slot is never asked"),
    (step("ask", "ask", slot='"who"') + END, "which is no slot"), (ASK + step("s", "say", text='"Hi {name}"') + END, "no slot is named 'name'"),
    (ASK + step("s", "say", text='"Hi {user.name}"') + END, "no step saves 'user'"), (ASK + ASK[ASK.index("[[step]]"):] + END, "two steps"),
    (ASK + step("end", "say", text='"Bye"'), "is an ending"), (ASK + step("x", "tool", tool='"look"', failed='"nowhere"') + END, "'nowhere'"),
    (ASK + "[[step]]\nid = 7\ndo = \"dance\"", "line 14"), ("[[step]]\nid = \"a\nb", "line 5"), ("", "it has no steps"),
])  # fmt: skip
def test_what_would_go_wrong_is_told_with_what_to_do(toml: str, told: str) -> None:
    found = wrong(toml)
    assert any(told in each for each in found), found
    with pytest.raises(BatonError, match=r"'p\.toml' cannot be read"):
        procedure_of("p.toml", HEAD + toml, RISKS)


def test_lines_are_where_steps_begin() -> None:
    toml = HEAD + ASK + END
    lines = toml.splitlines()
    for name in ("ask", "code", "done"):
        assert lines[lines_of(toml)[name] - 1].startswith(("[[step]]", "[[slot]]"))


@pytest.mark.parametrize("name", sorted(p.name for p in Path("src/baton/demo/halcyon/procedures").glob("*.toml")))
def test_nothing_is_wrong_with_halcyons_procedures(name: str) -> None:
    folder = Path("src/baton/demo/halcyon")
    risks = risks_of((folder / "tools.toml").read_text())
    assert looked_at(name, (folder / "procedures" / name).read_text(), risks)[1] == []


def test_scenes_of_halcyon_go_as_they_should() -> None:
    folder = Path("src/baton/demo/halcyon")
    found = procedures_of(folder / "procedures", folder / "tools.toml")
    scenes = [played(made, scene) for made in found.procedures for scene in made.scenes]
    assert len(scenes) >= 4
    assert [scene.wrong for scene in scenes if scene.wrong] == []


@pytest.mark.parametrize("name", sorted(p.name for p in Path("src/baton/demo/halcyon/procedures").glob("*.toml")))
def test_a_procedure_that_is_written_reads_the_same(name: str) -> None:
    folder = Path("src/baton/demo/halcyon")
    risks = risks_of((folder / "tools.toml").read_text())
    made = read(name, (folder / "procedures" / name).read_text(), risks)
    assert read(name, written(made, ("a note",), risks), risks) == made


def test_a_scene_that_goes_otherwise_says_what_is_wrong() -> None:
    made = procedure_of("p.toml", HEAD + ASK + CONFIRM + PAY + END, RISKS)
    fine = Scene("fine", ("QK7M2P", "yes"), gives={"pay": {"ok": True}})
    assert played(made, fine).wrong == ""
    assert "should end with 'done'" in played(made, Scene("no", ("QK7M2P", "no"))).wrong
    assert "nobody says 'hooray'" in played(made, Scene("words", fine.says, hears=("hooray",))).wrong
    assert "over before the customer says" in played(made, Scene("more", (*fine.says, "and you?"))).wrong
    lost = Scene(
        "lost", ("QK7M2P", "yes"), "give_up", {"pay": {"fails": "unknown"}}, ("I cannot tell you whether it was done",)
    )
    assert played(made, lost).wrong == ""


def test_a_file_cannot_lower_the_risk_of_a_tool() -> None:
    toml = ASK + PAY.replace('tool = "pay"', 'tool = "pay"\nrisk = "read"') + END
    (told,) = wrong(toml)
    assert "'pay' (irreversible) can run before" in told


def test_the_scene_in_the_how_to_goes_as_it_should() -> None:
    blocks = Path("docs/howto/procedures.md").read_text().split("```toml\n")[1:]
    toml = "\n".join(block.split("```", 1)[0] for block in blocks)
    made = procedure_of("name_correction.toml", toml, {"booking": "read", "correct_name": "irreversible"})
    (scene,) = made.scenes
    assert played(made, scene).wrong == ""


def test_an_act_is_taken_back_where_a_later_one_fails() -> None:
    second = step("second", "confirm", text='"And the other?"')
    other = step("other", "tool", tool='"note"', failed='"take_back"', then='"done"')
    back = step("take_back", "tool", tool='"undo:pay"', args='{ code = "{code}" }', then='"sorry"')
    sorry = step("sorry", "say", text='"It did not work; I took the first back."', end='"refused"')
    toml = HEAD + ASK + CONFIRM + PAY + second + other + back + sorry + END
    made = procedure_of("p.toml", toml, RISKS)
    undo = made.step("take_back")
    assert undo is not None
    assert undo.risk == "reversible"
    scene = Scene("x", ("QK7M2P", "yes", "yes"), "refused", {"other": {"fails": "failed"}}, ("I took the first back",))
    assert played(made, scene).wrong == ""


@pytest.mark.parametrize(
    ("toml", "line", "words"),
    [
        ('id = "x"\ntitle = \n', 2, "a value is missing"), ('id = "x"\ntitle "y"\n', 2, "no = between"), ('id = "x\ntitle = "y"\n', 1, "no closing quote"),
        ('id = "x"\nslots = [', 2, "not finished"), ('id = "x"\nid = "y"\n', 2, "given twice"), ('[[step\nid = "x"\n', 1, "no closing ]"),
    ],
)  # fmt: skip
def test_what_is_no_toml_is_told_in_plain_words_with_its_line(toml: str, line: int, words: str) -> None:
    (found,) = looked_at("p.toml", toml, RISKS)[1]
    assert (found.line, words in found.text) == (line, True)
