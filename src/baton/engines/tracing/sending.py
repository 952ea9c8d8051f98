"""Sending: where spans, results and metrics go: files that only grow, or one OpenTelemetry collector over OTLP/HTTP.

A collector is reached at an address that was looked up and then connected to, is followed nowhere else, and nothing of the environment
changes the way. In plain http only an address inside is reached: what leaves the house is encrypted.
"""

import asyncio
import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, Literal, Protocol

import httpx
import msgspec
from opentelemetry.sdk.metrics.export import MetricsData

from baton.engines.tools.declared import AnswerTooLarge, ToolRefused
from baton.engines.tools.outgoing import Forbidden, address, body_of, client, public
from baton.engines.tracing.evaluating import Evaluation
from baton.engines.tracing.histograms import counts, metrics_as_jsonl, metrics_as_otlp
from baton.engines.tracing.spans import Span
from baton.engines.tracing.wire import as_protobuf, rejected_in
from baton.engines.tracing.written import Request, as_jsonl, as_otlp, results_as_jsonl, results_as_otlp

LIMIT_S: Final = 10.0
ANSWER_BYTES: Final = 65_536
AGAIN: Final = frozenset({408, 429, 502, 503, 504})
"""Answers after which the same is sent again, as OTLP has it; others say that it never will be taken."""
MOST_WAIT_S: Final = 300.0
Protocols = Literal["protobuf", "json"]
log = logging.getLogger(__name__)


class Signals(msgspec.Struct):
    """What is to be sent. What was taken is removed from it, so that sending again sends the rest."""

    spans: list[Span] = []
    results: list[Evaluation] = []
    metrics: MetricsData | None = None

    def __bool__(self) -> bool:
        return bool(self.spans or self.results or self.metrics is not None)

    def taken(self, path: str) -> None:
        """Remove what goes to a path of OTLP."""
        if path == "traces":
            self.spans = []
        elif path == "logs":
            self.results = []
        else:
            self.metrics = None


class Unreachable(Exception):
    """It may be taken later: `after_s` is what the collector asks for, 0 where it says nothing."""

    def __init__(self, why: str, after_s: float = 0.0) -> None:
        super().__init__(why)
        self.after_s = after_s


class Untaken(Exception):
    """It will never be taken as it is, for each of these reasons."""

    def __init__(self, *whys: str) -> None:
        super().__init__(", ".join(whys))
        self.whys = whys


class Target(Protocol):
    """Where signals go."""

    async def send(self, signals: Signals) -> None:
        """Send what is there, and remove what was taken. Raises `Unreachable` or `Untaken`."""
        ...

    async def reach(self) -> None:
        """Try whether anything would be taken. Raises `Unreachable` or `Untaken`."""
        ...


