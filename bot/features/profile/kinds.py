"""The kind of proposal that changes the profile of a connected account."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit

from bot.core.errors import UsageError
from bot.core.messages.message import msg
from bot.core.x.hosts import is_public
from bot.features.shared.small_writes import WORDED, small_write
from bot.proposals.kinds import Edit, Leaves, Wording

LONGEST: Final = {"name": 50, "description": 160, "location": 30, "url": 100}
"""Characters that X takes, an emoji counting as two (the vendor's SDK; 100 for a website is X's own)."""
LABELS: Final = {
    "name": msg("Name"),
    "description": msg("Description"),
    "location": msg("Location"),
    "url": msg("Website"),
}


def check_profile(given: dict[str, str]) -> None:
    """UsageError for what X would not take, and where nothing is given."""
    if not given:
        raise UsageError(
            msg("No change was given."), remedy=msg("Give a name, description, location or url.")
        )
    for field, text in given.items():
        length = len(text.encode("utf-16-le")) // 2
        if length > LONGEST[field]:
            raise UsageError(
                msg(
                    "{label} has {length} characters; the limit is {most}, and an emoji counts as 2.",
                    label=LABELS[field],
                    length=length,
                    most=LONGEST[field],
                ),
                option=field,
            )
    if "url" in given and not _is_website(given["url"]):
        raise UsageError(
            msg("{url} is no address of a website.", url=repr(given["url"])),
            option="url",
            remedy=msg("Write it whole, like https://example.com."),
        )


def _is_website(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and is_public(parts.hostname or "") and " " not in url
    except ValueError:
        return False


def _revised(payload: dict[str, Any]) -> dict[str, Any]:
    written = {name: str(payload[name]) for name in LONGEST if payload.get(name)}
    if written or not any(payload.get(name) == "" for name in LONGEST):
        check_profile(written)
    return payload


EDIT: Final = small_write(
    "profile.edit",
    "update_profile",
    Wording(
        question=msg("Change this profile on X?"),
        running=msg("Changing the profile…"),
        done=msg("Profile changed on X"),
        failed=msg("Profile not changed"),
        unknown=msg("It is not known whether the profile was changed"),
        once=msg("Changing it twice to the same changes nothing."),
    ),
    leaves=Leaves.PROFILE,
    edit=Edit(tuple(LABELS.items()), _revised),
    remedies=WORDED,
)
"""The payload: account, account_id, and of name, description, location and url what is to change."""
AVATAR: Final = small_write(
    "profile.avatar",
    "update_avatar",
    Wording(
        question=msg("Change the avatar on X?"),
        running=msg("Changing the avatar…"),
        done=msg("Avatar changed on X"),
        failed=msg("Avatar not changed"),
        unknown=msg("It is not known whether the avatar was changed"),
        once=msg("Changing it twice to the same changes nothing."),
    ),
    leaves=Leaves.PROFILE,
)
BANNER: Final = small_write(
    "profile.banner",
    "update_banner",
    Wording(
        question=msg("Change the banner on X?"),
        running=msg("Changing the banner…"),
        done=msg("Banner changed on X"),
        failed=msg("Banner not changed"),
        unknown=msg("It is not known whether the banner was changed"),
        once=msg("Changing it twice to the same changes nothing."),
    ),
    leaves=Leaves.PROFILE,
)
"""The payload of both: account, account_id, and attached with the one picture."""
