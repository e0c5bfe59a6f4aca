"""Logs and figures: what happened, never what was said or any secret."""
