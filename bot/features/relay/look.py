"""`relay look`: how the messages of a route look, and where in their channel they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Literal

from msgspec import structs

from bot.cards.routes.routes import look_card
from bot.cards.templates.limits import SOURCE_LIMIT
from bot.core.chat.answers import Reply
from bot.core.commands.declaring import Option
from bot.core.commands.presets import SETTING, command
from bot.core.errors import UsageError
from bot.core.messages.errors import of_option
from bot.core.messages.message import Message, msg, nmsg
from bot.core.routes.appearance import Appearance, Layout, Threading
from bot.core.routes.route import Route
from bot.core.text.shortening import cut
from bot.features.relay.filter import trial
from bot.features.relay.notes import place_notes
from bot.features.relay.options import RouteOption, RouteZoneOption, named_route, save
from bot.features.relay.pings import pings_of
from bot.features.relay.timing import in_timezone
from bot.features.services import CommandCall

MOST_TAGS = 5
LONGEST_TAG = 20  # characters; the same as on Discord
EXAMPLE = "relay look alerts-nasa layout:compact"
_EXAMPLES = {
    "template": 'relay look alerts-nasa template:"{{ author.name }}: {{ text }} {{ url }}"',
    "ping": "relay look alerts-nasa ping:@launch-team",
    "tags": "relay look alerts-nasa tags:launches,news",
    "off": "relay look alerts-nasa off:ping",
}
_FIRST_TEMPLATE = "{{ author.name }}: {{ text }}\n{{ url }}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LookArgs:
    """Which route, and how its messages look."""

    route: RouteOption
    layout: Annotated[
        Literal["full", "compact", "link", "template"] | None,
        Option("A full card, one compact line, the link alone, or your own template"),
    ] = None
    template: Annotated[
        str | None,
        Option(
            "Your own template, in Liquid: {{{{ author.name }}}}: {{{{ text }}}} {{{{ url }}}}",
            max_length=SOURCE_LIMIT,
            paragraph=True,
            code="template",
        ),
    ] = None
    ping: Annotated[
        tuple[str, ...],
        Option("Roles or user groups to notify; never everybody", verbatim=True, le=20, suggest="pings"),
    ] = ()
    thread: Annotated[
        Literal["none", "tweet", "day", "account"] | None,
        Option("Threads: none, one for each tweet's conversation, for each day, or for each account"),
    ] = None
    tags: Annotated[
        tuple[str, ...], Option("Tags for forum posts, at most five", le=MOST_TAGS, suggest="tags")
    ] = ()
    publish: Annotated[
        bool | None, Option("Publish messages in announcement channels to the channels that follow them")
    ] = None
    timezone: RouteZoneOption = None
    off: Annotated[
        tuple[Literal["template", "ping", "tags"], ...], Option("Remove: template, ping, tags")
    ] = ()


async def template_to_write(call: CommandCall, args: LookArgs) -> Mapping[str, str]:
    """The template as it is, to be written in a form, when one is wanted and none was given."""
    if args.layout != "template" or args.template is not None or "template" in args.off:
        return {}
    route = await named_route(call, args.route)
    return {"template": route.appearance.template or _FIRST_TEMPLATE}


async def change_look(call: CommandCall, args: LookArgs) -> Reply:
    """Change the look, or show it when nothing is to be changed."""
    route = await named_route(call, args.route)
    wanted = replace(route, appearance=_appearance(call, route, args))
    if args.timezone is not None:
        wanted = in_timezone(wanted, args.timezone)
    changed = wanted != route
    if changed:
        wanted = await save(call, wanted)
    newest = (await trial(call, wanted)).passed[:1]
    notes = await place_notes(call, wanted)
    now = call.services.clock()
    return Reply(look_card(wanted, newest[0] if newest else None, notes, now=now, changed=changed))


def _appearance(call: CommandCall, route: Route, args: LookArgs) -> Appearance:
    given = {name for name in ("template", "ping", "tags") if getattr(args, name)}
    if both := sorted(given & set(args.off)):
        raise _refused("off", msg("{option} is both set and removed", option=both[0]))
    look = _layout(route.appearance, args)
    if args.ping:
        try:
            look = structs.replace(look, pings=pings_of(call.tenant, args.ping))
        except ValueError as error:
            raise _refused_for("ping", error) from None
    if args.tags:
        look = structs.replace(look, tags=_tags(args.tags))
    if args.thread is not None:
        look = structs.replace(look, threading=Threading(args.thread))
    if args.publish is not None:
        look = structs.replace(look, publish=args.publish)
    return structs.replace(
        look,
        pings=() if "ping" in args.off else look.pings,
        tags=() if "tags" in args.off else look.tags,
    )


def _layout(look: Appearance, args: LookArgs) -> Appearance:
    """The layout and template: a template that is given is used, one that is taken away is not."""
    if "template" in args.off:
        layout = look.layout if args.layout is None else Layout(args.layout)
        if args.layout == "template":
            raise _refused("off", msg("the layout needs the template that is being removed"))
        return structs.replace(look, template="", layout=Layout.FULL if layout is Layout.TEMPLATE else layout)
    if args.template is not None:
        if args.layout not in (None, "template"):
            needs = msg("a template needs layout:template, not layout:{layout}", layout=args.layout)
            raise _refused("template", needs)
        from bot.cards.templates.templates import TemplateError, check  # only who uses it waits for it

        try:
            check(args.template)
        except TemplateError as error:
            raise _refused_for("template", error) from None
        return structs.replace(look, layout=Layout.TEMPLATE, template=args.template)
    if args.layout == "template" and not look.template:
        raise _refused("template", msg("the layout needs a template, and there is none yet"))
    return look if args.layout is None else structs.replace(look, layout=Layout(args.layout))


def _tags(tags: tuple[str, ...]) -> tuple[str, ...]:
    long = next((tag for tag in tags if len(tag) > LONGEST_TAG), None)
    if long is not None:
        too_long = nmsg(
            "{tag} has {n} character; a tag has {most} at most",
            "{tag} has {n} characters; a tag has {most} at most",
            n=len(long),
            tag=repr(cut(long, 30)),
            most=LONGEST_TAG,
        )
        raise _refused("tags", too_long)
    return tags


def _refused(option: str, why: Message) -> UsageError:
    return _refused_for(option, ValueError(why))


def _refused_for(option: str, error: ValueError) -> UsageError:
    return UsageError(of_option(option, error), option=option, example=_EXAMPLES.get(option, EXAMPLE))


LOOK = command(
    "relay look",
    change_look,
    SETTING,
    "Choose how a route's messages look: layout, template, who is notified, threads",
    EXAMPLE,
    "relay look alerts-nasa thread:day timezone:Europe/Berlin",
    _EXAMPLES["template"],
    more=template_to_write,
    looks=("route",),
)
