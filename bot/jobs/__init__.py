"""Work that a process does again and again: see `periodic`."""
