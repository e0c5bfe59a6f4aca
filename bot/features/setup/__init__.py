"""`setup`, `me`."""
