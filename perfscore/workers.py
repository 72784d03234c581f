"""One task done for many numbers: in this process, in several, or by a cluster; a task that is lost is done again."""

import multiprocessing
import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.context import BaseContext

from perfscore.clusters import LOSSES, Task, by_dask, by_spark, is_spark, lost

__all__ = ["FORKS", "Workers", "start"]

FORKS = sys.platform == "linux"


@dataclass(frozen=True, slots=True)
class Workers:
    """Where tasks are done.

    Parameters
    ----------
    processes : how many at a time on this machine; 1 is this process itself
    scheduler : address of a running Dask scheduler or a master of Spark, whose workers see the same folders; it goes before
        ``processes``
    """

    processes: int = 1
    scheduler: str | None = None

    def done(self, task: Task, numbers: Sequence[int], apart: bool = False) -> Iterator[int]:
        """Do a task for each number and yield the number when it is done, in any order.

        Parameters
        ----------
        task : a function that can be pickled and leaves its result in a file; what it does twice it does the same
        apart : do it in a process that ends afterwards and gives its memory back, if there are any others

        Raises
        ------
        PerfscoreError
            workers are lost again and again; what the task itself raises is raised here too
        """
        if self.scheduler is not None:
            by_cluster = by_spark if is_spark(self.scheduler) else by_dask
            yield from by_cluster(task, numbers, self.scheduler)
        elif self.processes == 1 or (len(numbers) < 2 and not apart):
            for number in numbers:
                task(number)
                yield number
        else:
            yield from _by_processes(task, numbers, min(self.processes, len(numbers)))


def _by_processes(task: Task, numbers: Sequence[int], processes: int) -> Iterator[int]:
    left, losses = list(numbers), 0
    while left:
        with _pool(processes) as pool:
            running = {pool.submit(task, number): number for number in left}
            try:
                while running:
                    for future in wait(running, return_when=FIRST_COMPLETED).done:
                        future.result()
                        number = running.pop(future)
                        left.remove(number)
                        losses = 0
                        yield number
            except BrokenProcessPool:
                losses += 1
                if losses == LOSSES:
                    raise lost() from None
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise


def start() -> None:
    """Start the process that workers are forked from, where that can be had, so that it makes ready while this one goes on."""
    if FORKS:
        _server()


def _pool(processes: int) -> ProcessPoolExecutor:
    """Start processes: not forked from this one, for they would hold all that it has read.

    Where it can be had, they are forked from one that has done nothing but make ready what the tasks need.
    """
    context = _server() if FORKS else multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(processes, mp_context=context)


def _server() -> BaseContext:
    from multiprocessing import forkserver  # not everywhere

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["perfscore.ready"])
    # Modules are not looked for in the working folder: another perfscore may be there, a checkout. All threads take memory
    # from one place: what one of them gave back serves the others.
    with _environment(PYTHONSAFEPATH="1", MALLOC_ARENA_MAX="1"):
        forkserver.ensure_running()
    return context


@contextmanager
def _environment(**settings: str) -> Iterator[None]:
    """Set variables for a process that is started now."""
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value
