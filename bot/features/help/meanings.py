"""The words that people type instead of ours, and what they lead to.

They are not names: nothing runs by them, and no help lists them."""

from __future__ import annotations

from bot.core.commands.meanings import Meanings, Path
from bot.features.help.notes import NOTES


def _rows(*rows: tuple[str, str]) -> tuple[tuple[frozenset[str], tuple[str, ...]], ...]:
    return tuple((frozenset(words.split()), tuple(verbs.split())) for words, verbs in rows)


# Words that say what to do → the verbs that do it, the first that a group has.
VERBS = _rows(
    (
        "delete remove del rm erase drop destroy kill clear forget discard trash unlink wipe purge revoke "
        "unsubscribe unregister disconnect logout deny disallow reject demote detach",
        "remove delete forget revoke",
    ),
    ("pause stop halt disable off suspend hold freeze deactivate snooze", "pause mute"),
    ("resume continue enable on unpause restart activate reactivate unfreeze start", "resume run"),
    ("unmute unblock unignore unhide unsilence", "unmute"),
    ("mute block ban ignore hide silence", "mute"),
    ("giveaway raffle pick roll winner winners go choose lottery start do execute", "run"),
    ("post send publish tweet write share submit say", "post"),
    ("retweet rt boost", "repost"),
    ("fav favorite favourite heart love upvote star", "like"),
    ("unfav unfavorite unfavourite unheart dislike", "unlike"),
    ("unretweet unrt undo-repost", "unrepost"),
    ("answer respond comment", "reply"),
    ("popular viral best highest ranking", "top"),
    ("unroll unroller conversation", "thread"),
    ("replies answers comments responses", "replies"),
    ("retweeters reposters retweets reposts", "retweeters"),
    ("likers likes fans favoriters favorites", "likers"),
    ("cite qt quotetweet quote-tweet", "quote"),
    ("check rate grade evaluate analyze analyse rating", "score"),
    ("improve rewrite polish rephrase reword", "refine"),
    ("idea ideas brainstorm generate suggest inspire", "compose"),
    ("search find keyword query term phrase hashtag words", "search keyword"),
    ("token apikey api-key login connect auth authorize install register", "key"),
    ("give grant allow permit authorise promote let assign", "grant"),
    ("explain reason trace debug", "why"),
    ("simulate dry-run dryrun", "preview"),
    ("try ping", "test preview"),
    ("schedule quiet digest night hours rhythm delay when rate-limit frequency burst", "timing"),
    ("template layout style format appearance design thread tags role", "look"),
    ("conditions exclude include only rule rules filters match", "filter"),
    ("backfill resend repeat history again catchup catch-up missed", "replay"),
    ("muted blocked ignored blocklist", "mutes"),
    ("download csv excel xlsx json file dump", "export get"),
    ("edit update change modify rename alter configure set switch move settings config", "edit use key"),
    ("default defaults", "default"),
    ("create make new start add", "add save grant use post run get"),
    ("save store keep", "add save grant use get"),
    ("insert subscribe watch follow track monitor forward link", "add save grant use"),
    ("health state stats statistics check info", "status show"),
    ("list ls index overview every", "list show status"),
    ("show view see get open display details detail info inspect print read current", "show status list get"),
    ("mine my me own", "mine"),
    ("notice notices notify", "notices"),
    ("tz zone clock time utc gmt timezones", "timezone"),
)

