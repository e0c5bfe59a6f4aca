"""What words mean that are no names of ours: "giveaway" for a draw, "delete" for `relay remove`. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from bot.core.text.sameness import folded

Path = tuple[str, ...]


class Note(msgspec.Struct, frozen=True):
    """What is said of a word that no command does. said: what is the case; instead: what can be done, with
    commands in backticks."""

    said: str
    instead: str


class Meanings(msgspec.Struct, frozen=True):
    """words: a word alone → the commands it can mean, the likeliest first. verbs: rows of words that mean
    the same and the verbs they stand for, the first that a group has; in order. notes: a word → what to say
    of it where no command is meant. faint: of `verbs`, the words that may as well begin a name ("New York").
    phrases: jobs in several words → the commands that do them, the likeliest first.
    """

    words: Mapping[str, tuple[Path, ...]] = msgspec.field(default_factory=dict)
    verbs: Sequence[tuple[frozenset[str], tuple[str, ...]]] = ()
    notes: Mapping[str, Note] = msgspec.field(default_factory=dict)
    faint: frozenset[str] = frozenset()
    phrases: Mapping[str, tuple[Path, ...]] = msgspec.field(default_factory=dict)

    def of(self, word: str) -> tuple[Path, ...] | None:
        """The commands that a word alone can mean, in whatever case it is written; None for others."""
        exact = self.words.get(word)
        if exact is not None or word.isascii():
            return exact
        return next((paths for known, paths in self.words.items() if folded(known) == folded(word)), None)

    def verb(self, word: str, known: Sequence[str]) -> str | None:
        """The verb among the known ones that the word means; None where it means none of them."""
        for words, verbs in self.verbs:
            if word in words:
                meant = next((verb for verb in verbs if verb in known and verb != word), None)
                if meant is not None:
                    return meant
        return None

    def acts(self, word: str) -> bool:
        """Whether the word says what to do, to whatever it may be done."""
        return word not in self.faint and any(word in words for words, _ in self.verbs)


NO_MEANINGS = Meanings()
