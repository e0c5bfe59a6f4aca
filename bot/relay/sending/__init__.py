"""From the outbox to the platforms: lanes, what a message looks like and where it stands, what is done to it
later, and places that do not answer."""
