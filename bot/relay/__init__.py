"""The relay: signed events in, messages in channels out, each once, in order, none lost.

intake -> events (stored) -> router -> deliveries (stored) -> lanes -> a platform's Messenger.
`docs/relay.md` tells the whole way.
"""
