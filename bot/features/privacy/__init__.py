"""`privacy`."""
