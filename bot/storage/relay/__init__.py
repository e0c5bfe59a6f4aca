"""Routes, the outbox and its lanes, pauses, outages, held lists, silences."""
