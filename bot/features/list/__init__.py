"""Lists of accounts on X."""
