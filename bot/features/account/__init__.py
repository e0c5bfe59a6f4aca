"""`account`, `credits`."""
