"""Tables too large for memory: the same files whatever the parts, the workers, the order of rows, and what was lost."""

import contextlib
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import corpora
import pandas as pd
import pytest

from perfscore import Config, bulk, read, scale, score
from perfscore.arguments import Exit, build_parser
from perfscore.cli import main
from perfscore.config import Accept
from perfscore.errors import ConfigError, LexiconError, PerfscoreError, SchemaError
from perfscore.scale import row_tables, score_files
from perfscore.workers import Workers

TABLES = ("projects", "findings", "indicators", "copies", "unread", "accepted")


def rows(seed: int, count: int = 24) -> pd.DataFrame:
    """Rows as a data platform exports them: heads repeated beside each row, projects of several kinds and years."""
    projects, indicators = corpora.make(seed, count, years=(2023, 2024, None))
    heads = projects.drop(columns=["doc"]).rename(columns={"division": "region", "agency": "department"})
    return indicators.drop(columns="doc").rename(columns={"row_no": "seq"}).merge(heads, on="project_id")


def files_in(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def whole(path: Path, output: Path, config: Config | None = None) -> dict[str, bytes]:
    """The files of the way through memory."""
    score(read(path), (config or Config()).replace(examples=0)).save(output, "parquet")
    return files_in(output)


@pytest.fixture
def parts_of(monkeypatch):
    """Make parts of a given number of rows."""
    return lambda size: monkeypatch.setattr("perfscore.scale._part_size", lambda *_: size)


def also_slow(quick: object, *slow: object) -> list:
    """One value for every run of the tests, the others for the slow one."""
    return [quick, *(pytest.param(value, marks=pytest.mark.slow) for value in slow)]


@pytest.mark.parametrize("size", also_slow(7, 1, 20, 10_000))
def test_parts_of_any_size_give_the_files_of_memory(tmp_path, parts_of, size) -> None:
    rows(1).to_parquet(tmp_path / "rows.parquet")
    parts_of(size)
    outcome = score_files([tmp_path / "rows.parquet"], tmp_path / "out")
    assert files_in(tmp_path / "out") == whole(tmp_path / "rows.parquet", tmp_path / "memory")
    assert len(outcome.projects) == rows(1)["project_id"].nunique()
    assert outcome.findings == len(pd.read_parquet(tmp_path / "out" / "findings.parquet"))
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith(".")] == []


def test_a_row_brought_along_from_a_project_of_another_part(tmp_path, parts_of) -> None:
    heads = [("01", "停车楼建设", "用于立体停车楼建设"), ("02", "标准厂房建设", "用于标准厂房及道路配套")]
    names = {"01": ["停车楼泊位数", "停车楼充电车位数", "标准厂房交付面积"], "02": ["标准厂房建筑面积"]}
    table = pd.DataFrame(
        [
            {"project_id": project_id, "project_name": name, "purpose": purpose, "level2": "数量指标", "name": row}
            for project_id, name, purpose in heads
            for row in names[project_id]
        ]
    ).assign(value="≥300个")
    table.to_parquet(tmp_path / "rows.parquet")
    parts_of(1)
    score_files([tmp_path / "rows.parquet"], tmp_path / "out")
    assert files_in(tmp_path / "out") == whole(tmp_path / "rows.parquet", tmp_path / "memory")
    found = pd.read_parquet(tmp_path / "out" / "findings.parquet")
    found = found[found["code"] == "PS207"]
    assert found[["project_id", "row_no", "peer"]].to_numpy().tolist() == [["01", 3, "02"]]


