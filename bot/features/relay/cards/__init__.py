"""Cards of `relay`."""