# A word alone → the commands it can mean, the likeliest first.
_WORDS: dict[str, str] = {
    "giveaway giveaways raffle lottery contest sweepstakes winner winners pick random": "draw run",
    "çekiliş çekilis kura hediye 抽選 懸賞 プレゼント企画 लॉटरी ड्रा गिवअवे": "draw run",
    "yardım yardim ヘルプ 助けて 使い方 सहायता मदद": "help",
    "post publish send write say new": "tweet post",
    "compose idea ideas brainstorm generate": "tweet compose",
    "score rate grade": "tweet score",
    "rewrite improve polish": "tweet refine",
    "reply answer respond comment": "tweet reply",
    "retweet rt repost boost": "tweet repost",
    "like fav favorite favourite heart": "tweet like",
    "unlike unfav unfavorite unfavourite": "tweet unlike",
    "unretweet unrt": "tweet unrepost",
    "person people profile bio users": "user show, user search",
    "compare comparison versus vs": "user compare",
    "latest newest": "user latest, user tweets",
    "check followback follow-back": "user check",
    "insight insights analytics engagement": "user insights, tweet score",
    "translate translation": "user translate",
    "mention mentions mentioned tagged": "user mentions",
    "following followings follows friends": "user following",
    "verified verifieds badge bluecheck": "user verified",
    "mutual mutuals common": "user mutuals",
    "liked likes favorites favourites": "user likes",
    "top popular viral best": "tweet top",
    "thread unroll conversation": "tweet thread",
    "replies comments answers responses": "tweet replies, user replies",
    "retweeters reposters retweets": "tweet retweeters",
    "likers fans": "tweet likers",
    "quote qt": "tweet quote",
    "save later": "draft save",
    "follow": "user follow, monitor add",
    "watch track spy observe subscribe": "monitor add",
    "search find": "tweet search, user search, monitor keyword",
    "keyword keywords query": "monitor keyword, tweet search",
    "unfollow": "user unfollow, monitor remove",
    "unwatch untrack unsubscribe": "monitor remove",
    "alert alerts notify feed forward route routes channel": "relay add, relay list",
    "notification notifications notices": "relay add, setup notices",
    "filter filters": "relay filter",
    "template layout look": "relay look",
    "timing quiet digest": "relay timing",
    "why missing": "relay why",
    "mute block ban ignore": "relay mute",
    "unmute unblock unban": "relay unmute",
    "replay backfill history": "relay replay",
    "pause stop off disable": "relay pause, monitor pause",
    "resume start on enable continue": "relay resume, monitor resume",
    "delete remove del rm": "tweet delete, draft delete, relay remove, monitor remove",
    "add create": "monitor add, relay add",
    "edit change update rename": "relay edit",
    "ls all": "relay list, monitor list, draft list, draw list",
    "show view open get": "tweet show, relay show, draft show, draw show",
    "download picture pictures photo photos image images video videos gif gifs": "media get",
    "news headlines": "radar show",
    "trending topics topic hashtag hashtags": "trends show",
    "archive trend-history": "trends history",
    "place places town towns city cities countries woeid": "trends places",
    "balance usage billing price prices cost costs pay topup top-up": "credits show",
    "plan subscription": "account show",
    "webhook webhooks hooks delivery deliveries endpoint": "hook status, hook deliveries",
    "event happenings activity recent happened": "events recent, relay why",
    "ticket tickets helpdesk complaint": "support list",
    "paid payment checkout": "credits status, credits show",
    "identity": "account identity",
    "whoami": "me show, account show",
    "key apikey api-key token login connect auth": "setup key",
    "install config configure configuration settings setting init": "setup status, setup key",
    "status health state ping": "setup status, relay status",
    "permission permissions role roles allow grant rights admin admins access": "policy grant, policy show",
    "revoke deny disallow": "policy revoke",
    "export csv excel xlsx": "draw export",
    "default defaults": "account use, account default",
    "command commands man manual about info hi hello hey menu": "help",
    "timezone timezones tz zone clock time utc gmt": "me timezone, setup timezone",
    "communities": "community show, community find",
    "lists": "list show, list search",
    "spaces audio podcast": "space show, space search",
    "logout disconnect forget": "setup forget, account forget",
}


def _paths(text: str) -> tuple[Path, ...]:
    return tuple(tuple(name.split()) for name in text.split(", "))


MEANINGS = Meanings(
    words={word: _paths(names) for words, names in _WORDS.items() for word in words.split()},
    verbs=VERBS,
    notes=NOTES,
    faint=frozenset({"new"}),
)
