"""The jobs that people have, in their words, and the commands that do them: for `help who follows whom`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.core.commands.phrases import phrases_of

Path = tuple[str, ...]

_ROWS: Final = (
    # no message: what they type
    (
        "draw run",
        "pick a winner | choose winners | run a giveaway | random reply | draw names | raffle a prize",
    ),
    ("draw check", "did they retweet | has this account reposted | who is eligible"),
    ("draw show", "replace a winner | next backup | who won | past winners"),
    ("draw export", "export winners | winners as a file | giveaway entries as csv"),
    (
        "media get",
        "download video | save a picture | save photos | download images of a tweet | get a gif | video link",
    ),
    ("media subtitles", "subtitles of a video | transcript of a video | what is said in a video"),
    (
        "user check",
        "who follows whom | who unfollowed me | do they follow each other | follow back | "
        "does she follow me | follows me",
    ),
    ("user mutuals", "mutual followers | followers in common | followers we both have | known followers"),
    (
        "user followers, extract run",
        "export followers | list of followers | download followers | followers as csv",
    ),
    ("user following", "whom does someone follow | list of accounts someone follows | export following"),
    ("user verified", "verified followers | blue check followers"),
    ("user compare", "compare accounts | compare two accounts | who has more followers"),
    ("user latest", "latest tweets of several accounts | newest tweets of many accounts"),
    ("user search", "find a person | search accounts | look up a user by name | find someone"),
    ("user show", "profile of an account | how many followers | account information | bio of an account"),
    ("user mentions", "who mentions me | mentions of an account | who talks about us"),
    ("user likes", "what did an account like | liked tweets | my likes"),
    ("user tweets", "tweets of an account | what does someone write | timeline of an account"),
    ("user media", "photos of an account | pictures somebody posted"),
    ("user similar", "accounts like this | similar accounts | competitors"),
    (
        "user insights",
        "best time to post | engagement of an account | account analytics | how often does someone tweet",
    ),
    ("user follow", "follow somebody | follow an account"),
    ("user unfollow", "unfollow somebody | stop following an account"),
    ("user remove-follower", "remove a follower | kick a follower | block a follower softly"),
    (
        "tweet post",
        "post a tweet | publish a tweet | write a tweet | send a tweet | tweet something | "
        "post a picture | tweet with a picture | post a photo",
    ),
    (
        "tweet thread-post",
        "post a thread | split a long text | split long text | tweetstorm | publish a thread | "
        "text too long for a tweet",
    ),
    ("tweet reply", "reply to a tweet | answer a tweet | comment on a tweet"),
    ("tweet quote", "quote a tweet | retweet with comment | quote tweet"),
    ("tweet delete", "delete a tweet | take a tweet down | remove my tweet"),
    ("tweet like", "like a tweet | favorite a tweet | heart a tweet"),
    ("tweet unlike", "unlike | take back a like | undo a like | remove my like"),
    ("tweet repost", "retweet | repost a tweet | share a tweet | boost a tweet"),
    ("tweet unrepost", "undo a retweet | take back a repost | unretweet"),
    ("tweet likers", "who liked my tweet | who likes this"),
    ("tweet retweeters", "who retweeted | who reposted this | list of retweeters"),
    ("tweet quotes", "who quoted | quotes of a tweet"),
    ("tweet replies", "replies to a tweet | comments on a tweet | who replied"),
    ("tweet thread", "read a thread | unroll a thread | whole conversation"),
    (
        "tweet search",
        "search tweets | find tweets | tweets about a topic | tweets near a place | search by hashtag",
    ),
    ("tweet top", "most popular tweets | viral tweets | best tweets"),
    ("tweet insights", "how is my tweet doing | tweet analytics | views of a tweet | performance of a tweet"),
    ("tweet translate", "translate a tweet | tweet in my language"),
    ("tweet score", "check my tweet before posting | rate my tweet | will my tweet do well"),
    (
        "tweet compose, tweet refine",
        "help me write a tweet | ideas for a tweet | write in my style | improve my tweet",
    ),
    ("tweet action", "did my tweet go through | status of a write | what happened to my post"),
    (
        "monitor add, relay add",
        "alert when someone tweets | tell me when an account posts | notify me of new tweets | "
        "watch an account | track an account | new followers alert | notify me when someone goes live",
    ),
    (
        "monitor keyword",
        "alert when a word is mentioned | watch a keyword | track a hashtag | follow a hashtag",
    ),
    (
        "monitor post",
        "watch a tweet | tell me when a tweet is edited | alert on new replies | track likes of a tweet",
    ),
    ("monitor metrics", "likes over time | growth of a tweet | figures hour by hour"),
    ("monitor list", "what is watched | what am I watching | which accounts are monitored"),
    (
        "monitor pause, monitor remove",
        "stop watching | stop paying for a monitor | stop alerts of an account",
    ),
    (
        "relay add",
        "post tweets into a channel | send tweets to discord | send tweets to slack | forward tweets",
    ),
    (
        "relay timing",
        "quiet hours | quiet at night | no messages at night | stop messages for a while | "
        "daily digest | too many messages",
    ),
    (
        "relay filter",
        "only tweets with photos | hide replies | filter by word | only some languages | exclude words",
    ),
    (
        "relay look",
        "change how messages look | ping a role | mention a role | post in threads | message template",
    ),
    ("relay mute", "mute an account | mute somebody here | hide an account here"),
    ("relay why", "why did a tweet not arrive | missing tweet | tweet was not posted in the channel"),
    ("relay replay", "send again what was missed | resend missed tweets"),
    ("relay test", "test a route | send a test message"),
    ("extract estimate", "what would it cost to collect | price of an export | price of followers"),
    (
        "extract run",
        "export likers | scrape tweets | collect replies | export a list | bulk download | all followers",
    ),
    (
        "credits show",
        "price | what does it cost | how much is left | remaining credits | balance | how much did i spend",
    ),
    ("setup spending", "ask before spending | spending limit | limit of credits"),
    ("credits status", "was my payment received | top up arrived"),
    ("setup key", "connect xquik | enter the api key | change the key | log in"),
    (
        "account use, account show",
        "connect an account | which account posts | switch account | change the account",
    ),
    ("policy grant", "who may post | give someone permission | let a role tweet | allow members"),
    ("policy show", "who may do what | what am i allowed"),
    ("me timezone", "change my timezone | wrong time"),
    ("me language, setup language", "change the language | speak german | in my language"),
    ("trends show", "what is trending | trending hashtags | trends in my country"),
    ("radar show", "news of today | what is new in tech"),
    ("draft save", "save for later | draft for later | keep a draft | post later"),
    ("bookmarks show", "my bookmarks | saved tweets | tweets i saved"),
    ("timeline show", "my home timeline | my feed"),
    ("notifications show", "my notifications | who liked me"),
    ("dm history", "read direct messages | read my dms | message history | my inbox"),
    (
        "dm send",
        "send a direct message | send a dm | dm somebody | write to somebody | message somebody privately",
    ),
    ("dm delete", "delete a direct message | delete a dm | unsend a message"),
    ("list members", "who is on a list | members of a list"),
    ("list tweets", "tweets of a list | read a list"),
    ("community find", "find a community | communities about a topic"),
    ("community members", "members of a community | who is in a community"),
    ("space replay", "recording of a space | listen to a space later"),
    ("space search", "find a space | spaces about a topic | live audio"),
    ("broadcast live", "is someone live | who is live"),
    ("profile edit", "change my bio | change my name | edit my profile | change my website"),
    ("style analyze", "write like someone | learn how an account writes"),
    ("analyze sentiment", "what do people think | positive or negative | mood of tweets"),
    ("analyze brand", "what is said about our brand | brand reputation"),
    ("link resolve", "where does a short link lead | expand a link | unshorten"),
    ("link embed", "embed a tweet on a website | tweet as html"),
    ("article show", "read an article | long article of x"),
    ("support list", "contact support | open tickets"),
)

PHRASES: Final[Mapping[str, tuple[Path, ...]]] = phrases_of(_ROWS)
