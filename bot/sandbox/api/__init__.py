"""The operations of the API, one module a group; each lists what it answers in ``OPERATIONS``."""
