"""Article files: markdown with a head and numbered sections, read into articles.

The head is TOML between `+++` lines (or `key: value` lines between `---`): id, title, owner, review_on (or review_by),
reviewed, intents, language, state, audience, team. `## 2. Title` opens section 2; what stands before the first one is section 0.
A table `[asked]` in a TOML head holds questions that a section answers, as customers put them: `2 = ["What does it cost?"]`.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec.structs import replace

from baton.capabilities.knowledge.events import Article, Articles, Section
from baton.kernel.errors import BatonError

HEAD = re.compile(r"\A\s*(\+\+\+|---)\r?\n(.*?)\r?\n\1\r?\n(.*)\Z", re.DOTALL)
TITLE = re.compile(r"^# +(.+)$", re.MULTILINE)
UNNAMED = re.compile(r"[^\w.-]+")
SECTION = re.compile(r"^#{2,3} +(\d+)[.)]? +(.+)$", re.MULTILINE)
LISTED = re.compile(r"[\"']?([^,\"'\[\]]+)[\"']?")


def article_of(name: str, markdown: str) -> Article:
    """One file as an article; `name` is what it is called where the head gives no id.

    Raises:
        BatonError: the head is missing, or is not what it should be.
    """
    match = HEAD.match(markdown)
    if match is None:
        raise _refused(name, "it needs a head between +++ lines")
    head, body = _head(name, match[1], match[2]), match[3]
    title = TITLE.search(body)
    return Article(
        id=_id(head.get("id", Path(name).stem)),
        title=_text(head, "title") or (title[1].strip() if title else name),
        sections=_with_asked(_sections(TITLE.sub("", body, count=1)), head.get("asked")),
        owner=_text(head, "owner"),
        review_on=_text(head, "review_on", "review_by"),
        state=_text(head, "state") or "published",
        intents=_words(head.get("intents")),
        language=_text(head, "language") or "en",
        reviewed_on=_text(head, "reviewed", "reviewed_on"),
        audience=_text(head, "audience") or "customer",
        team=_text(head, "team"),
    )


def articles_in(files: Iterable[tuple[str, str]]) -> Articles:
    """The policy made of (name, markdown) files; articles are in the order of their ids."""
    found = [article_of(name, markdown) for name, markdown in files]
    return Articles(articles=tuple(sorted(found, key=lambda a: (len(a.id), a.id))))


def articles_of(folder: Path) -> Articles:
    """The policy made of every `.md` file of a folder."""
    paths = sorted(folder.glob("*.md"))
    return articles_in((path.name, path.read_text(encoding="utf-8")) for path in paths)


def _head(name: str, fence: str, text: str) -> Mapping[str, object]:
    if fence == "+++":
        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise _refused(name, f"its head is not TOML ({error})") from error
    pairs = (line.partition(":") for line in text.splitlines() if ":" in line)
    return {key.strip(): value.strip().strip("\"'") for key, _, value in pairs}


def _sections(body: str) -> tuple[Section, ...]:
    pieces = SECTION.split(body)
    numbered = zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True)
    sections = [Section(int(number), title.strip(), text.strip()) for number, title, text in numbered]
    intro = pieces[0].strip()
    return (Section(0, "", intro), *sections) if intro else tuple(sections)


def _with_asked(sections: tuple[Section, ...], asked: object) -> tuple[Section, ...]:
    if not isinstance(asked, Mapping):
        return sections
    return tuple(replace(section, asked=_words(asked.get(str(section.number)))) for section in sections)


def _id(value: object) -> str:
    """An id has letters, digits, dots and dashes: citations, and lists of them, are told apart by the other signs."""
    text = UNNAMED.sub("-", str(value)).strip("-")
    return f"art-{int(text)}" if text.isdigit() else text


def _text(head: Mapping[str, object], *keys: str) -> str:
    return next((str(head[key]) for key in keys if key in head), "")


def _words(value: object) -> tuple[str, ...]:
    if isinstance(value, (list, tuple)):
        return tuple(str(each) for each in value)
    return tuple(word.strip() for word in LISTED.findall(str(value or "")) if word.strip())


def _refused(name: str, why: str) -> BatonError:
    return BatonError(
        "article_unreadable", 422, f"Article file {name!r} cannot be read: {why}. Correct it and load it again."
    )
