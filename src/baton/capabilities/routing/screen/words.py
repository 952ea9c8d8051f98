"""Words of the screen: short, literal, in the supervisor's role."""

from typing import Final

POLICIES: Final = {
    "knowledge.Articles": "Articles",
    "routing.Routing": "Queues and how they are served",
    "agents.Agents": "AI agents in force",
    "performance.Costs": "Costs of service",
    "wellbeing.Wellbeing": "Breathers and work load",
    "agents.Procedures": "Procedures of the AI",
    "empathy.Triggers": "When a person is needed",
    "complexity.Grading": "How complexity is graded",
    "complexity.Foreseeing": "What signs of hard work foretell",
    "complexity.Usual": "Usual handle times",
    "governance.Stop": "Kill switch",
    "individual.Individual": "Choice of rep and what is remembered",
    "individual.Learned": "How long contacts take and quotes are kept",
    "routing.Effects": "Which teams suit which intents",
    "floor.Outage": "Outage told of",
    "floor.Budget": "Hourly budget of cover",
}


def plural(count: int, one: str, many: str = "") -> str:
    """`1 customer`, `2 customers`."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def listed(words: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def signed(mood: int) -> str:
    """A mood as a signed tenth: -640 as −0.6."""
    tenths = round(mood / 100)
    return f"\N{MINUS SIGN}{-tenths / 10:.1f}" if tenths < 0 else f"{tenths / 10:.1f}"
