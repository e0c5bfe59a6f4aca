"""Everything durable: tables, the database, the vault, and one module a concern."""
