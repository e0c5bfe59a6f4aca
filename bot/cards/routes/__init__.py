"""Routes as cards: one, all of them, their settings, how they do."""
