"""Broadcasts on X: live video."""
