"""One task done for many numbers by the workers of a cluster, which see the same folders: those of Dask, or of Spark.

The work goes through these folders (``stages``); all that travels is the task and its numbers.
"""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from perfscore.errors import ConfigError, PerfscoreError, why

__all__ = ["LOSSES", "Task", "by_dask", "by_spark", "is_spark", "lost"]

Task = Callable[[int], Any]
LOSSES = 3  # times that workers may be lost, one after another, before a run is given up


def lost() -> PerfscoreError:
    """What is raised when workers are lost again and again."""
    return PerfscoreError(
        "处理数据的进程一再意外结束，多半是内存不足；请减小 --memory 或 --workers，再运行同一条命令接着做；"
        "在自己的脚本中调用时，要写在 if __name__ == '__main__': 之下"
    )


def by_dask(task: Task, numbers: Sequence[int], address: str) -> Iterator[int]:
    """Yield each number when a worker of a running Dask scheduler has done the task for it.

    Raises
    ------
    ConfigError
        Dask is not installed, or no scheduler answers at the address
    PerfscoreError
        workers are lost again and again
    """
    try:
        from distributed import Client, as_completed
        from distributed.scheduler import KilledWorker
    except ImportError:
        raise ConfigError("使用 Dask 需要安装：pip install 'perfscore[dask]'") from None
    try:
        client = Client(address, timeout="10s", set_as_default=False)
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"连接不上 Dask 调度器 {address}：{why(error) or error}；请核对地址，如 tcp://主机:8786"
        ) from None
    with client:
        futures = client.map(task, list(numbers), pure=False, retries=LOSSES)
        of = dict(zip((future.key for future in futures), numbers, strict=True))
        try:
            for future in as_completed(futures, loop=client.loop):
                future.result()
                yield of[future.key]
        except KilledWorker:
            raise lost() from None
        finally:
            client.cancel(futures)


def is_spark(address: str) -> bool:
    """Tell whether an address is a master of Spark.

    Examples
    --------
    >>> is_spark("spark://host:7077"), is_spark("local[2]"), is_spark("tcp://host:8786")
    (True, True, False)
    """
    return address == "yarn" or address.startswith(("spark://", "k8s://", "local["))


def by_spark(task: Task, numbers: Sequence[int], address: str) -> Iterator[int]:
    """Yield all numbers when Spark has done the task for each; Spark itself does again what is lost.

    A session that is there already is used, whatever the address; one that is started is left for what follows.

    Raises
    ------
    ConfigError
        Spark is not installed, or cannot be started or reached
    PerfscoreError
        the task failed, or workers are lost again and again
    """
    try:
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException, PythonException
        from pyspark.sql import SparkSession
    except ImportError:
        raise ConfigError("使用 Spark 需要安装：pip install 'perfscore[spark]'，并装有 Java 17 以上") from None

    def run(batches: Iterable[Any]) -> Iterator[Any]:
        for batch in batches:
            for at in batch["id"].to_pylist():
                task(numbers[at])
            yield batch

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # of workers on this machine
    builder = SparkSession.builder.appName("perfscore").config("spark.ui.showConsoleProgress", "false")
    try:
        session = builder.master(address).getOrCreate()
    except (Py4JError, PySparkException, OSError) as error:
        raise ConfigError(
            f"启动不了 Spark，或连接不上 {address}（{type(error).__name__}）；请核对地址，如 spark://主机:7077，并确认装有 Java 17 以上"
        ) from None
    try:
        done = session.range(0, len(numbers), 1, max(1, len(numbers))).mapInArrow(run, "id long").collect()
    except PythonException as error:
        raise PerfscoreError(str(error).strip().splitlines()[-1]) from None
    except (Py4JError, PySparkException):
        raise lost() from None
    yield from (numbers[row["id"]] for row in done)
