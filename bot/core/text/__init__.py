"""Texts of people: cuts between characters, unseen characters, sameness, quotes, numbers, lists. Pure."""
