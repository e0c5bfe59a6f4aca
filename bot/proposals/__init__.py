"""Proposals: what people must confirm, and the one place that performs a write on X."""
