"""Parquet tables of rows as other programs write them: types, parts, folders, damage. In memory and part by part alike."""

import datetime
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from test_scale import also_slow, files_in, rows, whole

from perfscore import read
from perfscore.scale import score_files
from perfscore.targets import Targets


def table(seed: int) -> pa.Table:
    """Rows with a plain column for each thing, without the notes that pandas leaves in a file."""
    frame = rows(seed, 12)
    frame["project_id"] = f"{seed}-" + frame["project_id"].astype("str")
    return pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)


def put(given: pa.Table, name: str, cells: object) -> pa.Table:
    at = given.schema.get_field_index(name)
    return given.append_column(name, cells) if at < 0 else given.set_column(at, name, cells)


def write(folder: Path, files: dict[str, pa.Table | bytes]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            (folder / name).write_bytes(content)
        else:
            pq.write_table(content, folder / name)
    return folder


def both_ways(path: Path) -> Targets:
    """Read a path, and see that part by part the same is made of it."""
    output = path.parent
    score_files([path], output / "out")
    assert files_in(output / "out") == whole(path, output / "memory")
    return read(path)


YEARS = also_slow("2024年度", 2024, 2024.0, "2024", "20240101", Decimal(2024), datetime.date(2024, 3, 1))


@pytest.mark.parametrize("year", [datetime.datetime(2024, 3, 1), *YEARS], ids=repr)
def test_a_year_of_any_type(tmp_path, year) -> None:
    given = table(1)
    given = put(given, "year", pa.array([year] * len(given)))
    assert set(both_ways(write(tmp_path / "in", {"rows.parquet": given})).projects["year"]) == {2024}


@pytest.mark.parametrize("of", also_slow(float, int, str.encode, Decimal), ids=lambda of: of.__name__)
def test_an_id_of_any_type(tmp_path, of) -> None:
    given = table(2)
    codes, _ = pd.factorize(given["project_id"].to_pandas())
    plain = put(given, "project_id", pa.array([str(code) for code in codes]))
    other = put(given, "project_id", pa.array([of(str(code)) for code in codes]))
    named = [
        both_ways(write(tmp_path / name / "in", {"rows.parquet": it})) for name, it in (("a", plain), ("b", other))
    ]
    assert named[0].indicators.equals(named[1].indicators)


def test_columns_of_lists_that_nobody_asks_for_do_no_harm(tmp_path) -> None:
    given = table(3)
    given = put(given, "tags", pa.array([["甲", "乙"]] * len(given)))
    assert both_ways(write(tmp_path / "in", {"rows.parquet": given})).unread.empty


def test_a_column_of_lists_that_should_be_text_is_told(tmp_path) -> None:
    lists = put(table(4), "description", pa.array([["甲", "乙"]] * len(table(4))))
    targets = both_ways(write(tmp_path / "in", {"a.parquet": lists, "b.parquet": table(5)}))
    (told,) = targets.unread.itertuples()
    assert told.doc == "a.parquet"
    assert "description" in told.reason
    assert "list<" in told.reason
    assert set(targets.projects["doc"]) == {"b.parquet"}


def test_files_need_not_have_the_same_columns(tmp_path) -> None:
    short = table(6).drop_columns(["basis", "level2"])
    targets = both_ways(write(tmp_path / "in", {"a.parquet": table(7), "b.parquet": short}))
    of_short = targets.indicators["doc"] == "b.parquet"
    assert targets.unread.empty
    assert targets.indicators.loc[of_short, "basis"].isna().all()
    assert targets.indicators.loc[~of_short, "basis"].notna().any()


@pytest.mark.parametrize(
    "names", [("part-00000-x.snappy.parquet", "part-00001-x.snappy.parquet"), ("a.parquet", "b.parquet")]
)
def test_a_project_goes_on_in_the_next_part_of_a_table(tmp_path, names) -> None:
    given = table(8)
    files = dict(zip(names, (given.slice(0, 31), given.slice(31)), strict=True))
    targets = both_ways(
        write(tmp_path / "rows", {**files, "_SUCCESS": b"", ".crc": b"x", "part-00009.parquet": given.slice(0, 0)})
    )
    alone = read(write(tmp_path / "alone", {"rows": given}).joinpath("rows").rename(tmp_path / "alone.parquet"))
    assert targets.unread.empty
    assert set(targets.projects["doc"]) == {"rows"}
    assert targets.indicators.drop(columns="doc").equals(alone.indicators.drop(columns="doc"))


def test_parts_with_other_types_and_columns_are_one_table(tmp_path) -> None:
    given = table(9)
    codes, _ = pd.factorize(given["project_id"].to_pandas())
    given = put(given, "project_id", pa.array(codes))
    second = put(given, "project_id", pa.array([str(code) for code in codes])).drop_columns(["basis"]).slice(31)
    parts = {"part-0.parquet": given.slice(0, 31), "part-1.parquet": second}
    targets = both_ways(write(tmp_path / "in" / "rows", parts))
    assert len(targets.projects) == codes.max() + 1
    assert len(targets.indicators) == len(given)


def test_other_files_make_a_folder_no_table(tmp_path) -> None:
    given, text = table(10), "项目名称,三级指标,指标值\n河道清淤,清淤长度,≥3公里\n".encode()
    folder = write(
        tmp_path / "in", {"part-0.parquet": given.slice(0, 31), "part-1.parquet": table(11), "note.csv": text}
    )
    assert {"part-0.parquet", "part-1.parquet"} <= set(read(folder).projects["doc"])


def test_a_damaged_part_is_named_and_the_table_is_not_half_read(tmp_path) -> None:
    given = table(12)
    folder = write(
        tmp_path / "in",
        {"x/part-0.parquet": given.slice(0, 31), "x/part-1.parquet": b"PAR1 and no more", "y.parquet": table(13)},
    )
    targets = both_ways(folder)
    assert targets.unread[["doc", "place"]].values.tolist() == [["x", "part-1.parquet"]]
    assert set(targets.projects["doc"]) == {"y.parquet"}


def test_damage_that_shows_late_costs_only_its_file(tmp_path) -> None:
    folder = write(tmp_path / "in", {"a.parquet": table(14), "b.parquet": table(15), "c.parquet": table(14)})
    file = folder / "a.parquet"
    columns = pq.read_metadata(file).row_group(0)
    begins = {
        columns.column(at).path_in_schema: columns.column(at).data_page_offset for at in range(columns.num_columns)
    }
    data = bytearray(file.read_bytes())
    data[begins["description"] : begins["description"] + 100] = b"\xff" * 100
    file.write_bytes(data)
    targets = both_ways(folder)
    assert targets.unread["doc"].tolist() == ["a.parquet"]
    assert set(targets.projects["doc"]) == {"b.parquet", "c.parquet"}
