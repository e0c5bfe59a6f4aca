"""The bot: everything that knows no chat platform."""
