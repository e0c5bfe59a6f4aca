"""The garbage collector and what is loaded at the start: hundreds of thousands of objects that stay."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """Within the block the collector rests, and what is there at its end it never looks at again.

    While modules are imported it would find nothing. Afterwards it would look through all of them every
    few thousand requests, which takes 70 ms in which nobody is answered.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
