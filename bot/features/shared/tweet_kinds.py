"""Kinds of proposals that post, delete or answer tweets."""

from __future__ import annotations

from typing import Final

from bot.core.access import Permission
from bot.core.commands import price_list
from bot.core.messages.message import msg
from bot.features.shared.small_writes import POSTED, small_write
from bot.proposals.attached import post_credits, upload_credits
from bot.proposals.edits import revised_post
from bot.proposals.kinds import PATIENT, Edit, Leaves, Payload, ProposalKind, Wording
from bot.proposals.thread_texts import TEXT, fields_of, revised
from bot.proposals.threads import rest_of

_POST_WORDS = Wording(
    question=msg("Post this on X?"),
    running=msg("Posting…"),
    done=msg("Posted on X"),
    failed=msg("Not posted"),
    unknown=msg("It is not known whether this was posted"),
    once=msg("It is posted at most once."),
)
_REPLY_WORDS = Wording(
    question=msg("Post this reply on X?"),
    running=msg("Replying…"),
    done=msg("Replied on X"),
    failed=msg("Reply not posted"),
    unknown=msg("It is not known whether this reply was posted"),
    once=msg("It is posted at most once."),
)
_THREAD_WORDS = Wording(
    question=msg("Post this thread on X?"),
    running=msg("Posting the thread…"),
    done=msg("Thread posted on X"),
    failed=msg("Thread not posted to its end"),
    unknown=msg("It is not known whether all of this thread was posted"),
    once=msg("Each part is posted at most once."),
)
_DELETE_WORDS = Wording(
    question=msg("Delete this from X?"),
    running=msg("Deleting…"),
    done=msg("Deleted from X"),
    failed=msg("Not deleted"),
    unknown=msg("It is not known whether this was deleted"),
    once=msg("Nothing else is deleted."),
)
_LIKE_WORDS = Wording(
    question=msg("Like this on X?"),
    running=msg("Liking…"),
    done=msg("Liked on X"),
    failed=msg("Not liked"),
    unknown=msg("It is not known whether this was liked"),
    once=msg("Liking it twice changes nothing."),
)
_UNLIKE_WORDS = Wording(
    question=msg("Take back the like on X?"),
    running=msg("Taking back the like…"),
    done=msg("Like taken back on X"),
    failed=msg("Like not taken back"),
    unknown=msg("It is not known whether the like was taken back"),
    once=msg("Taking it back twice changes nothing."),
)
_REPOST_WORDS = Wording(
    question=msg("Repost this on X?"),
    running=msg("Reposting…"),
    done=msg("Reposted on X"),
    failed=msg("Not reposted"),
    unknown=msg("It is not known whether this was reposted"),
    once=msg("It is reposted at most once."),
)
_UNREPOST_WORDS = Wording(
    question=msg("Take back the repost on X?"),
    running=msg("Taking back the repost…"),
    done=msg("Repost taken back on X"),
    failed=msg("Repost not taken back"),
    unknown=msg("It is not known whether the repost was taken back"),
    once=msg("Taking it back twice changes nothing."),
)


def _post_words(payload: Payload) -> Wording:
    return _REPLY_WORDS if payload.get("reply_to_tweet_id") else _POST_WORDS


def _post_credits(payload: Payload) -> int:
    return post_credits(payload) + upload_credits(payload)


POST: Final = ProposalKind(
    name="tweet.create",
    write="create_tweet",
    permission=Permission.PUBLISH,
    cost=price_list.POST,
    estimate=_post_credits,
    words=_post_words,
    danger=False,
    edit=Edit((("text", msg("Text")),), revised_post),
    leaves=Leaves.POST,
    retry=PATIENT,
    private=False,
    prices=False,
    partial=None,
    stops=False,
    remedies=POSTED,
)
"""A tweet, a reply or a quote. The payload: account, account_id, text, reply_to_tweet_id, community_id,
media, is_note_tweet, and attached for files that are uploaded before it."""
DELETE: Final = small_write(
    "tweet.delete", "delete_tweet", _DELETE_WORDS, leaves=Leaves.DELETION, danger=True
)
LIKE: Final = small_write("tweet.like", "like", _LIKE_WORDS, leaves=Leaves.TWEET)
REPOST: Final = small_write("tweet.retweet", "retweet", _REPOST_WORDS, leaves=Leaves.TWEET)
UNLIKE: Final = small_write("tweet.unlike", "unlike", _UNLIKE_WORDS, leaves=Leaves.TWEET)
UNREPOST: Final = small_write("tweet.unrepost", "unretweet", _UNREPOST_WORDS, leaves=Leaves.TWEET)

THREAD: Final = ProposalKind(
    name="tweet.thread",
    write=None,
    permission=Permission.PUBLISH,
    cost=price_list.THREAD,
    estimate=lambda payload: price_list.THREAD.of(len(payload.get("parts") or ())),
    words=lambda _payload: _THREAD_WORDS,
    danger=False,
    edit=Edit(((TEXT, msg("Text")),), revised, fields_of),
    leaves=Leaves.POST,
    retry=PATIENT,
    private=False,
    prices=False,
    partial=None,
    stops=False,
    rest=rest_of,
    remedies=POSTED,
)
"""The payload is as `bot.proposals.threads` says."""

TWEET_KINDS: Final = (POST, THREAD, DELETE, LIKE, REPOST, UNLIKE, UNREPOST)
