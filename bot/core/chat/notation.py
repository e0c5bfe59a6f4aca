"""What a chat client writes in place of what a person saw: `<@U012AB>`, `:tada:`, `<:pepe:123…>`.

Each adapter turns its own notation back before a text comes here. What it could not turn back (an emoji of
one workspace, a person nobody could look up) would stand on X as these very letters; a preview says so.
"""

from __future__ import annotations

import re

_LEFT = re.compile(
    r"""<(?:
        [@\#!][^<>\s]{1,100}            # people, groups, channels, @here, dates of Slack
        |a?:\w{1,64}:\d{5,25}           # emoji of one Discord server
        |t:-?\d{1,15}(?::[A-Za-z])?     # moments of Discord
        |/[^<>:]{1,100}:\d{5,25}        # commands of Discord
        |id:\w{1,40}                    # its channels by purpose
    )>
    |(?<![:/])(?<!\d):(?=[a-z0-9_+'-]{0,99}[a-z])[a-z0-9_+'-]{2,100}:(?![:/])""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)


def chat_notation(text: str) -> tuple[str, ...]:
    """What is left of a chat's own notation in a text, once each, in order.

    A word between colons counts as an emoji's name: a warning too many costs a glance.
    """
    return tuple(dict.fromkeys(match[0] for match in _LEFT.finditer(text)))
