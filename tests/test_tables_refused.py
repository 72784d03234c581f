"""Documents that hold no target table give no row in any format, and the reason is said."""

import layouts
import pytest
import render
from render import plain_table

from perfscore import score
from perfscore.targets import read

HEADER = ["一级指标", "二级指标", "三级指标", "指标值"]
PROSE = [
    ["第二部分 预算绩效管理情况", "绩效目标：全年完成清淤3公里，服务对象满意度达到90%以上。"],
    ["三、绩效目标设置情况", "所有项目均编制了绩效目标，绩效指标包括数量指标、质量指标，指标值不低于95%。"],
]
CONTENTS = [["序号", "目录", "页码"], ["1", "河道清淤费绩效目标表", "3"], ["2", "堤防护岸费绩效目标表", "5"]]
BLANK = [
    ["项目名称", "", "", ""],
    HEADER,
    ["产出指标", "数量指标", "指标1：", ""],
    ["", "", "指标2：", ""],
    ["", "质量指标", "", ""],
    ["满意度指标", "服务对象满意度指标", "……", ""],
]
PLACEHOLDERS = [
    ["项目名称", "XX项目", "", ""],
    HEADER,
    ["产出指标", "数量指标", "培训人次", "≥XX人次"],
    ["", "质量指标", "合格率", "≥**%"],
    ["满意度指标", "服务对象满意度指标", "群众满意度", "≥**%"],
]
LIBRARY = [
    ["行业领域", *HEADER[:3], "指标解释", "参考指标值"],
    ["水利", "产出指标", "数量指标", "清淤长度", "清淤的长度", "≥3公里"],
    ["水利", "产出指标", "质量指标", "验收合格率", "通过验收的占比", "≥95%"],
]
TURNED = [
    ["一级指标", "产出指标", "产出指标", "满意度指标"],
    ["二级指标", "数量指标", "质量指标", "服务对象满意度指标"],
    ["三级指标", "清淤长度", "验收合格率", "群众满意度"],
    ["指标值", "≥3公里", "≥95%", "≥90%"],
]
DOCUMENTS = [
    pytest.param(plain_table(PROSE, "2026年部门预算公开说明"), "没有找到绩效目标表", id="budget text"),
    pytest.param(plain_table(CONTENTS, "目录"), "没有找到绩效目标表", id="contents"),
    pytest.param(plain_table(BLANK, "项目支出绩效目标表"), "空白表样", id="blank form"),
    pytest.param(plain_table(PLACEHOLDERS, "项目支出绩效目标表"), "空白表样", id="placeholders"),
    pytest.param(plain_table(LIBRARY, "水利领域绩效指标库"), "指标库", id="library"),
    pytest.param(plain_table(TURNED, "河道清淤绩效目标表"), "表头竖排", id="rows and columns exchanged"),
]


def to_csv(tables):
    return render.to_csv(layouts.below_each_other(tables))


@pytest.mark.parametrize(("table", "reason"), DOCUMENTS)
@pytest.mark.parametrize(
    ("write", "suffix"),
    [
        (render.to_docx, "docx"),
        (render.to_xlsx, "xlsx"),
        (render.to_html, "html"),
        (to_csv, "csv"),
        (render.to_text, "txt"),
        (render.to_pdf, "pdf"),
    ],
)
def test_no_row_and_the_reason(write, suffix, table, reason, tmp_path):
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(write([table]))
    targets = read(path)
    assert targets.projects.empty
    assert targets.indicators.empty
    assert targets.unread["reason"].str.contains(reason).any()


def test_where_no_row_is_read_nothing_is_scored(tmp_path):
    for number, document in enumerate(DOCUMENTS):
        (tmp_path / f"{number}.html").write_bytes(render.to_html([document.values[0]]))
    scored = score(read(tmp_path))
    assert scored.projects.empty
    assert scored.findings.empty
    assert scored.unread["doc"].nunique() == len(DOCUMENTS)
