"""A Baton with a small history of a test's own: transcripts and contact records as a customer would export them, and staff to look at them."""

import csv
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import BrowserContext, Page

from baton.kernel.clock import SystemChance, WallClock
from baton.web.staff import Accounts, Staff
from tests.browser.serving import Served, serve

PASSWORD = "correct horse battery staple"
STAFF = (
    Staff("jack", "jack@halcyon.example", "Jack Moreau", "rep"),
    Staff("mara", "mara@halcyon.example", "Mara Nilsen", "supervisor"),
    Staff("ruth", "ruth@halcyon.example", "Ruth Ekwueme", "analyst"),
)
WHO: dict[str, str] = {staff.role: staff.email for staff in STAFF}
COLUMNS = ("conversation", "at", "role", "text", "rep", "customer", "channel", "intent", "outcome", "queue")
HOSTILE = "<img src=x onerror=\"document.title='owned'\"><b>bold</b>"

Talk = list[tuple[str, str]]  # role, text
BOT: Talk = [
    ("customer", "My refund has not arrived"),
    ("agent", "It is on its way."),
]


@dataclass(frozen=True)
class Told:
    """One conversation of the file."""

    id: str
    days_ago: float
    talk: Talk
    customer: str
    channel: str = "chat"
    intent: str = "refund_status"
    outcome: str = ""
    rep: str = ""


def history() -> list[Told]:
    """Sixty conversations: one that was contained on Tuesday and rang on Thursday, one with markup in it, and plain ones."""
    rang: Talk = [
        ("customer", "I chatted about my refund, it never came"),
        ("rep", "I see it was returned, I send it again."),
    ]
    plain = [
        Told(f"plain-{n}", 8 + n / 4, BOT, f"c{n}", outcome="resolved" if n % 2 else "", intent="seat_change")
        for n in range(56)
    ]
    return [
        Told("tuesday", 4, [("customer", "Where is my zebra refund?"), ("agent", "It is on its way.")], "ana", outcome="resolved"),
        Told("thursday", 1.9, rang, "ana", "voice", outcome="resolved", rep="jack"),
        Told("hostile", 3, [("customer", HOSTILE), ("agent", "Thank you.")], "eve", intent="complaint"),
        Told("given-up", 3, [*BOT, ("customer", "No, that is wrong")], "bo", intent="complaint", outcome="given_up"),
        *plain,
    ]  # fmt: skip


def write(told: list[Told], path: Path) -> Path:
    """The transcripts as `baton import csv` takes them."""
    now = datetime.now(UTC)
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, COLUMNS)
        writer.writeheader()
        for each in told:
            for n, (role, text) in enumerate(each.talk):
                at = now - timedelta(days=each.days_ago) + timedelta(minutes=n)
                writer.writerow(
                    {"conversation": each.id, "at": at.isoformat(), "role": role, "text": text, "customer": each.customer,
                     "channel": each.channel, "intent": each.intent, "outcome": each.outcome, "queue": "refunds",
                     "rep": each.rep if role == "rep" else ""}
                )  # fmt: skip
    return path


def run(*argv: str) -> str:
    """Run `baton ARGV`; what it printed."""
    program = Path(sys.executable).with_name("baton")
    done = subprocess.run([str(program), *argv], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def baton(home: Path, *imports: tuple[str, Path]) -> Iterator[Served]:
    """Baton over these imports, with STAFF able to sign in."""
    for kind, path in imports:
        run("import", kind, str(path), "--home", str(home / "baton"))
    accounts = Accounts(home / "baton" / "staff.db", WallClock(), SystemChance())
    for staff in STAFF:
        accounts.add(staff, PASSWORD)
    accounts.close()
    with serve(home, "start") as running:
        yield running


def sign_in(context: BrowserContext, url: str, role: str, email: str = "", password: str = PASSWORD) -> None:
    """Sign in, as the browser keeps it."""
    answer = context.request.post(f"{url}/api/sign-in", data={"email": email or WHO[role], "password": password})
    assert answer.ok, answer.text()


def fits(page: Page) -> bool:
    """Whether nothing scrolls sideways."""
    wide: bool = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return not wide
