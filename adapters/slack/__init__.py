"""Slack: one `/xquik` command, buttons, forms, the home tab, and messages posted as the bot.

Socket Mode serves one workspace without a public address; HTTP mode serves many, installed by OAuth.
`SlackPlatform` in `platform` is the way in.
"""
