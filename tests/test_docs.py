"""The docs are run: commands of the README and how-tos work, links lead somewhere, reference pages are what the code says."""

import os
import re
import shlex
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from scripts.reference import main as reference
from scripts.tree import ROOT
from tests.ports.servers import START_TIMEOUT_S

pytestmark = pytest.mark.port

PAGES = [
    ROOT / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
    *(ROOT / n for n in ("ARCHITECTURE.md", "CONTRIBUTING.md")),
]
RUN = [page for page in PAGES if "```sh" in page.read_text()]


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text())
    gone = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert not gone


def test_settings_commands_and_events_are_described_as_they_are() -> None:
    assert reference(["--check"]) == 0


@pytest.mark.parametrize("page", RUN, ids=name)
def test_the_commands_of_a_page_run_in_order(page: Path, tmp_path: Path) -> None:
    env = {**os.environ, "BATON_HOME": str(tmp_path / "home"), "BATON_PORT": str(free_port())}
    for block in re.findall(r"```sh\n(.*?)```", page.read_text(), re.DOTALL):
        for line in filter(None, map(str.strip, block.splitlines())):
            run(line, env)


def run(line: str, env: dict[str, str]) -> None:
    words = shlex.split(line, comments=True)
    if words[0] == "make":
        return
    assert words[0] in (".venv/bin/baton", "baton"), line
    command = [sys.executable, "-m", "baton.cli", *words[1:]]
    if words[1] == "start":
        serves([*command, "--port", env["BATON_PORT"]], env)
        return
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"


def serves(command: list[str], env: dict[str, str]) -> None:
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < deadline:
            time.sleep(0.1)
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{env['BATON_PORT']}/health", timeout=1) as answer:
                    assert answer.status == 200
                    return
            except OSError:
                assert process.poll() is None
        pytest.fail(f"It did not serve within {START_TIMEOUT_S:.0f} s.")
    finally:
        process.terminate()
        process.wait(10)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
