"""What tenants are and chose: grants, contacts, timezones, languages, installations, buttons, numbers."""
