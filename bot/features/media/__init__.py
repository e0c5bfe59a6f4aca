"""`media`."""
