"""Cards of draws."""
