"""The tables at the doors: their columns, types and meaning, and ``conform``, the one way to make a frame fit.

A missing cell (``None``) in a text column of INDICATORS says that the form has no such column; an empty string says that
the form has it and the cell is blank. A form that lacks a column is not punished for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from perfscore.errors import SchemaError

__all__ = [
    "ACCEPTED",
    "BASELINE",
    "COPIES",
    "FINDINGS",
    "GRADES",
    "INDICATORS",
    "PROJECTS",
    "UNREAD",
    "Column",
    "Table",
    "conform",
]

Kind = Literal["text", "integer", "number", "flag"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its kind, what it holds, and whether a frame may come without it."""

    kind: Kind
    doc: str
    required: bool = False


Table = Mapping[str, Column]

PROJECTS: Table = {
    "doc": Column("text", "file name the table was read from", required=True),
    "project_no": Column("integer", "1-based position of the table in the document"),
    "project_id": Column("text", "unique key: doc and project_no", required=True),
    "project_name": Column("text", "项目名称"),
    "project_code": Column("text", "项目编码"),
    "agency": Column("text", "单位名称"),
    "agency_code": Column("text", "单位编码"),
    "division": Column("text", "财政区划 or region"),
    "year": Column("integer", "budget year"),
    "budget": Column("number", "预算数 in 元"),
    "fiscal": Column("number", "其中财政资金 in 元"),
    "other": Column("number", "其他资金 in 元"),
    "purpose": Column("text", "资金用途"),
    "goal": Column(
        "text", "绩效目标, one line a target; the annual one where the form gives an overall or long-term one too"
    ),
    "plan": Column("text", "资金支出计划: cumulative percentages joined by /, in the order printed"),
    "place": Column("text", "page, sheet or table in the file"),
    "n_rows": Column("integer", "number of indicator rows"),
}

INDICATORS: Table = {
    "doc": Column("text", "file name the row was read from", required=True),
    "project_no": Column("integer", "1-based position of the table in the document"),
    "project_id": Column("text", "key of PROJECTS", required=True),
    "row_no": Column("integer", "1-based position of the row in the project", required=True),
    "level1": Column("text", "一级指标"),
    "level2": Column("text", "二级指标"),
    "name": Column("text", "三级指标: what is measured", required=True),
    "description": Column("text", "绩效指标描述; missing where the form has no such column"),
    "value": Column("text", "指标值, operator and unit included", required=True),
    "basis": Column("text", "指标值确定依据; missing where the form has no such column"),
    "weight": Column("number", "权重 or 分值; missing where the form has none"),
    "actual": Column(
        "text", "实际完成值 of a self-evaluation or monitoring table; missing elsewhere, never judged as a target"
    ),
    "period": Column(
        "text", "总体 or 年度 where a form prints both halves side by side; they are never copies of each other"
    ),
    "place": Column("text", "page, sheet, table and cell of the row in the file"),
}

FINDINGS: Table = {
    "project_id": Column("text", "key of PROJECTS", required=True),
    "row_no": Column("integer", "row of the project; missing for a finding on the whole table"),
    "code": Column("text", "rule code, for example PS201", required=True),
    "defect": Column("text", "slug of the defect, for example unit_conflict"),
    "severity": Column("text", "critical, major, minor or info"),
    "field": Column("text", "column of INDICATORS or PROJECTS that is at fault"),
    "start": Column("integer", "0-based start of the evidence in the field; missing if the whole field"),
    "end": Column("integer", "end of the evidence in the field, exclusive"),
    "evidence": Column("text", "the words at fault, as printed"),
    "message": Column("text", "what is wrong, for the reviewer"),
    "advice": Column("text", "how to mend it"),
    "points": Column(
        "number", "points taken from the score of 0-100; the sum of a project's points is 100 - score before gates"
    ),
    "peer": Column("text", "the other side of a copy: project_id or project_id#row_no"),
    "opinion": Column("text", "official review opinion this supports"),
    "new": Column("flag", "whether the baseline did not have it; missing without a baseline"),
}

