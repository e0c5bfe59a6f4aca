"""Texts for people, before they are said in anybody's language."""
