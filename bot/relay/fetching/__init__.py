"""Events that are fetched: catch-up with what was missed, and Xquik's stream."""