ACCEPTED: Table = {**FINDINGS, "reason": Column("text", "why a reviewer accepts it")}

BASELINE: Table = {
    "project_code": Column("text", "项目编码", required=True),
    "project_name": Column("text", "项目名称 without years"),
    "agency": Column("text", "单位名称"),
    "category": Column("text", "canonical category of the row; empty for a whole table"),
    "name": Column("text", "name of the indicator; for a whole table what was said of it, without numbers"),
    "code": Column("text", "rule code", required=True),
}

GRADES: Table = {
    **PROJECTS,
    "rank": Column("integer", "1 is the weakest; missing for 未评"),
    "score": Column("number", "0-100; missing for 未评"),
    "grade": Column("text", "优 良 中 差 未评"),
    "lost_completeness": Column("number", "points lost on 完整性"),
    "lost_relevance": Column("number", "points lost on 相关性"),
    "lost_appropriateness": Column("number", "points lost on 适当性"),
    "lost_feasibility": Column("number", "points lost on 可行性"),
    "visible": Column("number", "可评分值: points of the official 100 that a table can show"),
    "assessable": Column("number", "share of the rows that could be judged, 0-1"),
    "gates": Column("text", "gates that capped the grade, with their reason"),
    "reason": Column("text", "why a project is 未评"),
    "n_findings": Column("integer", "number of findings"),
}

COPIES: Table = {
    "group": Column("text", "id of the group of like tables", required=True),
    "project_id": Column("text", "member", required=True),
    "size": Column("integer", "projects in the group; the halves of one count once"),
    "representative": Column("text", "project_id the others are compared with"),
    "similarity": Column("number", "0-1, numbers kept, against the representative"),
    "similarity_masked": Column("number", "0-1, numbers masked, against the representative"),
    "kind": Column("text", "exact or near"),
    "scope": Column("text", "within agency, between agencies, between regions"),
    "difference": Column("text", "what differs from the representative, readable"),
}

UNREAD: Table = {
    "doc": Column("text", "file name", required=True),
    "place": Column("text", "page, sheet, table or cell; empty for the whole file"),
    "reason": Column("text", "why it could not be read", required=True),
    "advice": Column("text", "what to do about it"),
}

_DTYPES: dict[Kind, str] = {"text": "str", "integer": "Int64", "number": "float64", "flag": "boolean"}


def conform(frame: pd.DataFrame, table: Table, keep_extra: bool = False) -> pd.DataFrame:
    """Give a frame the columns, order and types of a table of this module.

    Parameters
    ----------
    frame : any frame with at least the required columns; other known columns are added as missing
    table : one of this module, such as PROJECTS or FINDINGS
    keep_extra : keep columns the table does not name, after the others

    Raises
    ------
    SchemaError
        a required column is absent, or a column cannot be converted

    Examples
    --------
    >>> import pandas as pd
    >>> conform(pd.DataFrame({"doc": ["a.txt"], "reason": ["空文件"]}), UNREAD).columns.tolist()
    ['doc', 'place', 'reason', 'advice']
    """
    missing = [name for name, column in table.items() if column.required and name not in frame.columns]
    if missing:
        raise SchemaError(f"缺少列 {'、'.join(missing)}；现有列 {'、'.join(map(str, frame.columns))}；请补上或改名")
    columns = {}
    # Slow to make, so one for all columns of a kind.
    blank = {dtype: pd.Series(index=frame.index, dtype=dtype) for dtype in _DTYPES.values()}
    for name, column in table.items():
        dtype: Any = _DTYPES[column.kind]
        try:
            if name not in frame.columns:
                columns[name] = blank[dtype]
            else:
                columns[name] = frame[name] if frame[name].dtype == dtype else frame[name].astype(dtype)
        except (TypeError, ValueError) as error:
            raise SchemaError(f"列 {name} 不能转换为 {column.kind}：{error}") from error
    if keep_extra:
        columns.update({name: frame[name] for name in frame.columns if name not in table})
    return pd.DataFrame(columns, index=frame.index, copy=False).reset_index(drop=True)
