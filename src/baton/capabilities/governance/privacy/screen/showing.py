"""What every page of privacy shows: its tabs, who is who, and what whoever looks may do."""

from typing import Final

from fastapi import Request
from starlette.responses import Response

from baton.capabilities.governance.screen.tabs import tabs
from baton.web.app import App
from baton.web.asked import in_words

TABS: Final = (
    ("people", "People", "/governance/privacy"),
    ("holds", "Legal holds", "/governance/privacy/holds"),
    ("keep", "Keep and delete", "/governance/privacy/keep"),
    ("looks", "Who looked", "/governance/privacy/looks"),
)


def page(app: App, request: Request, template: str, tab: str, **context: object) -> Response:
    """A page of privacy."""
    staff = app.staff(request)
    told: dict[str, object] = {
        "governance": tabs(app, staff, "/governance/privacy"), "kind_in_words": kind_in_words,
        "tabs_of": [{"href": href, "label": label, "current": name == tab} for name, label, href in TABS],
        "names": {each.id: each.name for each in app.accounts.everyone()}, "zone": app.organisation.zone, "in_words": in_words,
        "may_change": app.may(staff, "change", "admin"), "may_export": app.may(staff, "export", "admin"), "csrf": app.csrf(request),
    }  # fmt: skip
    return app.page(
        request,
        f"capabilities/governance/privacy/pages/{template}.html",
        screen="governance",
        status=200,
        own=False,
        **told,
        **context,
    )


WORDS: Final = {
    "conversation.TurnSaid": "What was said",
    "conversation.Started": "How conversations began",
    "conversation.ActionDone": "What other systems answered",
    "agents.Gave": "What they gave an agent: names, codes",
    "routing.Summary": "Summaries at a handover",
}


def kind_in_words(event: str) -> str:
    """A kind of sealed value as people read it: `conversation.TurnSaid` as "What was said"; one without words by its name."""
    if event in WORDS:
        return WORDS[event]
    words = "".join(f" {c.lower()}" if c.isupper() else c for c in event.rpartition(".")[2])
    return words.strip().capitalize()
