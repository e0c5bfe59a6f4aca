"""A small, deterministic X: people, posts, trends and radar items, all made from one seed."""
