"""A corpus on disk: a folder of five parquet files, each with the version and the settings."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from perfscore.errors import SchemaError, why

__all__ = ["FILES", "TABLES", "load", "save"]

# Changes with the tables and with the hashes of strings.
VERSION = 2
TABLES = ("projects", "tables", "rows", "strings", "goals")
FILES = frozenset(f"{name}.parquet" for name in TABLES)
_KEY = "perfscore.corpus"


def save(frames: Mapping[str, pd.DataFrame], settings: Mapping[str, Any], folder: Path) -> None:
    """Write the tables of a corpus; the same corpus gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    meta = json.dumps({"version": VERSION, "settings": settings}, sort_keys=True)
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
    meta = json.loads(metas.pop()) if len(metas) == 1 else {}
    if meta.get("version") != VERSION:
        raise SchemaError(f"语料 {folder} 的版本是 {meta.get('version', '未知')}，应为 {VERSION}；请重新建立")
    return frames, meta["settings"]
