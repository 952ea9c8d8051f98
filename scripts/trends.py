"""TRENDS.md from the capabilities' cards: trend, folder, screen, metrics, scene. `--check` tells whether it is true."""

import sys
from importlib import import_module
from pathlib import Path

from scripts.tree import ROOT, capability_names, card_of, scenes_of

FILE = ROOT / "TRENDS.md"
HEAD = """# Trends

Which trend of the field is served where. Generated from the capabilities' cards by `make trends`; checked by
`make check`. `base` is the craft every contact centre needs, `U` what only Baton's one log makes possible.

| trend | capability | what it does | screen | metrics | scene |
|---|---|---|---|---|---|
"""


def page() -> str:
    """The text of TRENDS.md."""
    rows = sorted(((card.trend, name) for name in capability_names() if (card := card_of(name))), key=_order)
    return HEAD + "".join(_row(name) for _, name in rows)


def _order(row: tuple[str, str]) -> tuple[int, int, str]:
    trend, name = row
    return (0, 0, name) if trend == "base" else (1, int(trend), name) if trend.isdigit() else (2, 0, name)


def _row(name: str) -> str:
    card = card_of(name)
    assert card is not None  # noqa: S101  only capabilities with a card come here
    module = import_module(f"baton.capabilities.{name}")
    says = (module.__doc__ or "").strip().split("\n", 1)[0]
    screen = f"`{card.screen}`" if card.screen else ""
    metrics = ", ".join(f"`{metric}`" for metric in card.metrics)
    scene = next((_link(path) for path in scenes_of(name)), "")
    folder = f"[{name}](src/baton/capabilities/{name})"
    cells = (card.trend, folder, says.replace("|", "\\|"), screen, metrics, scene)
    return f"| {' | '.join(cells)} |\n"


def _link(path: Path) -> str:
    return f"[{path.stem}]({path.relative_to(ROOT)})"


def main(arguments: list[str]) -> int:
    """Write or check; the exit code."""
    wanted = page()
    if "--check" not in arguments:
        FILE.write_text(wanted)
    elif not FILE.exists() or FILE.read_text() != wanted:
        print("TRENDS.md is not what the cards say. Run make trends.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
