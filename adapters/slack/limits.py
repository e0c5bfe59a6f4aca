"""What Slack takes, in one table.

Sources: docs.slack.dev/reference/block-kit (blocks, block elements, composition objects),
…/reference/views, …/apis/web-api/rate-limits, …/interactivity/handling-user-interaction.
Lengths are characters as Python counts them.
"""

from __future__ import annotations

from typing import Final

# --- messages --------------------------------------------------------------------------------
MESSAGE_BLOCKS: Final = 50
VIEW_BLOCKS: Final = 100
# Slack answers `msg_blocks_too_long` near 13,000 characters in all blocks together (undocumented).
MESSAGE_TEXT: Final = 12_000
# `text` may hold 40,000; what a notification and a screen reader can use is far less.
FALLBACK_TEXT: Final = 3_000
# A message of words alone: Slack advises 4,000 in `text`, and escaping makes some of them longer.
BARE_TEXT: Final = 3_500
HEADER: Final = 150
CONTEXT_TEXT: Final = 2_000
ACTIONS: Final = 25
BUTTON_TEXT: Final = 75
ACTION_ID: Final = 255
URL: Final = 3_000
ALT_TEXT: Final = 2_000
# A message stays readable on a phone with this many pictures; the rest is named.
PICTURES: Final = 10
# A very long list is cut here even where the characters would fit.
LIST_ITEMS: Final = 60

# --- tables (…/reference/block-kit/blocks/data-table-block) ------------------------------------
# The page said 100 rows below the heads and 10,000 characters in May 2026, and 200 and 20,000 in August: what
# every workspace takes. The characters are those in the cells of all tables of a message together.
TABLE_ROWS: Final = 100
TABLE_COLUMNS: Final = 20
TABLE_TEXT: Final = 10_000
# Ours: a paragraph in a cell reads worse than in a list; Slack names no limit for a caption.
TABLE_CELL: Final = 200
TABLE_CAPTION: Final = 150
# How long a workspace that refused a table is sent lists, and how many are remembered.
REFUSED_TABLES_SECONDS: Final = 3600.0
REFUSED_TABLES_KEPT: Final = 2_000

# --- views -----------------------------------------------------------------------------------
VIEW_TITLE: Final = 24
VIEW_BUTTON: Final = 24
PRIVATE_METADATA: Final = 3_000
INPUT_LABEL: Final = 2_000
INPUT_HINT: Final = 2_000
INPUT_TEXT: Final = 3_000
OPTIONS: Final = 100
OPTION_TEXT: Final = 75
OPTION_VALUE: Final = 150
PLACEHOLDER: Final = 150

# --- the manifest (…/reference/app-manifest) -----------------------------------------------------
COMMANDS: Final = 50
COMMAND_NAME: Final = 32
DESCRIPTION: Final = 2_000
USAGE_HINT: Final = 1_000
SHORTCUTS: Final = 10
SHORTCUT_NAME: Final = 24
SHORTCUT_DESCRIPTION: Final = 150
EVENTS: Final = 100
SCOPES: Final = 255

# --- time and use ----------------------------------------------------------------------------
TRIGGER_SECONDS: Final = 3.0
# Slack waits three seconds for the options of a select.
SUGGEST_SECONDS: Final = 2.2
# A trigger opens a form for 3 s; a loading view is opened when the form itself is not there by then.
LOADING_AFTER: Final = 1.5
# After this long without an answer the person is told that the bot is at work.
WORKING_AFTER: Final = 2.5
RESPONSE_URL_USES: Final = 5
# Slack says 30 minutes; the last one is left for clocks and the way.
RESPONSE_URL_SECONDS: Final = 29 * 60.0
# A file of a person's own limit is larger; the core promises at most 10 MiB.
FILE_BYTES: Final = 10 * 1024 * 1024

# --- rate ------------------------------------------------------------------------------------
# "In general, apps may post no more than one message per second per channel", with room for short
# bursts (…/apis/web-api/rate-limits#posting-messages).
MESSAGES_A_SECOND: Final = 1.0
MESSAGES_AT_ONCE: Final = 5
