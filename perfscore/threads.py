"""Several things at a time in one process: numpy and pyarrow let go of the interpreter while they work.

Threads end with the call, so a process may be forked at any time.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any, TypeVar

__all__ = ["ahead", "available", "parallel", "together"]

_Result = TypeVar("_Result")


def parallel(function: Callable[[Any], _Result], parts: Sequence[Any]) -> list[_Result]:
    """Call a function for each part on all processors.

    Examples
    --------
    >>> parallel(len, ["植树", "修路里程"])
    [2, 4]
    """
    if len(parts) < 2:
        return [function(part) for part in parts]
    with ThreadPoolExecutor(min(len(parts), available())) as threads:
        tasks = [threads.submit(copy_context().run, function, part) for part in parts]
        return [task.result() for task in tasks]


def together(*tasks: Callable[[], Any]) -> list[Any]:
    """Do different things on all processors, and return what each returns.

    Examples
    --------
    >>> together(lambda: 1 + 1, lambda: "植树".join("，。"))
    [2, '，植树。']
    """
    return parallel(lambda task: task(), tasks)


def ahead(items: Iterator[_Result]) -> Iterator[_Result]:
    """Yield items one after another, the next one made while one is used.

    Examples
    --------
    >>> list(ahead(iter(["植树", "修路"])))
    ['植树', '修路']
    """
    end = object()

    def following() -> Any:
        return next(items, end)

    with ThreadPoolExecutor(1) as thread:
        coming = thread.submit(copy_context().run, following)
        while (item := coming.result()) is not end:
            coming = thread.submit(copy_context().run, following)
            yield item


def available() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
