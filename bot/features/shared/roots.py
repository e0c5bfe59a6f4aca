"""The words that rare groups stand under where roots are counted."""

from __future__ import annotations

from typing import Final

from bot.core.commands.declaring import Root

ADMIN: Final = Root("admin", "The record, personal data, the plan, support and webhooks")
MORE: Final = Root("more", "Communities, lists, spaces and more of X")
