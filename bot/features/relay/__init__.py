"""`relay`: routes, and why something did or did not arrive."""
