"""The databases: SQLite and PostgreSQL behind one class, commits, locks, failures, sizes, backups."""
