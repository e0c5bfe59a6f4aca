"""The relay under everything that can go wrong at once: `python -m tests.chaos` (`make chaos`).

The real `xquik-bot run` stands between an Xquik that delivers as Xquik does and a Discord and a Slack
that misbehave, while it is killed, its disk fills, its clock jumps and its database is busy. At the end
the channels are looked at. See docs/chaos.md.
"""
