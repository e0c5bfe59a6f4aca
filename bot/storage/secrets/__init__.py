"""The vault, and what it keeps: keys, signing secrets, their rotation."""
