"""Deliveries and events on their way in: checked, stored once, and the webhooks they come by."""
