"""Imported by the process that `tests.forked` forks: everything, once."""

from tests.forked import import_everything

import_everything()
