"""`policy`."""
