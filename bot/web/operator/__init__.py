"""The operator page: how the whole installation does, its dead letters, and what may be done about them.

Rendered here, without a script; `operator_routes` mounts it at /operator for who has `web.operator_token`.
"""

from bot.web.operator.app import operator_routes

__all__ = ["operator_routes"]