@pytest.mark.parametrize("seed", also_slow(0, 1, 2, 3))
def test_the_order_of_rows_does_not_matter(tmp_path, parts_of, seed) -> None:
    table = rows(seed)
    table.to_parquet(tmp_path / "rows.parquet")
    parts_of(random.Random(seed).randint(5, 60))
    score_files([tmp_path / "rows.parquet"], tmp_path / "one")
    table.sample(frac=1, random_state=seed).to_parquet(tmp_path / "rows.parquet")
    score_files([tmp_path / "rows.parquet"], tmp_path / "two")
    for name in TABLES:
        one, two = (pd.read_parquet(tmp_path / way / f"{name}.parquet") for way in ("one", "two"))
        # The position of a project in the file is what was changed.
        pd.testing.assert_frame_equal(
            one.drop(columns="project_no", errors="ignore"), two.drop(columns="project_no", errors="ignore")
        )


def test_files_and_their_order_do_not_matter(tmp_path, parts_of) -> None:
    table = rows(5).assign(doc="全市.xlsx", project_no=1)
    ids = sorted(table["project_id"].unique())
    parts_of(30)
    for number, cut in enumerate((5, 17)):
        first, second = table["project_id"].isin(ids[:cut]), table["project_id"].isin(ids[cut:])
        folder = tmp_path / f"in{number}"
        folder.mkdir()
        table[first].to_parquet(folder / f"{'ab'[number]}.parquet")
        table[second].to_parquet(folder / f"{'ba'[number]}.parquet")
        score_files([folder], tmp_path / f"out{number}")
        assert files_in(tmp_path / f"out{number}") == whole(folder, tmp_path / f"memory{number}")
    for name in TABLES:
        one, two = (pd.read_parquet(tmp_path / f"out{number}" / f"{name}.parquet") for number in (0, 1))
        pd.testing.assert_frame_equal(
            one.drop(columns="project_no", errors="ignore"), two.drop(columns="project_no", errors="ignore")
        )


def test_what_cannot_be_read_is_told(tmp_path, parts_of) -> None:
    table = rows(6)
    parts_of(20)
    (tmp_path / "in").mkdir()
    table.to_parquet(tmp_path / "in" / "a.parquet")
    table[table["project_id"] == table["project_id"][0]].to_parquet(tmp_path / "in" / "b.parquet")
    pd.DataFrame({"单价": [1], "数量": [2]}).to_parquet(tmp_path / "in" / "c.parquet")
    (tmp_path / "in" / "d.parquet").write_bytes(b"PAR1 and nothing else")
    outcome = score_files([tmp_path / "in"], tmp_path / "out")
    unread = pd.read_parquet(tmp_path / "out" / "unread.parquet")
    assert set(unread["doc"]) == {"b.parquet", "c.parquet", "d.parquet"}
    pd.testing.assert_frame_equal(unread, outcome.unread)
    assert files_in(tmp_path / "out") == whole(tmp_path / "in", tmp_path / "memory")


def test_no_project_at_all(tmp_path) -> None:
    rows(1).iloc[:0].to_parquet(tmp_path / "rows.parquet")
    outcome = score_files([tmp_path / "rows.parquet"], tmp_path / "out")
    assert outcome.projects.empty
    assert sorted(files_in(tmp_path / "out")) == sorted(f"{name}.parquet" for name in TABLES)


def test_settings_hold_for_every_part(tmp_path, parts_of) -> None:
    table = rows(7)
    table.to_parquet(tmp_path / "rows.parquet")
    known = score(read(tmp_path / "rows.parquet"))
    known.to_baseline(tmp_path / "known.csv")
    half = pd.read_csv(tmp_path / "known.csv", dtype="str", keep_default_na=False)[::2]
    half.to_csv(tmp_path / "known.csv", index=False, encoding="utf-8-sig")
    project = table["project_id"][0]
    accept = (Accept("已核", code="PS3"), Accept("已核对", project=project), Accept("没有这个项目", project="无此项目"))
    config = Config(
        accept=accept, baseline=str(tmp_path / "known.csv"), ignore={"PS104": "试"}, severity={"PS2": "minor"}
    )
    parts_of(25)
    outcome = score_files([tmp_path / "rows.parquet"], tmp_path / "out", config)
    assert files_in(tmp_path / "out") == whole(tmp_path / "rows.parquet", tmp_path / "memory", config)
    card = score(read(tmp_path / "rows.parquet"), config.replace(examples=0))
    assert outcome.method == dict(card.method)
    assert "无此项目" in outcome.method["unmet"]
    assert outcome.accepted == len(card.accepted) > 0
    assert outcome.new == card.findings["new"].sum()


