"""Kinds of proposals that post, delete or answer tweets."""

from __future__ import annotations

from typing import Final

from bot.core.access import Permission
from bot.core.commands import price_list
from bot.proposals.edits import revised_post
from bot.proposals.kinds import PATIENT, Edit, Leaves, Payload, ProposalKind, Wording
from bot.xquik.write_kinds import WriteName

MEDIA_SIZE: Final = 1_000_000
"""Bytes that a file of media is taken to have, before X has fetched it."""

_POST_WORDS = Wording(
    question="Post this on X?",
    running="Posting…",
    done="Posted on X",
    failed="Not posted",
    unknown="It is not known whether this was posted",
    once="It is posted at most once.",
)
_REPLY_WORDS = Wording(
    question="Post this reply on X?",
    running="Replying…",
    done="Replied on X",
    failed="Reply not posted",
    unknown="It is not known whether this reply was posted",
    once="It is posted at most once.",
)
_DELETE_WORDS = Wording(
    question="Delete this from X?",
    running="Deleting…",
    done="Deleted from X",
    failed="Not deleted",
    unknown="It is not known whether this was deleted",
    once="Nothing else is deleted.",
)
_LIKE_WORDS = Wording(
    question="Like this on X?",
    running="Liking…",
    done="Liked on X",
    failed="Not liked",
    unknown="It is not known whether this was liked",
    once="Liking it twice changes nothing.",
)
_UNLIKE_WORDS = Wording(
    question="Take back the like on X?",
    running="Taking back the like…",
    done="Like taken back on X",
    failed="Like not taken back",
    unknown="It is not known whether the like was taken back",
    once="Taking it back twice changes nothing.",
)
_REPOST_WORDS = Wording(
    question="Repost this on X?",
    running="Reposting…",
    done="Reposted on X",
    failed="Not reposted",
    unknown="It is not known whether this was reposted",
    once="It is reposted at most once.",
)
_UNREPOST_WORDS = Wording(
    question="Take back the repost on X?",
    running="Taking back the repost…",
    done="Repost taken back on X",
    failed="Repost not taken back",
    unknown="It is not known whether the repost was taken back",
    once="Taking it back twice changes nothing.",
)


def _post_words(payload: Payload) -> Wording:
    return _REPLY_WORDS if payload.get("reply_to_tweet_id") else _POST_WORDS


def _post_credits(payload: Payload) -> int:
    return price_list.POST.of(price_list.megabytes(len(payload.get("media") or ()) * MEDIA_SIZE))


POST: Final = ProposalKind(
    name="tweet.create",
    write="create_tweet",
    permission=Permission.PUBLISH,
    cost=price_list.POST,
    estimate=_post_credits,
    words=_post_words,
    danger=False,
    edit=Edit((("text", "Text"),), revised_post),
    leaves=Leaves.POST,
    retry=PATIENT,
    private=False,
    prices=False,
    partial=False,
    stops=False,
)
"""A tweet, a reply or a quote. The payload: account, account_id, text, reply_to_tweet_id, media,
is_note_tweet."""


def _about_a_tweet(
    name: str, write: WriteName, words: Wording, *, leaves: Leaves = Leaves.TWEET
) -> ProposalKind:
    """Something done to a tweet that stands on X. The payload: account, account_id, tweet_id."""
    return ProposalKind(
        name=name,
        write=write,
        permission=Permission.PUBLISH,
        cost=price_list.OTHER_WRITE,
        estimate=lambda _payload: price_list.OTHER_WRITE.fixed,
        words=lambda _payload: words,
        danger=leaves is Leaves.DELETION,
        edit=None,
        leaves=leaves,
        retry=PATIENT,
        private=False,
        prices=False,
        partial=False,
        stops=False,
    )


DELETE: Final = _about_a_tweet("tweet.delete", "delete_tweet", _DELETE_WORDS, leaves=Leaves.DELETION)
LIKE: Final = _about_a_tweet("tweet.like", "like", _LIKE_WORDS)
REPOST: Final = _about_a_tweet("tweet.retweet", "retweet", _REPOST_WORDS)

UNLIKE: Final = _about_a_tweet("tweet.unlike", "unlike", _UNLIKE_WORDS)
UNREPOST: Final = _about_a_tweet("tweet.unrepost", "unretweet", _UNREPOST_WORDS)

TWEET_KINDS: Final = (POST, DELETE, LIKE, REPOST, UNLIKE, UNREPOST)
