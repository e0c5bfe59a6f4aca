"""The Xquik API as typed Python: one transport, and small classes that name what can be asked.

`connections.Connections` hands out readers, spenders and set-up per tenant. The writes that change
X live in `writes` and are reachable from `bot.proposals` and `bot.app` alone.
"""
