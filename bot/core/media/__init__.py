"""Pictures and videos that people give: what a file is by its own bytes, and what X takes of it."""
