"""A corpus on disk: a folder of five parquet files, each with the version and the settings."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from perfscore.errors import SchemaError, why
from perfscore.similar import mix
from perfscore.texts import Texts

__all__ = ["FILES", "TABLES", "load", "save"]

# Changes with the tables and with the hashes of strings.
VERSION = 4
COLUMNS = {
    "projects": ("project_id", "year", "identity", "title", "owner", "region", "goal", "name", "table"),
    "tables": ("table", "row"),
    "rows": ("row", "name", "description", "value", "basis", "comparable"),
    "strings": ("string", "masked", "text"),
    "goals": ("goal", "text"),
}
TABLES = tuple(COLUMNS)
FILES = frozenset(f"{name}.parquet" for name in TABLES)
_KEY = "perfscore.corpus"


def save(frames: Mapping[str, pd.DataFrame], settings: Mapping[str, Any], folder: Path) -> None:
    """Write the tables of a corpus; the same corpus gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    content = {name: _fingerprint(frame) for name, frame in frames.items()}
    meta = json.dumps({"version": VERSION, "settings": settings, "content": content}, sort_keys=True)
    for name, frame in frames.items():
        table = pa.Table.from_pandas(frame, preserve_index=False)
        table = table.replace_schema_metadata({**(table.schema.metadata or {}), _KEY: meta})
        # Most columns are hashes, of which few are equal: to look for equal cells would take time and bytes.
        pq.write_table(table, folder / f"{name}.parquet", compression="zstd", use_dictionary=False)


def load(folder: Path) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """Read the tables and the settings.

    Raises
    ------
    SchemaError
        the folder holds no corpus, or one of another version
    """
    frames, metas = {}, set()
    for name in TABLES:
        file = folder / f"{name}.parquet"
        try:
            with pq.ParquetFile(file) as opened:  # without the search for a data set, which takes longer than reading
                table = opened.read()
        except FileNotFoundError as error:
            raise SchemaError(
                f"{folder} 不是语料文件夹：没有 {file.name}；应为 perfscore corpus build 建立的文件夹"
            ) from error
        except (OSError, pa.ArrowInvalid) as error:
            raise SchemaError(f"不能读取语料 {file}：{why(error)}；请重新建立") from error
        metas.add((table.schema.metadata or {}).get(_KEY.encode(), b"{}"))
        frames[name] = table.to_pandas()
    if len(metas) > 1:
        raise SchemaError(f"语料 {folder} 的文件不是一次保存的；请重新建立")
    meta = _meta(metas.pop())
    if meta.get("version") != VERSION:
        raise SchemaError(f"语料 {folder} 的版本是 {meta.get('version', '未知')}，应为 {VERSION}；请重新建立")
    for name, frame in frames.items():
        if sorted(frame) != sorted(COLUMNS[name]) or meta["content"].get(name) != _fingerprint(frame):
            raise SchemaError(f"语料 {folder} 的 {name}.parquet 与保存时不同；请重新建立")
    return frames, meta["settings"]


def _meta(said: bytes) -> dict[str, Any]:
    try:
        meta = json.loads(said)
    except ValueError:
        return {}
    complete = isinstance(meta, dict) and all(isinstance(meta.get(key), dict) for key in ("settings", "content"))
    return meta if complete else {}


def _fingerprint(frame: pd.DataFrame) -> str:
    """A number that other content hardly has: files of several corpora in one folder are told by it."""
    first = frame[next(iter(frame))]
    keys = first.to_numpy(np.uint64) if first.dtype == np.uint64 else Texts.of(pa.array(first)).hashes()
    return f"{len(frame)}-{int(mix(keys).sum(dtype=np.uint64)):016x}"
