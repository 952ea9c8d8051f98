"""Gallery: the page that shows every component in every state, with an invented shell around it."""

from jinja2 import Environment

from baton.web.templating import SCREENS, Link, Shell, Viewer

INVENTED = Shell(
    viewer=Viewer("Mara Nilsen", "supervisor", "mara@halcyon.example"),
    screens=SCREENS,
    active="live",
    csrf="gallery",
    zone="Europe/Madrid",
    organisation="Halcyon Air",
    invented=True,
    presence="available",
    notices=2,
    notices_href="#marks",
    views=(
        Link("Refunds, last 28 days", "/gallery?queue=refunds", "shared", current=True),
        Link("AI took first", "/gallery?by=ai"),
    ),
    commands=(Link("Import conversations", "/admin/import", "admin"), Link("Stop an agent", "/agents", "agents")),
)


def gallery(templates: Environment, now_ms: int, shell: Shell = INVENTED) -> str:
    """The page as HTML. `now_ms` is what its clocks count from; pass the viewer's shell where someone is signed in."""
    return templates.get_template("gallery.html").render(shell=shell, now=now_ms)
