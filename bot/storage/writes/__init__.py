"""Proposals and what was posted, draw backups, authors of drafts, the manifest of media."""
