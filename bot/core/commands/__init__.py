"""Declaring commands, reading typed lines, binding values, and the one way in: the dispatcher."""
