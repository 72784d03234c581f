"""Agreement with labels: figures reckoned by hand, intervals that admit doubt, and no label lost on the way."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kendalltau

from perfscore.agreement import agreement, compare
from perfscore.arguments import Exit
from perfscore.errors import SchemaError
from perfscore.evaluation import TABLES, Evaluation, evaluate
from perfscore.labels import matched, read_labels
from perfscore.rulebook import page as rule_page
from perfscore.scorecard import Scorecard

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
HOSTILE = "<script>alert(1)</script>"


def card(
    findings: list[tuple[int, int, str]], n_projects: int = 3, n_rows: int = 4, name: str = "清淤长度"
) -> Scorecard:
    """A scorecard of projects of one document; a finding is (project, row, defect)."""
    numbers = range(1, n_projects + 1)
    head = pd.DataFrame({"doc": "07水利局.docx", "project_no": numbers, "project_id": [f"p{n}" for n in numbers]})
    rows = head.loc[head.index.repeat(n_rows)].assign(
        row_no=[*range(1, n_rows + 1)] * n_projects, name=name, value="≥3公里"
    )
    found = pd.DataFrame(findings, columns=["project", "row_no", "defect"])
    found = found.assign(project_id="p" + found.pop("project").astype(str), code="PS301", message=f"说明{HOSTILE}")
    scores = head.assign(score=[20.0 * n for n in numbers], grade="差", project_name=HOSTILE)
    return Scorecard(projects=scores, findings=found, indicators=rows)


def labels(rows: list[tuple[int, int, str]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["项目序号", "行号", "缺陷"]).assign(文件="07").astype(str)


def figures(found: Evaluation, defect: str) -> dict:
    (row,) = found.per_defect[found.per_defect["defect"] == defect].to_dict("records")
    return row


@pytest.fixture
def found() -> Evaluation:
    """no_quantity: right 5, false 1, missed 2; tautology: right 1; weak_basis found in rows no label speaks of."""
    calls = [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3)]
    scorecard = card([(*call, "no_quantity") for call in calls] + [(3, 1, "tautology"), (3, 4, "no_quantity")])
    wanted = [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 4), (3, 2)]
    rows = [(*row, "no_quantity") for row in wanted] + [(2, 3, ""), (3, 1, "PS104")]
    return evaluate(scorecard, labels(rows))


def test_figures_are_those_reckoned_by_hand(found):
    row = figures(found, "no_quantity")
    assert (row["labels"], row["found"], row["enough"]) == (7, 6, True)
    assert [row[name] for name in ("precision", "recall", "f1")] == pytest.approx([5 / 6, 5 / 7, 10 / 13])
    assert figures(found, "tautology")["enough"] is False
    assert found.macro_f1 == pytest.approx(10 / 13), "a defect with one label stays out of the mean"
    assert found.micro_f1 == pytest.approx(12 / 15)
    assert (found.n_rows, found.n_projects) == (9, 3)
    assert found.unmatched.empty


def test_wrong_calls_come_with_their_rows(found):
    wrong = found.confusions.set_index(["call", "project_id", "row_no"])
    assert sorted(wrong.index) == [("false", "p2", 3), ("missed", "p2", 4), ("missed", "p3", 2)]
    assert set(wrong["name"]) == {"清淤长度"}
    assert wrong.loc["false", "message"].tolist() == [f"说明{HOSTILE}"]
    assert wrong.loc["missed", "message"].isna().all()


def test_findings_in_rows_without_a_label_do_not_count(found):
    assert not ((found.confusions["project_id"] == "p3") & (found.confusions["row_no"] == 4)).any()


def test_a_defect_no_label_names_is_listed_and_not_counted():
    found = evaluate(card([(1, 1, "weak_basis"), (1, 1, "no_quantity")]), labels([(1, 1, "no_quantity")]))
    assert found.unmeasured.to_numpy().tolist() == [["weak_basis", 1]]
    assert found.micro_f1 == 1


def test_an_accepted_finding_was_found():
    scorecard = card([(1, 1, "no_quantity")])
    accepted = Scorecard(
        projects=scorecard.projects,
        indicators=scorecard.indicators,
        accepted=scorecard.findings.assign(reason="已议定"),
    )
    assert evaluate(accepted, labels([(1, 1, "no_quantity")])).micro_f1 == 1
    wrong = evaluate(accepted, labels([(1, 1, ""), (1, 2, "no_quantity")])).confusions
    said = wrong.set_index("call")["message"]
    assert said["false"] == f"说明{HOSTILE}"
    assert pd.isna(said["missed"])


@given(
    st.lists(st.tuples(st.integers(1, 3), st.integers(1, 4)), max_size=12, unique=True),
    st.lists(st.tuples(st.integers(1, 3), st.integers(1, 4)), min_size=1, max_size=12, unique=True),
)
@settings(max_examples=10, deadline=None)
def test_figures_agree_with_plain_counting(calls, wanted):
    every = [(project, row) for project in (1, 2, 3) for row in (1, 2, 3, 4)]
    rows = [(*row, "no_quantity" if row in wanted else "") for row in every]
    row = figures(evaluate(card([(*call, "no_quantity") for call in calls]), labels(rows)), "no_quantity")
    right = len(set(calls) & set(wanted))
    assert row["f1"] == pytest.approx(2 * right / (len(calls) + len(wanted)))
    assert row["recall"] == pytest.approx(right / len(wanted))
    assert 0 <= row["f1_low"] <= row["f1"] <= row["f1_high"] <= 1


def test_no_mistake_in_a_few_rows_is_not_certainty():
    def low(n: int) -> float:
        rows = [(n, 1, "no_quantity") for n in range(1, n + 1)]
        row = figures(evaluate(card(rows, n_projects=n), labels(rows)), "no_quantity")
        assert (row["f1"], row["f1_high"]) == (1, 1)
        return row["f1_low"]

    assert 0.3 < low(3) < low(10) < low(60) < 0.98


def test_rows_of_one_table_do_not_count_as_independent():
    """The same counts, once with all mistakes in one project, once spread over all."""
    calls = [(project, row) for project in range(1, 13) for row in range(1, 5)]
    wanted = [(*call, "no_quantity") for call in calls]
    gathered = card([one for one in wanted if one[0] > 3], n_projects=12)
    spread = card([one for one in wanted if one[1] > 1], n_projects=12)
    rows = [figures(evaluate(one, labels(wanted)), "no_quantity") for one in (gathered, spread)]
    assert rows[0]["f1"] == rows[1]["f1"]
    assert rows[0]["f1_high"] - rows[0]["f1_low"] > rows[1]["f1_high"] - rows[1]["f1_low"]


def test_the_same_labels_give_the_same_intervals(found):
    again = evaluate(card([(1, 1, "no_quantity")]), labels([(1, 1, "no_quantity")]))
    once_more = evaluate(card([(1, 1, "no_quantity")]), labels([(1, 1, "no_quantity")]))
    pd.testing.assert_frame_equal(again.per_defect, once_more.per_defect)


@pytest.mark.parametrize(
    ("name", "doc"),
    [
        ("01教育局.docx", "县/01教育局.docx"),
        ("县/01教育局.docx", "县/01教育局.docx"),
        ("01教育局", "县/01教育局.docx"),
        ("01教", "县/01教育局.docx"),
        ("1", "县/01教育局.docx"),
        ("001", "县/01教育局.docx"),
        ("10", "10.txt"),
        ("水利", None),
        ("教育", None),
        ("2", None),
        ("0", None),
    ],
)
def test_a_document_is_told_by_name_beginning_or_number(name, doc):
    docs = ["县/01教育局.docx", "10.txt", "10_附件.txt", "02水利局.xlsx", "02农业局.txt"]
    projects = pd.DataFrame({"doc": docs, "project_no": 1, "project_id": docs})
    (place,) = matched(pd.DataFrame({"doc": [name], "project_no": ["1.0"]}), projects).to_dict("records")
    assert (place["project_id"] if place["why_not"] == "" else None) == doc
    assert (place["why_not"] == "") == (doc is not None)


def test_a_project_is_told_by_code_or_name_where_it_is_the_only_one():
    projects = pd.DataFrame({"doc": "a", "project_id": ["a#1", "a#2", "a#3"], "project_name": ["清淤", "植树", "植树"]})
    places = matched(pd.DataFrame({"project_name": ["清淤", "植树", "修路", ""]}), projects)
    assert places["project_id"].tolist()[:1] == ["a#1"]
    assert places["why_not"].tolist() == [
        "",
        "有 2 个项目符合，请写明文件和项目序号",
        "没有读到这个项目",
        "没有写明是哪个项目",
    ]


def test_every_label_that_stands_beside_nothing_is_listed():
    rows = labels([(1, 1, "no_quantity|no_quantty"), (9, 1, "no_quantity"), (1, 77, "no_quantity"), (1, "一", "")])
    found = evaluate(card([(1, 1, "no_quantity")]), pd.concat([rows, labels([(1, 1, "")]).assign(文件="08")]))
    why = dict(zip(found.unmatched["label"], found.unmatched["why_not"], strict=True))
    assert why == {
        "9 1 no_quantity 07": "没有读到这个项目",
        "1 77 no_quantity 07": "没有读到这一行；标出的缺陷计为漏判",
        "1 一 07": "行号不是整数",
        "1 1 08": "没有读到这个文件，或其中没有项目",
        "no_quantty（1 行）": "没有查这种缺陷的规则（是否想写 no_quantity？）；不计入",
    }
    row = figures(found, "no_quantity")
    assert (row["labels"], row["found"]) == (2, 1), "a row that reading lost is a miss, a project never scored is not"


def test_scores_are_compared_and_what_cannot_be_is_listed():
    scorecard = card([], n_projects=4)
    scorecard.projects.loc[3, "score"] = None
    scores = pd.DataFrame({"project_no": list("112345"), "score": ["10", "30", "x", "101", "50", "60"]})
    labelled, unmatched = compare(scorecard, scores)
    assert labelled[["project_id", "labelled_score", "off_by"]].to_numpy().tolist() == [["p1", 20, 0]]
    assert unmatched["why_not"].tolist() == [
        "得分不是 0 到 100 之间的数",
        "得分不是 0 到 100 之间的数",
        "这个项目未评，没有得分可比",
        "没有读到这个项目",
    ]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=12))
@settings(max_examples=50, deadline=None)
def test_drawn_samples_are_measured_like_the_whole(pairs):
    from perfscore import agreement as module

    a, b = (np.array(column, float) for column in zip(*pairs, strict=True))
    drawn = module._drawn_again(a, b)
    draws = np.random.default_rng(module.SEED).multinomial(len(a), np.full(len(a), 1 / len(a)), size=module.DRAWS)
    for times, tau in list(zip(draws, drawn, strict=True))[:5]:
        expected = kendalltau(np.repeat(a, times), np.repeat(b, times)).statistic
        assert tau == pytest.approx(expected, nan_ok=True)


def test_agreement_of_too_few_scores_says_nothing():
    one = agreement(pd.Series([50.0]), pd.Series([40.0]))
    assert (one.n, one.mad) == (1, 10)
    assert np.isnan([one.tau_b, one.tau_low, one.tau_high]).all()
    assert np.isnan(agreement(pd.Series([], dtype=float), pd.Series([], dtype=float)).mad)


def test_labels_are_read_from_csv_and_excel_in_either_language(tmp_path):
    wanted = [{"doc": "007", "project_no": "1", "row_no": "2", "labels": "no_quantity|tautology"}]
    english, chinese = tmp_path / "a.csv", tmp_path / "b.xlsx"
    pd.DataFrame(wanted).assign(note="x").to_csv(english, index=False)
    pd.DataFrame([("007", 1, 2, "no_quantity|tautology")], columns=["文件", "项目 序号", "行号", "缺陷"]).to_excel(
        chinese, index=False
    )
    assert read_labels(english).to_dict("records") == wanted
    assert read_labels(chinese).to_dict("records") == wanted


@pytest.mark.parametrize("content", ["", "doc,project_no\n", "没有表格\n"])
def test_a_file_without_labels_says_so(tmp_path, content):
    (tmp_path / "a.csv").write_text(content, encoding="utf-8")
    with pytest.raises(SchemaError, match="没有表格"):
        read_labels(tmp_path / "a.csv")


@pytest.mark.parametrize(("missing", "said"), [("行号", "row_no"), ("缺陷", "labels"), ("项目序号", "项目序号")])
def test_a_missing_column_is_named(missing, said):
    with pytest.raises(SchemaError, match=said):
        evaluate(card([]), labels([(1, 1, "")]).drop(columns=missing))


def test_empty_labels_are_no_error():
    found = evaluate(card([(1, 1, "no_quantity")]), labels([]))
    assert (found.n_rows, len(found.per_defect), len(found.unmatched)) == (0, 0, 0)
    assert np.isnan([found.macro_f1, found.micro_f1]).all()


def test_the_page_shows_hostile_text_as_text(found, tmp_path):
    scored = evaluate(
        card([(1, 1, "no_quantity")], name=HOSTILE), labels([(1, 2, HOSTILE + "|no_quantity"), (9, 9, HOSTILE)])
    )
    text = scored.save(tmp_path / "a.html").read_text("utf-8")
    assert "&lt;script&gt;alert" in text
    assert "<script" not in text
    assert not re.search(r"(?:src|href)=|url\(|https?:", text)
    english = found.save(tmp_path / "b.html", lang="en").read_text("utf-8")
    assert not re.search(r"[一-龥]", re.sub(r"<(td|h3|style).*?</\1>", "", english, flags=re.S))


def test_tables_can_be_saved_as_workbook_and_as_files(found, tmp_path):
    sheets = pd.read_excel(found.save(tmp_path / "a.xlsx"), sheet_name=None, engine="openpyxl")
    assert len(sheets) == len(TABLES)
    assert sheets["各类缺陷"]["标注数"].tolist() == [1, 7]
    (tmp_path / "csv").mkdir()
    found.save(tmp_path / "csv")
    assert {path.stem for path in (tmp_path / "csv").iterdir()} == set(TABLES)
    assert len(pd.read_csv(tmp_path / "csv" / "confusions.csv")) == 3


@pytest.fixture
def asked(tmp_path, sample_card):
    """Label files for the sample: what the rules found, less one finding, and the scores themselves."""
    source = ROOT / "perfscore" / "samples"
    found = sample_card.findings.dropna(subset="row_no").iloc[1:]
    rows = found.groupby(["project_id", "row_no"], as_index=False).agg(labels=("code", "|".join))
    rows.to_csv(tmp_path / "rows.csv", index=False)
    sample_card.projects[["project_id", "score"]].fillna(0).to_csv(tmp_path / "projects.csv", index=False)
    return tmp_path / "rows.csv", "--projects", tmp_path / "projects.csv", source


def test_the_command_prints_or_saves(run, asked, tmp_path):
    code, out, err = run("evaluate", *asked)
    assert code == Exit.DONE
    head, *lines = out.splitlines()
    assert head.split("\t")[:4] == ["规则", "缺陷", "标注数", "查出数"]
    assert any(line.startswith("PS301\tno_quantity\t") for line in lines)
    assert "21 个项目，Kendall tau-b 1.000" in out
    assert "这个项目未评，没有得分可比" in out
    code, out, err = run("evaluate", *asked, "-o", tmp_path / "a.html")
    assert (code, out) == (Exit.DONE, "")
    assert "1 条标注没有对上" in err
    assert (tmp_path / "a.html").stat().st_size > 5000


def test_the_command_refuses_what_would_spoil(run, asked, tmp_path):
    before = asked[0].read_bytes()
    assert run("evaluate", tmp_path / "没有.csv", asked[-1])[0] == Exit.USAGE
    assert run("evaluate", *asked, "-o", tmp_path / "a.doc")[0] == Exit.USAGE
    assert run("evaluate", asked[0])[0] == Exit.USAGE
    (tmp_path / "out").mkdir()
    code, _, err = run("evaluate", *asked[:3], tmp_path / "out" / "没有", "-o", tmp_path / "a.html")
    assert (code, "路径不存在" in err) == (Exit.USAGE, True)
    per_defect = tmp_path / "per_defect.csv"
    per_defect.write_bytes(before)
    code, _, err = run("evaluate", per_defect, asked[-1], "-o", tmp_path)
    assert (code, "不能覆盖" in err) == (Exit.USAGE, True)
    assert per_defect.read_bytes() == before


def test_the_rule_page_says_what_was_measured_and_what_not():
    page = rule_page()
    assert "语言模型" in page
    assert "实测：尚未测量" in page
    assert re.search(r"实测：准确率 \d\.\d\d，召回率 \d\.\d\d，F1 \d\.\d\d（\d\.\d\d–\d\.\d\d），标注 \d+ 处", page)


needs_labels = pytest.mark.skipif(not SHARED.exists(), reason="no labelled documents beside the checkout")


@needs_labels
def test_the_printed_figures_are_those_of_today():
    import refresh

    assert refresh.MEASURED.read_text("utf-8") == refresh.measured(refresh.evaluation()), "run python tests/refresh.py"


@needs_labels
@pytest.mark.slow
def test_figures_agree_with_an_independent_reckoning(tmp_path):
    import refresh

    import perfscore

    scorecard = perfscore.score(perfscore.read(SHARED / "seeds"))
    (tmp_path / "out").mkdir()
    scorecard.save(tmp_path / "out")
    tool = [sys.executable, str(SHARED / "tools" / "check_labels.py"), str(tmp_path / "out")]
    said = subprocess.run(tool, capture_output=True, text=True, encoding="utf-8").stdout
    found = refresh.evaluation()
    theirs = {line.split()[0]: line.split()[1:] for line in said.splitlines()[1:-1]}
    assert set(theirs) == set(found.per_defect["defect"])
    for row in found.per_defect.to_dict("records"):
        assert theirs[row["defect"]][:2] == [str(row["labels"]), str(row["found"])]
        assert float(theirs[row["defect"]][4]) == pytest.approx(row["f1"], abs=5e-4)
    last = said.splitlines()[-1]
    for name, figure in (("macro F1", found.macro_f1), ("micro F1", found.micro_f1), ("tau-b", found.agreement.tau_b)):
        assert float(re.search(rf"{name} ([\d.]+)", last)[1]) == pytest.approx(figure, abs=5e-4)
