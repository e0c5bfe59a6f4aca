"""Errors that a person can do something about.

Each class is one kind of situation with one title; each instance says what happened (`detail`)
and what to do next (`remedy`). `bot.cards.errors` turns the class into a card, and nothing
else in the project writes error text for people.
"""

from __future__ import annotations

from typing import ClassVar

from bot.core.messages.message import msg


class BotError(Exception):
    """The base of every error that is shown to a person.

    detail: what happened, in words a person of the channel understands, without secrets.
    remedy: the next step. Every class has a default; an instance may be more precise.
    Both are messages (`bot.core.messages.message`); logs and `str(error)` have them in English.
    code: the machine name of the cause (an Xquik error code, for instance), or None.
    retry_after: seconds after which a new try makes sense, or None.
    option: the option or field at fault, where another value of it mends this; or None.
    """

    title: ClassVar[str] = msg("Something went wrong")
    default_remedy: ClassVar[str] = msg("Try again. If it happens again, tell whoever runs this bot.")
    exit_code: ClassVar[int] = 1
    uncharged: ClassVar[bool] = False
    """Whether it says that a single request was refused, which costs nothing."""

    def __init__(
        self,
        detail: str,
        *,
        remedy: str | None = None,
        code: str | None = None,
        retry_after: float | None = None,
        option: str | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.remedy = remedy or self.default_remedy
        self.code = code
        self.retry_after = retry_after
        self.option = option


class UsageError(BotError):
    """The command was not understood. `option` names the option at fault, `example` is a good line."""

    uncharged = True
    title = msg("That command needs a change")
    default_remedy = msg("Type `help` to see every command with examples.")
    exit_code = 2

    def __init__(
        self,
        detail: str,
        *,
        option: str | None = None,
        example: str | None = None,
        remedy: str | None = None,
        code: str | None = None,
    ) -> None:
        super().__init__(detail, remedy=remedy, code=code, option=option)
        self.example = example


class NotPermitted(BotError):
    """The person may not do this here."""

    uncharged = True
    title = msg("You may not do that here")
    default_remedy = msg("Ask someone who manages this bot to grant it: `policy grant`.")
    exit_code = 3


class NotConfigured(BotError):
    """Something has to be set up first: most often the tenant's Xquik key."""

    uncharged = True
    title = msg("This needs setting up first")
    default_remedy = msg("Someone who manages this bot can run `setup key`.")


class KeyRejected(BotError):
    """Xquik answered 401: the stored key is wrong or revoked."""

    uncharged = True
    title = msg("Xquik did not accept the key")
    default_remedy = msg(
        "Make a new key in the Xquik dashboard and enter it with `setup key`. Your other settings are kept."
    )


class OutOfCredits(BotError):
    """Xquik answered 402: no credits, or no active plan."""

    uncharged = True
    title = msg("Not enough Xquik credits")
    default_remedy = msg(
        "`credits topup` gets a link to buy credits, `subscribe link` one to the plan. Then try again."
    )


class NotFound(BotError):
    """The thing named does not exist, here or on X."""

    title = msg("Not found")
    default_remedy = msg("Check the link, the name or the id, and try again.")


class Conflict(BotError):
    """It exists already, or something else is being done to it."""

    title = msg("That is already there")
    default_remedy = msg("There is nothing to do if it is as you want it.")


class LimitReached(Conflict):
    """There are as many of it as there may be."""

    title = msg("The limit is reached")
    default_remedy = msg("Remove one first.")


class Rejected(BotError):
    """Xquik or X understood the request and refused it."""

    title = msg("The request was refused")
    default_remedy = msg("Change the request as the message says and try again.")


class AccountTrouble(BotError):
    """The connected X account cannot act: it needs a new login, or is locked or suspended."""

    title = msg("The X account cannot be used right now")
    default_remedy = msg("Open the Xquik dashboard and reconnect or unlock the X account.")


class RateLimited(BotError):
    """Too many requests, at Xquik or at X. Nothing was done."""

    uncharged = True
    title = msg("Too many requests")
    default_remedy = msg("Wait a moment and try again.")


class UpstreamUnavailable(BotError):
    """Xquik or X did not answer, or answered with a failure of its own."""

    title = msg("Xquik is not answering properly")
    default_remedy = msg("This usually passes by itself. Try again in a minute.")


class OutcomeUnknown(BotError):
    """The request may or may not have taken effect; repeating it could do it twice."""

    title = msg("The outcome is not known")
    default_remedy = msg("Check on X whether it happened before you try again.")


class Expired(BotError):
    """A button, form or preview that is no longer valid."""

    title = msg("This has expired")
    default_remedy = msg("Run the command again.")


class AnswerLost(BotError):
    """The platform did not take a form or an answer: an outage, a rate limit, or it came too late."""

    title = msg("The answer could not be shown")
    default_remedy = msg("Run the command again.")


class DestinationTrouble(BotError):
    """The bot may not write to a channel, or the channel is gone."""

    title = msg("I cannot write in that channel")
    default_remedy = msg("Invite the bot to the channel, or give it the permission to post, and try again.")


class StorageUnavailable(BotError):
    """The database could not take or give something; nothing was changed."""

    title = msg("The bot could not save that")
    default_remedy = msg("Nothing was changed. Try again; if it keeps failing, tell whoever runs this bot.")
    for_operator: DatabaseUnusable | None = None
    """More precisely, for whoever runs the bot: in its log, and where it is started. No chat is told."""


class NotMigrated(StorageUnavailable):
    """The database is not there yet, or does not have the tables of this version."""

    title = msg("The database is not ready")
    default_remedy = msg("Run `xquik-bot migrate` (`run` and `demo` do the same when they start).")


class DatabaseUnusable(StorageUnavailable):
    """The database that the settings name cannot be used at all: said where the bot is started."""

    title = msg("The database cannot be used")
    default_remedy = msg(
        "Check storage.url: whether the path or the server is right, and whether this user may write there."
    )


class RelayTaken(BotError):
    """Another process relays on the database; two would post everything twice."""

    title = msg("Another process is already relaying")
    default_remedy = msg(
        "Stop that one first, or give this one a database of its own. With relay.standby = true it waits "
        "and takes over when the other one ends."
    )


class VaultError(BotError):
    """The vault key is missing or does not open what is stored. Nothing is overwritten."""

    title = msg("A stored secret cannot be opened")
    default_remedy = msg(
        "Whoever runs this bot can put the earlier vault key back into `vault.keys`; otherwise enter the "
        "secret again."
    )


def said_of_outage(error: BaseException) -> str | None:
    """What others or the machine did, in one line for the log: the database is away, the disk is full, a
    connection broke. None for what is a mistake of ours: only that is worth a traceback."""
    match error:
        case StorageUnavailable(for_operator=DatabaseUnusable() as precisely):
            return precisely.detail
        case BotError():
            return error.detail
        case OSError():  # ConnectionError and TimeoutError are among them
            return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        case _:
            return None
