"""Spaces on X."""
