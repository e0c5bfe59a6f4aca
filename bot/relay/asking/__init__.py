"""What people ask of the relay: why, once more, and the operator's view."""
