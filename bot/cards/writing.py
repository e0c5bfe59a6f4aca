"""Help with writing: compose, refine, score; and saved drafts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.cards.figures import when
from bot.cards.numbers import NO_NUMBERS, numbered
from bot.core.chat.cards import (
    Block,
    Bold,
    Button,
    Card,
    Code,
    Field,
    Fields,
    Line,
    Priority,
    Progress,
    Quote,
    Table,
    Text,
    Tone,
    line,
)
from bot.core.commands.local_numbers import written
from bot.core.messages.message import msg, nmsg
from bot.core.text.invisible import marked
from bot.core.text.shortening import shorten
from bot.xquik.models import ComposeGuide, Draft, RefineGuide, Score

MAX_RULES = 8
_DRAFT = msg("Draft")


def compose_card(
    topic: str, guide: ComposeGuide, buttons: tuple[Button, ...] = (), *, style: bool = True
) -> Card:
    """What to keep in mind for a tweet on a topic, and what to answer first. style: whether the person may
    see what is saved of the style."""
    blocks: list[Block] = []
    if guide.follow_up_questions:
        blocks.append(Text(line(Bold(msg("Answer these first")))))
        blocks.append(_numbered(guide.follow_up_questions))
    if guide.content_rules:
        blocks.append(Text(line(Bold(msg("What works")))))
        rules = tuple(
            f"{rule.rule}: {rule.description}" if rule.description else rule.rule
            for rule in guide.content_rules[:MAX_RULES]
        )
        blocks.append(_bulleted(rules, total=len(guide.content_rules)))
    if guide.top_penalties:
        blocks.append(Text(line(Bold(msg("What costs reach")))))
        blocks.append(_bulleted(guide.top_penalties))
    if style and guide.style_tweets:
        blocks.append(Text(line(Bold(msg("Texts of that style")))))
        blocks += [
            Quote(shorten(marked(one), 280), priority=Priority.QUOTED) for one in guide.style_tweets[:3]
        ]
    if style and guide.style_note:
        blocks.append(Text(line(guide.style_note), subtle=True))
    blocks.append(Text(line(msg("Next: `tweet refine` with a tone, or write and `tweet score` it."))))
    return Card(msg("Composing: {topic}", topic=shorten(topic, 80)), tuple(blocks), Tone.INFO, buttons)


def refine_card(topic: str, guide: RefineGuide, buttons: tuple[Button, ...] = ()) -> Card:
    """Guidance for goal and tone, with patterns to build on."""
    blocks: list[Block] = []
    if guide.composition_guidance:
        blocks.append(_bulleted(guide.composition_guidance[:12], total=len(guide.composition_guidance)))
    if guide.example_patterns:
        rows: tuple[tuple[Line, ...], ...] = tuple(
            ((shorten(one.pattern, 120),), (shorten(one.description, 200),)) for one in guide.example_patterns
        )
        blocks.append(Table((msg("Pattern"), msg("How")), rows))
    if not blocks:
        none = msg("Xquik has no guidance for this. Try another tone, or a plainer topic.")
        blocks.append(Text(line(none)))
    return Card(msg("Refining: {topic}", topic=shorten(topic, 80)), tuple(blocks), Tone.INFO, buttons)


def score_card(text: str, length: int, limit: int, score: Score, buttons: tuple[Button, ...] = ()) -> Card:
    """The checks a text passes and what to change. length: weighted, as X counts."""
    rows: list[tuple[Line, ...]] = []
    for check in score.checklist:
        mark = "✓" if check.passed else "✗"
        rows.append(((mark,), (check.factor,), ("" if check.passed else check.suggestion or "–",)))
    blocks: list[Block] = [
        Quote(marked(text), priority=Priority.QUOTED),
        Progress(
            score.passed_count,
            score.total_checks,
            msg("Checks passed"),  # of how many, the bar says
        ),
        Table(("", msg("Check"), msg("Change")), tuple(rows)),
    ]
    if score.top_suggestion and not score.passed:
        blocks.append(Text(line(Bold(msg("First:")), " ", score.top_suggestion)))
    over = length > limit
    fits = (
        msg("{length} of {limit} characters – too long to post.", length=length, limit=limit)
        if over
        else msg("{length} of {limit} characters.", length=length, limit=limit)
    )
    blocks.append(Text(line(fits, " ", msg("Checks of the text, not a promise of reach.")), subtle=True))
    tone = Tone.SUCCESS if score.passed and not over else Tone.WARNING
    return Card(msg("Tweet score"), tuple(blocks), tone, buttons)


def draft_card(
    draft: Draft, title: str = _DRAFT, buttons: tuple[Button, ...] = (), *, number: int | None = None
) -> Card:
    """One saved text. number: what the place calls it."""
    fields = [Field(msg("Id"), (Code(draft.id),))]
    if number is not None:
        fields.insert(0, Field(_DRAFT, (Code(written(number)),)))
    if draft.topic:
        fields.append(Field(msg("Topic"), (shorten(draft.topic, 100),)))
    if draft.goal:
        fields.append(Field(msg("Goal"), (draft.goal,)))
    fields.append(Field(msg("Saved"), when(draft.updated_at or draft.created_at, relative=True)))
    return Card(
        title, (Quote(marked(draft.text), priority=Priority.OWN), Fields(tuple(fields))), Tone.INFO, buttons
    )


def saved_card(
    draft: Draft, buttons: tuple[Button, ...] = (), *, owned: bool, number: int | None = None
) -> Card:
    """A text was saved. owned: as the person's own, which failed otherwise. number: what the place calls
    it."""
    card = draft_card(draft, msg("Draft saved"), buttons, number=number)
    if owned:
        return card
    said = msg("It could not be recorded as yours, so only people with the `view` permission see it.")
    return Card(card.title, (*card.blocks, Text(line(said))), Tone.WARNING, buttons)


def drafts_blocks(drafts: Sequence[Draft], numbers: Mapping[str, int] = NO_NUMBERS) -> tuple[Table, Text]:
    """Saved texts, of which there is one at least. numbers: what the place calls them, by id."""
    rows = tuple(
        (
            (Code(numbered(draft.id, numbers)),),
            (shorten(marked(draft.text), 90),),
            when(draft.created_at, relative=True),
            (Code(draft.id),),
        )
        for draft in drafts
    )
    many = nmsg("{n} draft.", "{n} drafts.", n=len(drafts))
    opens = msg("`draft show {draft}` opens one.", draft=numbered(drafts[0].id, numbers))
    columns = (_DRAFT, msg("Text"), msg("Saved"), msg("Id"))
    return Table(columns, rows), Text(line(many, " ", opens), subtle=True)


def _list(items: tuple[str, ...], mark: Callable[[int], str], total: int | None) -> Text:
    shown = "\n".join(f"{mark(i)} {shorten(item, 300)}" for i, item in enumerate(items, start=1))
    more = total - len(items) if total is not None else 0
    return Text(line(shown, "\n", nmsg("… {n} more", "… {n} more", n=more)) if more > 0 else line(shown))


def _bulleted(items: tuple[str, ...], total: int | None = None) -> Text:
    return _list(items, lambda _i: "•", total)


def _numbered(items: tuple[str, ...]) -> Text:
    return _list(items, lambda i: f"{i}.", None)
