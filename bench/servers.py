"""Start and stop the servers that the bench measures, each on a free port of this machine."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
START_S = 60


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def serving(name: str, command: list[str], folder: Path, **environment: str) -> Iterator[str]:
    """Run a server while the block lasts; the value is its address. `{port}` in the command becomes its port."""
    port = free_port()
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *(part.format(port=port) for part in command)],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_for_health(name, process, port)
            yield f"http://127.0.0.1:{port}"
        finally:
            stop(process)


def wait_for_health(name: str, process: subprocess.Popen[bytes], port: int) -> None:
    """Return once the server answers; SystemExit says which one does not."""
    last = time.monotonic() + START_S
    while time.monotonic() < last and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2):
            return
        time.sleep(0.1)
    raise SystemExit(f"bench: expected the server '{name}' to answer within {START_S} s, got none. Start it by hand.")


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a server we started, politely first."""
    process.terminate()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def streamlit(script: str) -> list[str]:
    """The command that serves a Streamlit script."""
    options = ["--server.port", "{port}", "--server.address", "127.0.0.1", "--server.headless", "true"]
    return ["streamlit", "run", script, *options, "--browser.gatherUsageStats", "false"]
