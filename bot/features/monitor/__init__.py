"""`monitor`."""