def test_a_corpus_to_compare_with(tmp_path, parts_of) -> None:
    from perfscore import Corpus

    reference, table = rows(8), rows(9)
    other = read(reference.assign(project_id="另" + reference["project_id"]))
    Corpus.fit(other.projects, other.indicators).save(tmp_path / "corpus")
    table.to_parquet(tmp_path / "rows.parquet")
    parts_of(25)
    score_files([tmp_path / "rows.parquet"], tmp_path / "out", corpus=tmp_path / "corpus")
    card = score(read(tmp_path / "rows.parquet"), Config(examples=0), Corpus.load(tmp_path / "corpus"))
    card.save(tmp_path / "memory", "parquet")
    assert files_in(tmp_path / "out") == files_in(tmp_path / "memory")


@pytest.mark.parametrize(
    ("settings", "corpus", "error"), [({"lexicons": "没有"}, None, LexiconError), ({}, "没有", SchemaError)]
)
def test_a_folder_that_does_not_exist_is_named(tmp_path, settings, corpus, error) -> None:
    rows(1, 2).to_parquet(tmp_path / "rows.parquet")
    with pytest.raises(error, match="文件夹不存在：没有"):
        score_files([tmp_path / "rows.parquet"], tmp_path / "out", Config(**settings), corpus=corpus)
    assert [file.name for file in tmp_path.iterdir()] == ["rows.parquet"]


def test_a_stopped_run_is_taken_up(tmp_path, parts_of, monkeypatch) -> None:
    rows(10).to_parquet(tmp_path / "rows.parquet")
    parts_of(20)
    judged: list[str] = []

    def stop_at_the_third(stage: str, done: int, total: int) -> None:
        judged.append(stage)
        if judged.count("评分") == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        score_files([tmp_path / "rows.parquet"], tmp_path / "out", progress=stop_at_the_third)
    assert files_in(tmp_path / "out") == {}
    said: list[str] = []
    seen: list[tuple[str, int]] = []
    score_files(
        [tmp_path / "rows.parquet"],
        tmp_path / "out",
        say=said.append,
        progress=lambda stage, done, _: seen.append((stage, done)),
    )
    assert len(said) == 1
    assert "已评分 3 份" in said[0]
    assert {stage for stage, _ in seen} == {"评分"}
    assert files_in(tmp_path / "out") == whole(tmp_path / "rows.parquet", tmp_path / "memory")


@pytest.mark.slow
def test_a_changed_file_is_another_run(tmp_path, parts_of) -> None:
    rows(11).to_parquet(tmp_path / "rows.parquet")
    parts_of(30)

    def stop(stage: str, done: int, total: int) -> None:
        if stage == "评分":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        score_files([tmp_path / "rows.parquet"], tmp_path / "out", progress=stop)
    rows(12).to_parquet(tmp_path / "rows.parquet")
    score_files([tmp_path / "rows.parquet"], tmp_path / "out")
    assert files_in(tmp_path / "out") == whole(tmp_path / "rows.parquet", tmp_path / "memory")


def test_a_project_told_once_is_filled_down_over_its_rows(tmp_path, parts_of, monkeypatch) -> None:
    table = rows(17)[["project_name", "name", "value"]]
    table["project_name"] = table["project_name"].mask(table["project_name"].eq(table["project_name"].shift()))
    table.to_parquet(tmp_path / "rows.parquet")
    parts_of(20)
    monkeypatch.setattr("perfscore.rowfiles.RUN", 13)
    score_files([tmp_path / "rows.parquet"], tmp_path / "out")
    assert files_in(tmp_path / "out") == whole(tmp_path / "rows.parquet", tmp_path / "memory")


