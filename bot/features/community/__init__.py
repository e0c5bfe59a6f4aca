"""Communities on X."""
