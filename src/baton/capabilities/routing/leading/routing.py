"""What routing says when people move work by hand. Named like routing's other events; `routing.events` offers them."""

from baton.kernel.events import Event, Fact, Personal


class GivenTo(Event, frozen=True, gc=False, omit_defaults=True):
    """On a conversation: its rep gives it to the colleague who took their consult, past the queue."""

    rep: str
    to: str
    name: str
    consult: str = ""
    note: Personal[str] = ""


class Moved(Event, frozen=True, gc=False, omit_defaults=True):
    """On a conversation: a supervisor (`by`) moves it to the line of another queue; how long it waited goes along."""

    by: str
    queue: str
    reason: str = ""


class Placed(Event, frozen=True, gc=False, omit_defaults=True):
    """On the assignment stream: a rep holds a conversation that was not offered to them; it takes their places all the same."""

    conversation: str
    rep: str
    queue: str
    since_ms: int
    channel: str = "chat"
    skill: str = ""
    language: str = ""
    level: str = ""
    epoch: int = 0


class Lent(Event, frozen=True, gc=False, omit_defaults=True):
    """On the assignment stream: until a time a rep is offered work of these skills; `by` decided it. Without skills, they are back."""

    rep: str
    skills: tuple[str, ...] = ()
    until_ms: int = 0
    by: str = ""
    reason: str = ""


class Loan(Fact, frozen=True, gc=False, omit_defaults=True):
    """A rep is lent until a time: the skills they work by, and those they come back to. One per rep."""

    rep: str
    skills: tuple[str, ...] = ()
    until_ms: int = 0
    own: tuple[str, ...] = ()
    own_levels: tuple[int, ...] = ()
    by: str = ""

    @property
    def slot(self) -> str:
        """One per rep."""
        return self.rep

    @property
    def over(self) -> bool:
        """A loan without an end is none."""
        return self.until_ms == 0
