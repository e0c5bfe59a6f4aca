"""The commands, one module a group; `catalogue` puts them together."""
