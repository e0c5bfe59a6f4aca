"""From stored events to messages: which place gets what, and each tenant's share of the work."""
