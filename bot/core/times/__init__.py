"""Durations, times of day and timezones as people write and read them. Pure."""
