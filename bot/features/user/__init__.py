"""People on X."""
