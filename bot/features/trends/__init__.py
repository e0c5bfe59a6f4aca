"""`trends`."""
