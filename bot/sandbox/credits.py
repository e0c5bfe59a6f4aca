"""What things cost, in credits, and taking it from a customer's balance."""

from __future__ import annotations

from typing import Literal

from bot.sandbox.problems import insufficient_credits
from bot.sandbox.records import Customer
from bot.sandbox.store import Collection

LOOKUP = 1
ROW = 1
FOLLOW_CHECK = 5
ARTICLE = 5
TRENDS = 1
MEDIA = 1
DRAW_ENTRY = 1
ANALYSIS = 2
"""A post, or a text of one's own, that is analyzed."""
MONITOR_HOUR = 30
POST = 30
POST_MEDIA_MEGABYTE = 2
UPLOAD = 10
SMALL_WRITE = 10
"""Likes, reposts, follows and deletions."""


class Balances:
    """The balances of all customers."""

    def __init__(self, customers: Collection[Customer]) -> None:
        self._customers = customers

    def of(self, owner: str) -> Customer:
        customer = self._customers.get(owner)
        if customer is None:
            raise LookupError(owner)
        return customer

    def require(self, owner: str, amount: int) -> None:
        """402 unless ``owner`` could pay ``amount`` now."""
        balance = self.of(owner).balance
        if balance < amount:
            raise insufficient_credits(balance, amount)

    def affordable(self, owner: str, price: int) -> int:
        """How many things at ``price`` the balance covers; 402 when not even one."""
        self.require(owner, price)
        return self.of(owner).balance // price

    def charge(self, owner: str, amount: int) -> int:
        """Take ``amount``, all or (402) nothing; gives the amount back for receipts."""
        self.require(owner, amount)
        customer = self.of(owner)
        customer.balance -= amount
        customer.used += amount
        self._customers.put(customer)
        return amount

    def add(self, owner: str, amount: int) -> Customer:
        customer = self.of(owner)
        customer.balance += amount
        customer.purchased += amount
        return self._customers.put(customer)

    def set_topup(self, owner: str, topup: Literal["off", "on", "stopped"]) -> Customer:
        customer = self.of(owner)
        customer.topup = topup
        return self._customers.put(customer)

    def set_locale(self, owner: str, locale: str) -> Customer:
        customer = self.of(owner)
        customer.locale = locale
        return self._customers.put(customer)

    def set_identity(self, owner: str, username: str) -> Customer:
        customer = self.of(owner)
        customer.identity = username
        return self._customers.put(customer)

    def set_balance(self, owner: str, balance: int) -> Customer:
        customer = self.of(owner)
        customer.balance = balance
        return self._customers.put(customer)
