"""Whatever stands in a document: no crash, the same answer twice, and no indicator row that is neither read nor reported."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfscore.readers.blocks import Cell, Document, Grid, Line
from perfscore.readers.plain import read_text
from perfscore.tables import assemble

WORDS = st.sampled_from(
    ["", "", " ", "一级指标", "二级指标", "三级指标", "指标值", "绩效指标描述", "符号", "单位", "项目名称", "项目编码", "预算数", "5.00", "≥3公里",
     "产出指标", "数量指标", "满意度指标", "清淤长度", "绩效目标", "1.完成清淤", "单位：万元", "清淤绩效目标表", "合计", "注：略", "□□",
     "2026", "\ufffd", "《办法》", "*", "|", "指标1：", "≥**%", "…", "529001云河县水务局", "100%"]
)  # fmt: skip
ROWS = st.lists(st.lists(WORDS, max_size=7), max_size=12)
HEADER = ["一级指标", "二级指标", "三级指标", "指标值", "指标值确定依据"]
LABELS = [
    ("产出指标", "数量指标"),
    ("", "质量指标"),
    ("", ""),
    ("效益指标", "社会效益指标"),
    ("满意度指标", "服务对象满意度指标"),
]


def as_grid(rows):
    return Grid(tuple(tuple(Cell(text) for text in row) for row in rows))


def check(document):
    """The same answer twice, and every row counted."""
    extract = assemble(document)
    assert extract == assemble(document)
    assert 0 <= extract.understood <= extract.seen
    assert sum(project["n_rows"] for project in extract.projects) == len(extract.indicators)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(ROWS.map(as_grid), WORDS.map(Line)), max_size=5))
def test_any_blocks(blocks):
    check(Document("a", tuple(blocks)))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(WORDS, max_size=6).map(lambda words: "\t".join(words)), max_size=14), st.sampled_from("\t \n"))
def test_any_text(lines, blank):
    check(read_text("\n".join(lines).replace("\t", blank), "a"))


@pytest.mark.parametrize("project", [[], ["项目名称"]])
@pytest.mark.parametrize("filled", list(product([False, True], repeat=5))[1:])
def test_no_word_is_lost(filled, project):
    header = [*project, *HEADER]
    row = [f"某词{column}" if fill else "" for column, fill in enumerate((*filled, True)[: len(header)])]
    above = [*["清淤"][: len(project)], "产出指标", "数量指标", "清淤长度", "≥3公里", "计划"]
    extract = assemble(Document("a", (Line("绩效目标表"), as_grid([header, above, row]))))
    said = str([extract.indicators, extract.projects, extract.unread])
    assert [word for word in row if word not in said] == []


VALUES = st.sampled_from(["≥3公里", "100%", "稳步提升", ""])
MADE = st.lists(st.tuples(st.sampled_from(LABELS), VALUES, st.booleans()), min_size=1, max_size=12)


@settings(max_examples=100, deadline=None)
@given(MADE)
def test_every_named_row_is_read(made):
    pages = [[HEADER]]
    for i, (labels, value, breaks) in enumerate(made):
        if breaks and value:  # without label and value it would be the torn-off end of the row above
            pages.append([HEADER])
        pages[-1].append([*labels, f"指标名{i:02}", value, "计划"])
    blocks = [Line("清淤绩效目标表")]
    for page in pages:
        blocks += [as_grid(page), Line("- 3 -")]
    extract = assemble(Document("a", tuple(blocks)))
    assert [row["name"] for row in extract.indicators] == [f"指标名{i:02}" for i in range(len(made))]
    assert len(extract.projects) == 1
