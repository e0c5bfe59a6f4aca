"""The bot: everything that knows no chat platform."""

import zoneinfo

import whenever

# A zone's rules are those of the pinned tzdata in every process. Both libraries read the system's own files
# first, which are often older (Debian 12's say otherwise of Vancouver), and each keeps a path of its own.
zoneinfo.reset_tzpath(())
whenever.reset_tzpath(())
