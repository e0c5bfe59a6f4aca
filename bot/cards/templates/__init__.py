"""Messages written by those who manage a place: Liquid, bounded."""
