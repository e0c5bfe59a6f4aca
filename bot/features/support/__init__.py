"""`support`."""
