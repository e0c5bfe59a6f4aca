"""Everything that a tenant may ask of Xquik, by resource; what needs somebody's Confirm is not among it.

    xquik = await call.xquik()
    user = await xquik.users.show("nasa")

Writes on X (`bot.xquik.writes`), changes of the account (`bot.xquik.account_changes`), draws
(`bot.xquik.draw_runs`) and extractions (`bot.xquik.extraction_runs`) are deliberately not here:
`bot.proposals` and `bot.app` alone import them, so that nothing changes X or the account, draws winners or
collects for credits without an approved proposal.
"""

from __future__ import annotations

from typing import assert_never

from bot.xquik.models import AnyMonitor, KeywordMonitor, Monitor, PostMonitor
from bot.xquik.resources.account import AccountResource
from bot.xquik.resources.analyses import AnalysesResource
from bot.xquik.resources.articles import ArticlesResource
from bot.xquik.resources.broadcasts import BroadcastsResource
from bot.xquik.resources.communities import CommunitiesResource
from bot.xquik.resources.compose import ComposeResource
from bot.xquik.resources.drafts import DraftsResource
from bot.xquik.resources.draws import DrawsResource
from bot.xquik.resources.events import EventsResource
from bot.xquik.resources.extractions import ExtractionsResource
from bot.xquik.resources.inbox import InboxResource
from bot.xquik.resources.keyword_monitors import KeywordMonitorsResource
from bot.xquik.resources.lists import ListsResource
from bot.xquik.resources.media import MediaResource
from bot.xquik.resources.monitors import MonitorsResource, MonitorsSeen
from bot.xquik.resources.places import PlacesResource
from bot.xquik.resources.post_monitors import PostMonitorsResource
from bot.xquik.resources.radar import RadarResource
from bot.xquik.resources.spaces import SpacesResource
from bot.xquik.resources.styles import StylesResource
from bot.xquik.resources.support import SupportResource
from bot.xquik.resources.trends import TrendsResource
from bot.xquik.resources.tweets import TweetsResource
from bot.xquik.resources.users import UsersResource
from bot.xquik.resources.webhooks import WebhooksResource
from bot.xquik.resources.write_actions import WriteActionsResource
from bot.xquik.resources.x_accounts import XAccountsResource
from bot.xquik.transport.caller import Caller


class XquikClient:
    """The resources of one tenant. Each request raises what `Transport.request` raises."""

    def __init__(self, caller: Caller, seen: MonitorsSeen | None = None) -> None:
        """seen: told of the monitors of accounts in every answer."""
        self.account = AccountResource(caller)
        self.articles = ArticlesResource(caller)
        self.communities = CommunitiesResource(caller)
        self.analyses = AnalysesResource(caller)
        self.compose = ComposeResource(caller)
        self.drafts = DraftsResource(caller)
        self.draws = DrawsResource(caller)
        self.events = EventsResource(caller)
        self.inbox = InboxResource(caller)
        self.extractions = ExtractionsResource(caller)
        self.keyword_monitors = KeywordMonitorsResource(caller)
        self.lists = ListsResource(caller)
        self.media = MediaResource(caller)
        self.monitors = MonitorsResource(caller, seen)
        self.places = PlacesResource(caller)
        self.post_monitors = PostMonitorsResource(caller)
        self.radar = RadarResource(caller)
        self.support = SupportResource(caller)
        self.broadcasts = BroadcastsResource(caller)
        self.spaces = SpacesResource(caller)
        self.styles = StylesResource(caller)
        self.trends = TrendsResource(caller)
        self.tweets = TweetsResource(caller)
        self.users = UsersResource(caller)
        self.webhooks = WebhooksResource(caller)
        self.write_actions = WriteActionsResource(caller)
        self.x_accounts = XAccountsResource(caller)

    def watching(
        self, monitor: AnyMonitor
    ) -> MonitorsResource | KeywordMonitorsResource | PostMonitorsResource:
        """The resource that a monitor is of."""
        match monitor:
            case Monitor():
                return self.monitors
            case KeywordMonitor():
                return self.keyword_monitors
            case PostMonitor():
                return self.post_monitors
            case _:
                assert_never(monitor)
