"""Everything the Xquik API answers, as immutable, forward-compatible values."""

from bot.xquik.models.accounts import Account, Credits, Identity, MonitorBilling, Topup, XAccount
from bot.xquik.models.actions import ActionResult, WriteAction
from bot.xquik.models.base import Page, Pageable, moment, parse, parse_page
from bot.xquik.models.draws import Draw, DrawDetail, DrawPage, ExportFile, MediaDownload, Winner
from bot.xquik.models.people import BioTranslation, FollowCheck, UserInsights
from bot.xquik.models.posts import RepliesPage, Tweet, User, replies_page, tweet_from_body, tweet_page
from bot.xquik.models.relay import (
    CreatedWebhook,
    DeliveryAttempts,
    EventPage,
    KeywordMonitor,
    Monitor,
    Webhook,
    WebhookTest,
    XquikEvent,
)
from bot.xquik.models.support import Ticket, TicketFile, TicketWords
from bot.xquik.models.topics import RadarItem, RadarPage, Trend, Trends
from bot.xquik.models.writing import (
    ComposeGuide,
    ContentRule,
    Draft,
    DraftPage,
    ExamplePattern,
    RefineGuide,
    Score,
    ScoreCheck,
    SourceHint,
)

__all__ = [
    "Account",
    "ActionResult",
    "BioTranslation",
    "ComposeGuide",
    "ContentRule",
    "CreatedWebhook",
    "Credits",
    "DeliveryAttempts",
    "Draft",
    "DraftPage",
    "Draw",
    "DrawDetail",
    "DrawPage",
    "EventPage",
    "ExamplePattern",
    "ExportFile",
    "FollowCheck",
    "Identity",
    "KeywordMonitor",
    "MediaDownload",
    "Monitor",
    "MonitorBilling",
    "Page",
    "Pageable",
    "RadarItem",
    "RadarPage",
    "RefineGuide",
    "RepliesPage",
    "Score",
    "ScoreCheck",
    "SourceHint",
    "Ticket",
    "TicketFile",
    "TicketWords",
    "Topup",
    "Trend",
    "Trends",
    "Tweet",
    "User",
    "UserInsights",
    "Webhook",
    "WebhookTest",
    "Winner",
    "WriteAction",
    "XAccount",
    "XquikEvent",
    "moment",
    "parse",
    "parse_page",
    "replies_page",
    "tweet_from_body",
    "tweet_page",
]
