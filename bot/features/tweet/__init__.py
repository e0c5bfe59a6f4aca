"""`tweet`, and the buttons below tweets."""
