"""Parquet tables of rows as other programs write them: types, parts, folders, damage. In memory and part by part alike."""

import datetime
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from test_scale import also_slow, files_in, rows, whole

from perfscore import Corpus, read
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


def plain(count: int, first: int = 0) -> pd.DataFrame:
    """Three rows for each project, none of them blank."""
    made = [
        {
            "region": "甲县",
            "department": "水务局",
            "project_id": f"P{at}",
            "project_name": f"项目{at}",
            "name": f"清淤长度{at}{row}",
            "value": f"≥{row + 3}公里",
            "basis": "年度计划",
        }
        for at in range(first, first + count)
        for row in range(3)
    ]
    return pd.DataFrame(made)


def arrow(frame: pd.DataFrame) -> pa.Table:
    return pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)


def rows_of(targets: Targets) -> list[int]:
    return targets.projects["n_rows"].tolist()


def without(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Merged cells: only the first row of each project says what these columns say."""
    return frame.assign(**{name: frame[name].where(frame.index % 3 == 0) for name in columns})


@pytest.mark.parametrize(
    "frame",
    [
        without(plain(6), ["project_id", "project_name"]),
        without(plain(6), ["project_id"]),
        without(plain(6), ["project_name"]),
        without(plain(6), ["project_id", "project_name", "department", "region"]),
        without(plain(6).drop(columns="project_id"), ["project_name"]),
        plain(6).assign(project_id=None),
        plain(6).assign(project_id="", year=None),
        without(plain(6).drop(columns="project_id").assign(year=2024), ["year"]),
        without(plain(6), ["project_name"]).assign(项目名称="别的"),
        plain(6).assign(region=None),
    ],
    ids=["id and name", "id", "name", "all", "name alone", "no id", "empty id", "year", "two names", "no region"],
)
def test_merged_and_blank_cells(tmp_path, monkeypatch, frame) -> None:
    monkeypatch.setattr("perfscore.rowfiles.RUN", 4)
    targets = both_ways(write(tmp_path / "in", {"rows.parquet": arrow(frame)}) / "rows.parquet")
    assert rows_of(targets) == [3] * 6
    assert targets.projects["agency"].eq("水务局").all()


def test_a_last_line_changes_nothing_above(tmp_path) -> None:
    total = pd.DataFrame([{"name": "合计", "value": "1"}])
    given = pd.concat([plain(3).assign(department=["甲局"] * 3 + [None] * 3 + ["丙局"] * 3), total], ignore_index=True)
    targets = both_ways(write(tmp_path / "in", {"rows.parquet": arrow(given)}) / "rows.parquet")
    assert targets.projects["agency"].tolist()[::2] == ["甲局", "丙局"]
    assert pd.isna(targets.projects["agency"].iloc[1])
    assert rows_of(targets) == [3, 3, 4]


def test_years_with_one_name_or_code_are_projects_of_their_own(tmp_path) -> None:
    given = plain(1).drop(columns="project_id").assign(项目编码="A1")
    files = {f"year={year}/part-0.parquet": arrow(given) for year in (2023, 2024)}
    targets = both_ways(write(tmp_path / "rows", files))
    assert targets.projects["year"].tolist() == [2023, 2024]
    assert rows_of(targets) == [3, 3]


def test_an_id_that_goes_on_is_a_project_of_each_year(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("perfscore.rowfiles.RUN", 4)
    last, now = plain(3).assign(year="2023"), plain(2, 2).assign(year="2024年度")
    both = without(pd.concat([last, now], ignore_index=True), ["year"]).assign(department=["甲局", "乙局", "甲局"] * 5)
    files = {"rows.parquet": arrow(both), "alone.parquet": arrow(plain(1, 9).assign(year=2024))}
    targets = both_ways(write(tmp_path / "in", files))
    assert dict(zip(targets.projects["project_id"], targets.projects["year"], strict=True)) == {
        "P0": 2023,
        "P1": 2023,
        "P2（2023）": 2023,
        "P2（2024）": 2024,
        "P3": 2024,
        "P9": 2024,
    }
    assert rows_of(targets) == [3] * 6
    corpus = Corpus.fit(targets.projects.assign(agency="甲局"), targets.indicators)
    assert corpus.carried_over()[["project_id", "previous"]].values.tolist() == [["P2（2024）", "P2（2023）"]]


@pytest.mark.parametrize("index", [["project_id"], ["project_id", "name"]], ids=str)
def test_an_index_is_a_column_as_others_are(tmp_path, index) -> None:
    plain(4).set_index(index).to_parquet(tmp_path / "rows.parquet")
    assert both_ways(tmp_path / "rows.parquet").projects["project_id"].tolist() == ["P0", "P1", "P2", "P3"]


def test_parts_may_call_the_same_thing_differently(tmp_path) -> None:
    parts = {
        "part-0.parquet": plain(2).rename(columns={"value": "指标值"}).assign(**{"项目预算（万元）": 12}),
        "part-1.parquet": plain(2, 2).rename(columns={"project_name": "项目名称"}).assign(**{"项目预算（元）": 34}),
        "part-2.parquet": plain(1, 4).astype({"value": "category"}).assign(year=Decimal("2024.00")),
    }
    targets = both_ways(write(tmp_path / "rows", {name: arrow(part) for name, part in parts.items()}))
    assert targets.indicators["value"].tolist() == ["≥3公里", "≥4公里", "≥5公里"] * 5
    assert targets.projects["budget"].tolist()[:4] == [120_000, 120_000, 34, 34]
    assert targets.projects["project_name"].tolist() == [f"项目{at}" for at in range(5)]


def test_a_zero_has_no_sign_whatever_stands_beside_it(tmp_path) -> None:
    parts = {
        f"part-{at}.parquet": arrow(plain(1, at).assign(budget=text)) for at, text in enumerate(["-0", "0", "-0.0"])
    }
    targets = both_ways(write(tmp_path / "rows", parts))
    assert targets.projects["budget"].map(str).tolist() == ["0.0", "0.0", "0.0"]


def test_parts_are_read_in_the_order_of_their_numbers(tmp_path) -> None:
    frame = without(plain(12), ["project_id", "project_name"])
    parts = {f"part.{at}.parquet": arrow(frame[at * 3 + (at > 0) : at * 3 + 4]) for at in range(12)}
    targets = both_ways(write(tmp_path / "rows", parts))
    assert rows_of(targets) == [3] * 12
    held = targets.indicators.groupby("project_id", sort=False)["name"].agg(list)
    assert held["P10"] == ["清淤长度100", "清淤长度101", "清淤长度102"]


def test_tables_of_years_are_tables_of_their_own(tmp_path) -> None:
    files = {f"data_{year}.parquet": arrow(plain(2, year)) for year in (2023, 2024)}
    assert set(both_ways(write(tmp_path / "in", files)).projects["doc"]) == set(files)
    parts = {f"data_{at}.parquet": arrow(plain(3)[at * 5 : at * 5 + 5]) for at in range(2)}
    assert rows_of(both_ways(write(tmp_path / "other" / "in", parts))) == [3] * 3


def test_a_folder_of_other_files_too_counts_none_twice(tmp_path) -> None:
    files = {f"{name}.parquet": arrow(plain(2, 2 * at)) for at, name in enumerate(["part-0", "part-1", "补报", "a=b"])}
    folder = write(tmp_path / "in", files)
    assert rows_of(both_ways(folder)) == [3] * 8
    assert rows_of(read([folder, folder / "part-0.parquet"])) == [3] * 8
    for name in ("补报", "a=b"):
        (folder / f"{name}.parquet").unlink()
    assert rows_of(read([folder, folder / "part-0.parquet"])) == [3] * 4


@pytest.mark.parametrize("column", ["name", "value", "project_id", "region"])
def test_text_that_is_no_text_is_told(tmp_path, column) -> None:
    given = arrow(plain(4))
    cells = [text.encode() for text in given[column].to_pylist()]
    cells[7] = "清淤".encode("gbk")
    broken = put(given, column, pa.array(cells, pa.binary()).view(pa.string()))
    targets = both_ways(write(tmp_path / "in", {"a.parquet": broken, "b.parquet": arrow(plain(2, 9))}))
    assert targets.unread["doc"].tolist() == ["a.parquet"]
    assert f"列 {column} 中有不是 UTF-8 的文字" in targets.unread["reason"].item()


def test_what_else_may_stand_beside_a_good_file(tmp_path) -> None:
    good = arrow(plain(3))
    endless = pa.array([2**31 - 1] * len(good), pa.int32()).view(pa.date32())
    files = {
        "empty.parquet": good.slice(0, 0),
        "good.parquet": arrow(plain(2, 9)),
        "twice.parquet": good.append_column("basis", good["basis"]),
        "unused.parquet": arrow(plain(2, 20)).append_column("valid_to", endless[:6]),
        "endless.parquet": arrow(plain(3, 30)).append_column("year", endless),
        "struct.parquet": without_id(arrow(plain(2, 40))).add_column(0, "meta", pa.array([{"project_id": "x"}] * 6)),
    }
    folder = write(tmp_path / "in", files)
    (folder / "gone.parquet").symlink_to(tmp_path / "nowhere")
    targets = both_ways(folder)
    assert targets.unread["doc"].tolist() == ["endless.parquet", "gone.parquet"]
    assert targets.projects.groupby("doc")["n_rows"].sum().to_dict() == {
        "good.parquet": 6,
        "struct.parquet": 6,
        "twice.parquet": 9,
        "unused.parquet": 6,
    }


def without_id(given: pa.Table) -> pa.Table:
    """The second project has no id, though every struct beside it has one inside."""
    return put(given, "project_id", pa.array(["P40"] * 3 + [None] * 3, pa.string()))


def test_times_and_amounts_are_spelt_each_by_itself(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("perfscore.rowfiles.RUN", 4)
    days = [datetime.datetime(2024, 6, 1)] * 8 + [datetime.datetime(2024, 12, 31, 17, 30)]
    given = put(arrow(plain(3)), "basis", pa.array(days, pa.timestamp("us")))
    given = put(given, "value", pa.array([Decimal("30.0000000000")] * 8 + [Decimal("2.5")], pa.decimal128(20, 10)))
    deleted = given.append_column("is_deleted", pa.array([Decimal("1.00")] + [Decimal("2.00")] * 8))
    targets = both_ways(write(tmp_path / "in", {"rows.parquet": deleted}))
    assert targets.indicators["basis"].tolist() == ["2024-06-01"] * 7 + ["2024-12-31 17:30:00"]
    assert targets.indicators["value"].tolist() == ["30"] * 7 + ["2.5"]


def test_another_question_is_another_run(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("perfscore.scale._part_size", lambda *_: 3)
    write(tmp_path / "rows", {"year=2024/part-0.parquet": arrow(plain(4))})

    def stop(stage: str, done: int, total: int) -> None:
        if stage == "评分":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        score_files([tmp_path / "rows" / "year=2024"], tmp_path / "out", progress=stop)
    score_files([tmp_path / "rows"], tmp_path / "out")
    assert files_in(tmp_path / "out") == whole(tmp_path / "rows", tmp_path / "memory")
    assert set(pd.read_parquet(tmp_path / "out" / "projects.parquet")["year"]) == {2024}
