"""`xquik-bot alive` asks the port that the settings name, whatever else listens on the machine."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.cli.program import xquik_bot
from tests.journeys.run.harness import free_port


@contextmanager
def _answering(status: int) -> Iterator[int]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/healthz" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_one_that_lives(tmp_path: Path) -> None:
    with _answering(200) as port:
        (tmp_path / "config.toml").write_text(f'[web]\nhost = "0.0.0.0"\nport = {port}\n')
        ended = xquik_bot(tmp_path, "alive")
        assert (ended.code, ended.out, ended.err) == (0, "", "")
        (tmp_path / "config.toml").write_text("[web]\nport = 1\n")
        assert xquik_bot(tmp_path, "alive", XQUIK_BOT_WEB__PORT=str(port)).code == 0


def test_one_that_does_not(tmp_path: Path) -> None:
    with _answering(503) as port:
        (tmp_path / "config.toml").write_text(f"[web]\nport = {port}\n")
        ended = xquik_bot(tmp_path, "alive")
        assert (ended.code, f"port {port} answers with 503" in ended.err) == (1, True), ended.err
    (tmp_path / "config.toml").write_text(f"[web]\nport = {free_port()}\n")
    ended = xquik_bot(tmp_path, "alive")
    assert (ended.code, "Nothing answers on 127.0.0.1" in ended.err) == (1, True), ended.err
    assert "xquik-bot check" in ended.err
