"""What is offered for a line that is only the link of a tweet, or only an account."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Offer:
    """A command that a lone link or name leads to. label: of the button; option: what the link is given
    as; asks: its form is opened first; typed: what is typed before the link, its words if ""."""

    label: str
    path: tuple[str, ...]
    option: str
    asks: bool = False
    typed: str = ""
