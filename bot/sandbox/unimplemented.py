"""The operations of the API that this sandbox knows of and does not perform: they answer 501."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UnimplementedOperation:
    """An operation we name in a 501 instead of pretending that its path does not exist."""

    id: str
    method: str
    path: str


_TABLE = """
listApiKeys GET /api-keys
createApiKey POST /api-keys
revokeApiKey DELETE /api-keys/{id}
connectXAccount POST /x/accounts
getXAccountConnectionAttempt GET /x/account-connection-attempts/{id}
submitXAccountConnectionChallenge POST /x/account-connection-challenges/{id}/submit
reauthXAccount POST /x/accounts/{id}/reauth
bulkRetryXAccounts POST /x/accounts/bulk-retry
createGuestWallet POST /guest-wallets
topUpGuestWallet POST /guest-wallets/topups
getGuestWalletStatus GET /guest-wallets/status
quickTopUpCredits POST /credits/quick-topup
redirectToCheckout GET /credits/topup/redirect
createTelegramWebhook POST /webhooks/telegram
getNotesContributor GET /x/community-notes/contributors/{alias}
listDeletedNotes GET /x/community-notes/contributors/{alias}/deleted-notes
listNotes GET /x/community-notes/contributors/{alias}/notes
getHashflags GET /x/hashflags
listJobLocations GET /x/jobs/locations
searchJobs GET /x/jobs/search
getJob GET /x/jobs/{id}
listGames GET /x/sports/{league}/games
getScoreboard GET /x/sports/{league}/games/{id}
getAudience GET /x/sports/{league}/games/{id}/audience
getBoxScore GET /x/sports/{league}/games/{id}/box-score
getPlays GET /x/sports/{league}/games/{id}/plays
getRetweeterIds GET /x/tweets/{id}/retweeter-ids
getFollowerIds GET /x/users/{id}/follower-ids
getFollowingIds GET /x/users/{id}/following-ids
getUserSubscriptions GET /x/users/{id}/subscriptions
"""

MISSING = tuple(UnimplementedOperation(*line.split()) for line in _TABLE.split("\n") if line)
