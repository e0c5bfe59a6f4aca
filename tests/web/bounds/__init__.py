"""What anybody who reaches a port may take of the process, and no more."""