@pytest.mark.parametrize(
    ("more", "starts"),
    [
        ((), True),
        (("--workers", "1"), False),
        (("--scheduler", "tcp://localhost:1"), False),
        (("--size", 1 << 30), False),
    ],
)
def test_workers_make_ready_early_if_there_will_be_any(tmp_path, monkeypatch, more, starts) -> None:
    rows(1).to_parquet(tmp_path / "rows.parquet")
    started = []
    monkeypatch.setattr("perfscore.workers.start", lambda: started.append(True))
    monkeypatch.setattr(bulk, "LARGE", more[1] if "--size" in more else 1)
    options = [] if "--size" in more else list(more)
    table = str(tmp_path / "rows.parquet")
    bulk.start_early(build_parser().parse_args(["score", table, "-o", "out", "--format", "parquet", *options]))
    assert bool(started) == starts
    bulk.start_early(build_parser().parse_args(["score", table]))
    assert bool(started) == starts


def parted(table: pd.DataFrame, folder: Path, columns: list[str]) -> None:
    """Write rows as data platforms do: what some columns say becomes the names of folders, and leaves the files."""
    for values, some in table.groupby(columns, dropna=False):
        told = ("__HIVE_DEFAULT_PARTITION__" if pd.isna(value) else f"{value:g}" for value in values)
        place = folder.joinpath(*(f"{name}={value}" for name, value in zip(columns, told, strict=True)))
        place.mkdir(parents=True)
        some.drop(columns=columns).to_parquet(place / "part-00000.parquet")
    (folder / "_SUCCESS").touch()


@pytest.mark.parametrize("columns", also_slow(["year"], ["year", "project_id"]))
def test_what_folders_tell_belongs_to_the_rows(tmp_path, parts_of, columns) -> None:
    table = rows(2)
    table["project_id"] = pd.factorize(table["project_id"])[0]
    parted(table, tmp_path / "rows", columns)
    parts_of(20)
    outcome = score_files([tmp_path / "rows"], tmp_path / "out")
    assert outcome.unread.empty
    assert files_in(tmp_path / "out") == whole(tmp_path / "rows", tmp_path / "memory")
    told = pd.read_parquet(tmp_path / "out" / "projects.parquet").set_index("project_id")["year"]
    years = table.astype({"project_id": "str"}).drop_duplicates("project_id").set_index("project_id")["year"]
    assert set(told.dropna()) == {2023, 2024}
    pd.testing.assert_series_equal(told.sort_index(), years.sort_index(), check_dtype=False)


def test_what_the_file_says_itself_goes_before_its_folder(tmp_path) -> None:
    (tmp_path / "year=2031" / "division=a%2Fb").mkdir(parents=True)
    rows(3).drop(columns="region").to_parquet(tmp_path / "year=2031" / "division=a%2Fb" / "rows.parquet")
    projects = read(tmp_path).projects
    assert 2031 not in set(projects["year"])
    assert set(projects["division"]) == {"a/b"}
    assert projects.loc[:, "year"].equals(read(tmp_path / "year=2031").projects["year"])


def test_what_is_a_row_table(tmp_path) -> None:
    (tmp_path / "in").mkdir()
    rows(1).to_parquet(tmp_path / "in" / "rows.parquet")
    assert [source.name for source in row_tables([tmp_path / "in"])] == ["rows.parquet"]
    card = score(read(tmp_path / "in"))
    card.save(tmp_path / "scored", "parquet")
    assert row_tables([tmp_path / "scored"]) == []
    (tmp_path / "in" / "note.txt").write_text("说明", "utf-8")
    assert row_tables([tmp_path / "in"]) == []


