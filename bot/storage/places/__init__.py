"""What tenants are and chose: grants, contacts, timezones, installations, buttons, numbers."""
