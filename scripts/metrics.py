"""Write docs/reference/metrics.md from the metric registry."""

from baton.capabilities.performance.registry import page
from scripts.tree import ROOT


def main() -> None:
    """Write the page."""
    target = ROOT / "docs" / "reference" / "metrics.md"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(page())


if __name__ == "__main__":
    main()
