"""The bot in Discord: slash commands, buttons and modals over the gateway, messages over REST.

`app.DiscordPlatform` is the whole of it; `tree` and `invite` are also used without a connection.
"""
