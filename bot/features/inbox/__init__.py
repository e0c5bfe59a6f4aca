"""`bookmarks`, `timeline`, `notifications`, `dm`."""
