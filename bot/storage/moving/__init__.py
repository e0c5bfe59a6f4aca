"""Moving a whole installation from a SQLite file into PostgreSQL (`xquik-bot migrate --from`)."""
