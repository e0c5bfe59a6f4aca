"""The chat platforms that `run` serves: what the settings say of each, and how each is made."""
