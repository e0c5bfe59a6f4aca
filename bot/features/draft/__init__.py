"""`draft`."""