def test_too_little_memory(tmp_path) -> None:
    rows(1).to_parquet(tmp_path / "rows.parquet")
    with pytest.raises(ConfigError, match="--memory"):
        score_files([tmp_path / "rows.parquet"], tmp_path / "out", memory=100 << 20)


def test_the_command_line(tmp_path, capsys) -> None:
    rows(3).to_parquet(tmp_path / "rows.parquet")
    score(read(tmp_path / "rows.parquet")).to_baseline(tmp_path / "known.csv")
    given = ["score", str(tmp_path / "rows.parquet"), "-o", str(tmp_path / "out"), "--format", "parquet"]
    options = ["--memory", "1GiB", "--workers", "1", "--baseline", str(tmp_path / "known.csv"), "--fail-under", "100"]
    assert main([*given, *options]) == Exit.BELOW
    said = capsys.readouterr()
    assert said.out == ""
    assert f"已保存 {rows(3)['project_id'].nunique()} 个项目" in said.err
    assert "不引用其他项目" in said.err
    assert "新问题 0 个" in said.err
    memory = whole(tmp_path / "rows.parquet", tmp_path / "memory", Config(baseline=str(tmp_path / "known.csv")))
    assert files_in(tmp_path / "out") == memory


def test_memory_is_for_row_tables(tmp_path, capsys) -> None:
    rows(3).to_parquet(tmp_path / "rows.parquet")
    assert main(["score", str(tmp_path / "rows.parquet"), "--memory", "1GiB"]) == Exit.USAGE
    assert "--format parquet" in capsys.readouterr().err
    wrong = ["score", str(tmp_path / "rows.parquet"), "-o", str(tmp_path / "out"), "--format", "parquet"]
    assert main([*wrong, "--memory", "many"]) == Exit.USAGE
    assert "2GiB" in capsys.readouterr().err
    assert main([*wrong, "--memory", "10MB"]) == Exit.USAGE
    assert not (tmp_path / "out").exists()


class Killer:
    """Progress that kills a worker when the first part is scored."""

    def __init__(self, pids) -> None:
        self.pids, self.killed = pids, []

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage == "评分" and not self.killed:
            self.killed.append(self.pids()[0])
            os.kill(self.killed[0], signal.SIGKILL)


@pytest.mark.slow
def test_processes_give_the_files_of_memory(tmp_path, parts_of) -> None:
    rows(13, 80).to_parquet(tmp_path / "rows.parquet")
    parts_of(20)
    score_files([tmp_path / "rows.parquet"], tmp_path / "out", workers=Workers(2))
    assert files_in(tmp_path / "out") == whole(tmp_path / "rows.parquet", tmp_path / "memory")


@pytest.mark.slow
def test_a_killed_process_changes_nothing(tmp_path, parts_of) -> None:
    rows(14, 80).to_parquet(tmp_path / "rows.parquet")
    parts_of(5)
    kill = Killer(lambda: [child.pid for child in multiprocessing.active_children()])
    score_files([tmp_path / "rows.parquet"], tmp_path / "out", workers=Workers(2), progress=kill)
    assert kill.killed
    assert files_in(tmp_path / "out") == whole(tmp_path / "rows.parquet", tmp_path / "memory")


