"""A port that is taken is told with what to do, and a home is not begun again for nothing."""

import socket
from pathlib import Path

import pytest

from baton.assembly.demo import serve_demo
from baton.kernel.errors import BatonError
from baton.settings import Settings

pytestmark = pytest.mark.unit


def test_a_taken_port_is_told_before_anything_is_touched(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.touch()
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        settings = Settings(home=tmp_path, port=other.getsockname()[1])
        with pytest.raises(BatonError, match="--port"):
            serve_demo(settings, fresh=True, traffic=False, days=1, browse=False, as_json=False, say=print)
    assert kept.exists()
