"""Whatever listens is bounded: every place that makes a server is known, and is one of two."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.architecture.parsed import tree_of

ROOT = Path(__file__).parents[2]
# What makes a server listen: in the standard library, and in the libraries that are installed.
MAKES = frozenset(
    {
        "AsyncSlackAsgiServer", "HTTPServer", "ThreadingHTTPServer", "TCPServer", "TCPSite", "UnixSite",
        "SockSite", "create_server", "create_unix_server", "run_app", "start_http_server",
        "start_server", "start_unix_server", "start_wsgi_server",
    }
)  # fmt: skip
# In uvicorn and slack-bolt; elsewhere these names are usual words.
OF_LIBRARIES = frozenset({"uvicorn.Config", "uvicorn.Server", "uvicorn.run"})
BOUNDED = "bot/app/server.py"
SANDBOX = "bot/sandbox/server.py"


def test_every_server_is_the_bounded_one_or_the_sandboxs() -> None:
    found = {name for name, nodes in _ours().items() if any(map(_makes_a_server, nodes))}
    assert found == {BOUNDED, SANDBOX}


def test_what_every_server_begins_with_is_used_by_the_bounded_one_alone() -> None:
    """`LeavingServer` has no bounds of its own."""
    found = {
        name
        for name, nodes in _ours().items()
        for node in nodes
        if isinstance(node, ast.ImportFrom) and node.module == "bot.web.leaving"
    }
    assert found == {BOUNDED}


def test_the_bounded_one_speaks_the_bounded_protocol() -> None:
    source = (ROOT / BOUNDED).read_text(encoding="utf-8")
    configs = [
        call
        for call in ast.walk(tree_of(source))
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "uvicorn.Config"
    ]
    (config,) = configs
    given = {word.arg: ast.unparse(word.value) for word in config.keywords}
    assert given["http"] == "protocol"
    assert "partial(BoundedProtocol, connections=bounded)" in source
    assert (given["ws"], given["proxy_headers"]) == ("'none'", "False")


@cache
def _ours() -> dict[str, list[ast.AST]]:
    """The nodes of every file."""
    return {
        str(path.relative_to(ROOT)): list(ast.walk(tree_of(path.read_text(encoding="utf-8"))))
        for package in ("bot", "adapters")
        for path in sorted((ROOT / package).rglob("*.py"))
    }


def _names(node: ast.AST) -> Iterator[str]:
    """The last words of `a.b.c`, the last one first; of what is no such chain, those that stand in a row."""
    while isinstance(node, ast.Attribute):
        yield node.attr
        node = node.value
    if isinstance(node, ast.Name):
        yield node.id


def _dotted(node: ast.AST) -> str:
    return ".".join(reversed(list(_names(node))))


def _makes_a_server(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    name = _dotted(node.func)
    return name in OF_LIBRARIES or name.rpartition(".")[2] in MAKES


def test_nothing_decides_by_an_address_that_the_sender_had_a_hand_in() -> None:
    """`Request.url` is put together with the Host header; what was asked for is `scope["path"]`."""
    found = [
        f"{name}:{node.lineno}"
        for name, nodes in _ours().items()
        if "xquik" not in Path(name).parts  # requests that we send
        for node in nodes
        if isinstance(node, ast.Attribute) and _dotted(node) in ("request.url", "request.base_url")
    ]
    assert found == []
