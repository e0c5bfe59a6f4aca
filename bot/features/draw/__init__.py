"""`draw`: giveaway draws, their results, backups and rules."""
