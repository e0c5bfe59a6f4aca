"""Events, the routes they take, filters, schedules, de-duplication keys. Pure."""