@pytest.mark.slow
def test_another_perfscore_in_the_working_folder_is_not_taken(tmp_path) -> None:
    """As in a checkout whose package is installed elsewhere."""
    rows(17, 80).to_parquet(tmp_path / "rows.parquet")
    (tmp_path / "perfscore").mkdir()
    (tmp_path / "perfscore" / "__init__.py").write_text("raise AssertionError('taken from the working folder')")
    code = (
        "import sys; sys.path.remove('')\n"
        "from perfscore.scale import score_files\n"
        "from perfscore.workers import Workers\n"
        "if __name__ == '__main__': score_files(['rows.parquet'], 'out', workers=Workers(2))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert files_in(tmp_path / "out") == whole(tmp_path / "rows.parquet", tmp_path / "memory")


def always_wrong(number: int) -> None:
    raise ConfigError("这里不对")


@pytest.mark.slow
def test_what_a_task_raises_ends_the_run_quietly(capfd) -> None:
    with pytest.raises(ConfigError, match="这里不对"):
        list(Workers(2).done(always_wrong, range(6)))
    assert capfd.readouterr().err == ""


def always_killed(number: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.slow
def test_workers_that_are_always_lost_end_the_run() -> None:
    with pytest.raises(PerfscoreError, match="内存不足"):
        list(Workers(2).done(always_killed, [1, 2]))


def is_gone(session: int) -> bool:
    """Whether no process of a session is left; some time is given to the last."""
    try:
        os.killpg(session, 0)
    except ProcessLookupError:
        return True
    time.sleep(0.05)
    return False


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="looks for what is left of a session of processes")
def test_a_run_that_is_ended_leaves_no_process(tmp_path) -> None:
    many = [rows(15, 200).assign(project_id=lambda frame, at=at: f"{at}-" + frame["project_id"]) for at in range(12)]
    pd.concat(many).to_parquet(tmp_path / "rows.parquet")
    command = [sys.executable, "-m", "perfscore", "score", tmp_path / "rows.parquet", "-o", tmp_path / "out"]
    run = subprocess.Popen([*command, "--format", "parquet", "--workers", "2"], start_new_session=True)
    while not list(tmp_path.glob(".out-*/learnt/*")):
        assert run.poll() is None
        time.sleep(0.02)
    run.terminate()
    assert run.wait() == 130
    assert any(is_gone(run.pid) for _ in range(200))


@pytest.mark.slow
def test_a_killed_run_is_taken_up(tmp_path, parts_of) -> None:
    rows(15, 80).to_parquet(tmp_path / "rows.parquet")
    code = (
        "import sys, time; from perfscore import scale; scale._part_size = lambda *_: 20\n"
        "scale.score_files([sys.argv[1]], sys.argv[2], workers=scale.Workers(1), progress=lambda *_: time.sleep(0.2))"
    )
    run = subprocess.Popen([sys.executable, "-c", code, tmp_path / "rows.parquet", tmp_path / "out"])
    while not list(tmp_path.glob(".out-*/judged/2")):
        assert run.poll() is None
        time.sleep(0.05)
    run.kill()
    run.wait()
    parts_of(20)
    said: list[str] = []
    score_files([tmp_path / "rows.parquet"], tmp_path / "out", workers=Workers(1), say=said.append)
    assert "接着上次" in said[0]
    assert files_in(tmp_path / "out") == whole(tmp_path / "rows.parquet", tmp_path / "memory")


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("count", [2, 4])
def test_dask_gives_the_files_of_memory_though_a_worker_is_killed(tmp_path, parts_of, count) -> None:
    distributed = pytest.importorskip("distributed")
    rows(16, 80).to_parquet(tmp_path / "rows.parquet")
    parts_of(5)
    memory = whole(tmp_path / "rows.parquet", tmp_path / "memory")
    with distributed.LocalCluster(count, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        workers = Workers(scheduler=cluster.scheduler_address)
        score_files([tmp_path / "rows.parquet"], tmp_path / "calm", workers=workers)
        kill = Killer(lambda: [worker.process.pid for worker in cluster.workers.values()])
        score_files([tmp_path / "rows.parquet"], tmp_path / "killed", workers=workers, progress=kill)
    assert kill.killed
    assert files_in(tmp_path / "calm") == memory
    assert files_in(tmp_path / "killed") == memory


@pytest.mark.slow
def test_a_scheduler_that_does_not_answer(tmp_path) -> None:
    pytest.importorskip("distributed")
    with pytest.raises(ConfigError, match="连接不上"):
        list(Workers(scheduler="tcp://127.0.0.1:1").done(always_killed, [0]))


def spark_workers() -> list[int]:
    """The processes that Spark has forked for tasks; the one that forks them has the same command line."""
    found = {}
    for process in Path("/proc").iterdir():
        with contextlib.suppress(OSError):  # it has ended meanwhile
            if b"pyspark" in (process / "cmdline").read_bytes() and b"daemon" in (process / "cmdline").read_bytes():
                found[int(process.name)] = int((process / "stat").read_text().rpartition(")")[2].split()[1])
    return [number for number, parent in found.items() if parent in found]


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
@pytest.mark.skipif(sys.platform != "linux", reason="looks for the workers in /proc")
def test_spark_gives_the_files_of_memory_though_a_worker_is_killed(tmp_path, parts_of) -> None:
    pytest.importorskip("pyspark")
    rows(17, 80).to_parquet(tmp_path / "rows.parquet")
    parts_of(5)
    memory = whole(tmp_path / "rows.parquet", tmp_path / "memory")
    spark = Workers(scheduler="local[2,4]")  # so that what is lost is done again on one machine, too
    score_files([tmp_path / "rows.parquet"], tmp_path / "calm", workers=spark)
    killed: list[int] = []

    def kill() -> None:
        while not (begun := list(tmp_path.glob(".killed-*/judged/*"))) and run.is_alive():
            time.sleep(0.01)
        if begun:
            killed.append(spark_workers()[0])
            os.kill(killed[0], signal.SIGKILL)

    run = threading.Thread(
        target=score_files, args=([tmp_path / "rows.parquet"], tmp_path / "killed"), kwargs={"workers": spark}
    )
    run.start()
    kill()
    run.join()
    assert killed
    assert files_in(tmp_path / "calm") == memory
    assert files_in(tmp_path / "killed") == memory
    with pytest.raises(PerfscoreError, match="这里不对"):
        list(spark.done(lambda _: Config(profile="这里不对"), range(3)))
    with pytest.raises(PerfscoreError, match="内存不足"):
        list(spark.done(lambda _: os.kill(os.getpid(), signal.SIGKILL), range(3)))


def test_a_cluster_that_is_not_installed(monkeypatch) -> None:
    for module in ("pyspark.sql", "distributed"):
        monkeypatch.setitem(sys.modules, module, None)
    for address, extra in (("local[2]", "spark"), ("spark://host:7077", "spark"), ("tcp://host:8786", "dask")):
        with pytest.raises(ConfigError, match=rf"perfscore\[{extra}\]"):
            list(Workers(scheduler=address).done(always_wrong, [0]))


def test_less_memory_makes_smaller_parts(monkeypatch) -> None:
    monkeypatch.setattr(scale, "_WORKER", 200 << 20)  # as where processes are forked
    sizes = [scale._part_size(mib << 20, Workers(2)) for mib in (850, 950, 8000)]
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[1] < sizes[2] == scale._MOST
    with pytest.raises(ConfigError, match="--workers"):
        scale._part_size(850 << 20, Workers(8))


@pytest.mark.slow
def test_more_rows_take_no_more_memory(tmp_path) -> None:
    table = rows(18, 400)
    code = (
        "import resource, sys; from perfscore import scale; scale._part_size = lambda *_: 3000\n"
        "scale.score_files([sys.argv[1]], sys.argv[2], workers=scale.Workers(1))\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    peaks = []
    for times in (3, 15):
        many = [table.assign(project_id=f"{number}-" + table["project_id"]) for number in range(times)]
        pd.concat(many).to_parquet(tmp_path / "rows.parquet")
        run = [sys.executable, "-c", code, tmp_path / "rows.parquet", tmp_path / f"out{times}"]
        peaks.append(int(subprocess.run(run, check=True, capture_output=True, text=True).stdout) // 1024)
    assert peaks[1] < peaks[0] + 100
