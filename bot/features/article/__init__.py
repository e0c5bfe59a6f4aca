"""Articles on X."""
