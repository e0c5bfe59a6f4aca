"""Cards of `help`, and the reference in Markdown."""
