"""The Web API methods, by name. A handler takes a ``Call`` and returns the answer without ``ok``."""

from __future__ import annotations

from ..api import Method
from . import app, chat, conversations, files, people, views

METHODS: dict[str, Method] = {
    **app.METHODS,
    **chat.METHODS,
    **conversations.METHODS,
    **files.METHODS,
    **people.METHODS,
    **views.METHODS,
}
