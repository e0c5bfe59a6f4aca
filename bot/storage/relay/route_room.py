"""How many routes a tenant may have, and how much their filters may look for in the text of each event.

Routing is done for all tenants in turns, and one event is never divided: what one tenant can make it cost
has to be bounded. Inside the transaction that stores the route, which goes on alone for its tenant.
"""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.errors import LimitReached
from bot.core.messages.message import msg
from bot.core.routes import route_json
from bot.core.routes.filtering import searches
from bot.core.routes.route import Route
from bot.storage.tables import routes

# All of them are held in memory while the tenant has events.
ROUTES = 1_000
# Words, and patterns as several (`bot.core.routes.filtering.searches`).
SEARCHES = 10_000


async def for_another(connection: AsyncConnection, route: Route, most: int) -> None:
    """LimitReached when the tenant of a new route has `most` already."""
    count = select(func.count()).select_from(routes).where(routes.c.tenant == str(route.destination.tenant))
    if (await connection.execute(count)).scalar_one() >= most:
        raise LimitReached(
            msg("There are {most} routes here, which is the limit.", most=most),
            remedy=msg(
                "Remove a route first, or let one lead to several channels or name several accounts. "
                "Whoever runs this bot can raise `relay.routes_per_tenant`."
            ),
        )


async def for_filters(connection: AsyncConnection, route: Route) -> None:
    """LimitReached when the filters of all routes of the tenant, with this one's, would look for too much."""
    own = searches(route.filters)
    if not own:
        return
    others = select(routes.c.settings).where(
        routes.c.tenant == str(route.destination.tenant),
        routes.c.id != route.id,
        routes.c.settings != "{}",
    )
    words = own + sum([_searches(text, route) for text in (await connection.execute(others)).scalars()])
    if words > SEARCHES:
        raise LimitReached(
            msg(
                "With this, the filters of all routes here look for {words} words (a pattern counts as "
                "several); the limit is {most}.",
                words=words,
                most=SEARCHES,
            ),
            remedy=msg("Use fewer words, or one route with several channels instead of several routes."),
        )


def _searches(settings: str, any_route: Route) -> int:
    try:
        return searches(route_json.decode(settings, any_route).filters)
    except ValueError:
        return 0  # such a route is paused
