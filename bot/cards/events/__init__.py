"""How an event looks: a card, a line, a list, and its words."""
