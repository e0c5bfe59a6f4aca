"""`radar`."""
