"""Cards of downloaded media."""
