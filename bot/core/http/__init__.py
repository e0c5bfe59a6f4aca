"""Bounds of requests that every port shares: bodies, clients, cookies."""
