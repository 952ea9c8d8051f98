"""Write the vectors of what Halcyon Air wrote, so that its demo understands questions from its first second."""

from baton.assembly.written import known
from baton.capabilities.agents.procedures.files import procedures_in
from baton.demo.halcyon.files import text_of, texts_in
from baton.demo.policies import articles
from baton.engines.meanings import FILE, Meanings
from baton.engines.models.slow import SlowTier
from scripts.tree import ROOT

TARGET = ROOT / "src" / "baton" / "demo" / "halcyon" / FILE


def main() -> None:
    """Read what has no vector yet, and keep all that is still said."""
    meanings = Meanings(TARGET)
    meanings.learn(known(articles(), procedures_in(texts_in("procedures", ".toml"), text_of("tools.toml"))))
    texts = meanings.missing(100_000)
    meanings.keep(texts, SlowTier().embed(texts))


if __name__ == "__main__":
    main()
