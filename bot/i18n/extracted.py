"""A message as it was found in a source, and what keeps one from being found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Extracted:
    """A message as it stands in the code. where: its file and line."""

    id: str
    plural: str
    context: str
    path: str
    number: int

    @property
    def where(self) -> str:
        """For people who look for it."""
        return f"{self.path}:{self.number}"


class NoLiteral(ValueError):
    """A message that nobody can translate, since its template is not written there."""


class OtherPlaces(ValueError):
    """A message that is given other values than it has places."""
