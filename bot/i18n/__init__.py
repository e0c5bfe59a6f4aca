"""Saying messages in the language of who reads them. English needs nothing of what the others load."""
