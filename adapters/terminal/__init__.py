"""Cards in a terminal: what `xquik-bot exec` prints and how it asks."""
