"""`/healthz` (the process lives), `/readyz` (it can do its work) and `/metrics`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

Checks = Callable[[], Awaitable[Mapping[str, bool]]]
"""What must be true to be ready, by name."""


def health_routes(checks: Checks) -> list[Route]:
    """checks: what must be true to be ready, by name. Never names a tenant or says why not."""

    async def live(_request: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def ready(_request: Request) -> Response:
        found = await checks()
        good = all(found.values())
        return JSONResponse({"ready": good, "checks": dict(found)}, status_code=200 if good else 503)

    return [Route("/healthz", live), Route("/readyz", ready)]


def metrics_route(text: Callable[[], bytes], content_type: str) -> Route:
    """text: all figures in the format of Prometheus."""

    async def metrics(_request: Request) -> Response:
        return Response(text(), media_type=content_type)

    return Route("/metrics", metrics)
