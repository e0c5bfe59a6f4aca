"""`events`."""