class Files:
    """Files of JSON lines that only grow: spans in the one that is named, results and metrics in `NAME.results` and `NAME.metrics` beside it,
    the last where anything was counted since.
    """

    def __init__(self, path: Path) -> None:
        self._path, self._counted = path, 0

    async def send(self, signals: Signals) -> None:
        """Add the lines."""
        try:
            await asyncio.to_thread(self._append, signals)
        except OSError as error:
            raise Unreachable(type(error).__name__) from error

    async def reach(self) -> None:
        """Open the file."""
        try:
            await asyncio.to_thread(self._add_nothing)
        except OSError as error:
            raise Unreachable(type(error).__name__) from error

    def _add_nothing(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._add("", b"")

    def _append(self, signals: Signals) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        if signals.spans:
            self._add("", as_jsonl(signals.spans))
            signals.taken("traces")
        if signals.results:
            self._add(".results", results_as_jsonl(signals.results))
            signals.taken("logs")
        if signals.metrics is not None:
            counted = counts(signals.metrics)
            if counted != self._counted:
                self._add(".metrics", metrics_as_jsonl(signals.metrics))
            self._counted = counted
            signals.taken("metrics")

    def _add(self, kind: str, lines: bytes) -> None:
        with self._path.with_name(f"{self._path.stem}{kind}{self._path.suffix}").open("ab") as file:
            file.write(lines)


class Collector:
    """An OpenTelemetry collector. `url` is its base address, or that of its traces; `headers` go with each request, `resource` says who tells."""

    def __init__(
        self, url: str, headers: Mapping[str, str], resource: Mapping[str, str], protocol: Protocols = "protobuf"
    ) -> None:
        base = url.rstrip("/").removesuffix("/v1/traces")
        self._url, self._headers, self._resource = httpx.URL(base), dict(headers), dict(resource)
        self._protocol = protocol

    async def send(self, signals: Signals) -> None:
        """Send each kind to its path; one that is refused does not hold up the others."""
        await self._inside()
        refused: list[str] = []
        for path, request in _requests(signals, self._resource):
            try:
                await self._post(path, request)
            except Untaken as error:
                refused += error.whys
            signals.taken(path)
        if refused:
            raise Untaken(*refused)

    async def reach(self) -> None:
        """Send a request with nothing in it."""
        await self._inside()
        await self._post("traces", {"resourceSpans": []})

    async def _inside(self) -> None:
        """Plain http leads to no address outside."""
        if self._url.scheme == "https":
            return
        try:
            found = await address(self._url.host, self._url.port or 80, True)
        except ToolRefused as error:
            raise Unreachable(error.code) from error
        if public(found):
            raise Untaken("plain http to an address outside; give its https address")

    async def _post(self, path: str, request: Request) -> None:
        plain = self._protocol == "json"
        body = msgspec.json.encode(request) if plain else as_protobuf(request)
        headers = {**self._headers, "content-type": "application/json" if plain else "application/x-protobuf"}
        try:
            async with (
                client(str(self._url), True, LIMIT_S) as http,
                http.stream("POST", f"{self._url}/v1/{path}", content=body, headers=headers) as answer,
            ):
                _judge(answer, path)
                told = await body_of(answer, ANSWER_BYTES)
                _tell(_rejected(told) if plain else rejected_in(told), path)
        except AnswerTooLarge:
            return
        except Forbidden as error:
            raise Untaken(error.code) from error
        except (httpx.HTTPError, ToolRefused, OSError) as error:
            raise Unreachable(type(error).__name__) from error


def _requests(signals: Signals, resource: Mapping[str, str]) -> Iterator[tuple[str, Request]]:
    if signals.spans:
        yield "traces", as_otlp(signals.spans, resource)
    if signals.results:
        yield "logs", results_as_otlp(signals.results, resource)
    if signals.metrics is not None:
        yield "metrics", metrics_as_otlp(signals.metrics, resource)


def _judge(answer: httpx.Response, path: str) -> None:
    if answer.status_code in AGAIN:
        told = answer.headers.get("retry-after", "")
        raise Unreachable(f"{path} {answer.status_code}", min(float(told), MOST_WAIT_S) if told.isdecimal() else 0.0)
    if not answer.is_success:
        raise Untaken(f"{path} {answer.status_code}")


class _Partial(msgspec.Struct, frozen=True, rename="camel"):
    rejected_spans: int | str = 0
    rejected_log_records: int | str = 0
    rejected_data_points: int | str = 0


class _Answer(msgspec.Struct, frozen=True, rename="camel"):
    partial_success: _Partial = _Partial()


def _rejected(body: bytes) -> int:
    try:
        told = msgspec.json.decode(body, type=_Answer).partial_success
    except msgspec.MsgspecError:
        return 0
    counts = (told.rejected_spans, told.rejected_log_records, told.rejected_data_points)
    return sum(int(each) for each in counts if str(each).isdecimal())


def _tell(left: int, path: str) -> None:
    """Log what was taken in part only. The collector's own words are not repeated."""
    if left:
        log.warning("a collector left out part of what it was sent: path=%s left_out=%d", path, left)
