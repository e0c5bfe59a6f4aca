"""A stateful local Xquik API: a program of its own that the bot only ever meets over HTTP.

It imports nothing else of this project, so that one misreading of the API cannot hide on both
sides of the wire. Facts come from the published OpenAPI and AsyncAPI documents; where those are
silent, from the vendor's Python SDK.

Run it with ``python -m bot.sandbox``; embed it with :func:`bot.sandbox.server.serve_sandbox`.
"""
