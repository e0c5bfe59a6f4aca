"""The playground, a chat in a web page: the whole bot with no account and no token anywhere.

The page is plain HTML, CSS and ES modules from `static/`; what people and the bot said lives in
the log (a database), and reaches open pages over server-sent events.
"""
