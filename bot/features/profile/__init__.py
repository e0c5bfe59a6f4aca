"""`profile`: what a connected account says of itself on X."""
