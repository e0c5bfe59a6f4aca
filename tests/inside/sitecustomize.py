"""What tests have in processes of ours: Python imports this by itself where PYTHONPATH leads here.

Each part does nothing unless its own variable of the environment is set.
"""

import moved_clock  # noqa: F401
import opened_files  # noqa: F401
