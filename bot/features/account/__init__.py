"""`account`, `credits`, `subscribe`."""
