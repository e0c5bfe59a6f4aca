"""Help with writing: compose, refine, score; and saved drafts."""

from __future__ import annotations

from typing import TypeAlias

from msgspec.structs import force_setattr

from bot.core.text.shortening import decoded
from bot.xquik.models.base import Model, Page


class ContentRule(Model, frozen=True, kw_only=True):
    """One editorial rule of thumb."""

    rule: str
    description: str | None = None


class SourceHint(Model, frozen=True, kw_only=True):
    """A radar source worth looking at for the topic."""

    source: str
    guidance: str = ""
    use_for: str = ""


class ComposeGuide(Model, frozen=True, kw_only=True):
    """The first step: what to keep in mind, and what to ask the author."""

    content_rules: tuple[ContentRule, ...] = ()
    follow_up_questions: tuple[str, ...] = ()
    top_penalties: tuple[str, ...] = ()
    radar_recommendations: tuple[SourceHint, ...] = ()
    style_tweets: tuple[str, ...] = ()
    style_note: str | None = None
    engagement_velocity: str | None = None
    source: str | None = None
    intent_url: str | None = None
    next_step: str | None = None

    def __post_init__(self) -> None:
        """X's texts come with three characters encoded (`decoded`)."""
        if self.style_tweets:
            force_setattr(self, "style_tweets", tuple(map(decoded, self.style_tweets)))


class ExamplePattern(Model, frozen=True, kw_only=True):
    """A way to build the tweet."""

    pattern: str
    description: str = ""


class RefineGuide(Model, frozen=True, kw_only=True):
    """The second step: guidance for goal and tone."""

    composition_guidance: tuple[str, ...] = ()
    example_patterns: tuple[ExamplePattern, ...] = ()
    intent_url: str | None = None
    next_step: str | None = None


class ScoreCheck(Model, frozen=True, kw_only=True):
    """One check of the text. suggestion: only where it failed."""

    factor: str
    passed: bool = False
    suggestion: str | None = None


class Score(Model, frozen=True, kw_only=True):
    """The third step: deterministic checks, not a prediction of reach."""

    checklist: tuple[ScoreCheck, ...] = ()
    passed: bool = False
    passed_count: int = 0
    total_checks: int = 0
    top_suggestion: str | None = None
    intent_url: str | None = None
    next_step: str | None = None


class Draft(Model, frozen=True, kw_only=True):
    """A saved text."""

    id: str
    text: str = ""
    topic: str | None = None
    goal: str | None = None
    created_at: str | None = None
    updated_at: str | None = None


DraftPage: TypeAlias = Page[Draft]
