"""Hooks, stored events, how far they are known and how far they are routed."""
