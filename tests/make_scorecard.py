"""A seeded scorecard of any size for the report tests: planted copies, findings of every family, hostile cell texts."""

import random
from typing import Any

import pandas as pd

from perfscore import schema
from perfscore.scorecard import Scorecard

HOSTILE = (
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    '" onmouseover="x',
    "</script><!--<img src=x onerror=alert(1)>",
    "+1+1 -@SUM(A1)",
    "\x1b[31m红\x07色\x00",
    "‮倒着读",
    "😀满意度",
    "[bold red]富文本[/]",
    "{{ 7*7 }}",
    "很长的指标说明" * 60,
)
AGENCIES = ("青禾县教育局", "青禾县水利局", "青禾县卫生健康局", "青禾县行政审批局", "临河镇人民政府", "")
TOPICS = ("学校取暖", "水库除险", "窗口运行", "村道养护", "疫苗冷链", "档案整理", "广场保洁", "法律援助")
RULES = (  # code, defect, severity, field, message, advice, opinion, lost dimension
    ("PS101", "generic_indicator", "minor", "name", "指标空泛，看不出本项目做什么", "写明本项目的对象和内容", "2"),
    (
        "PS201",
        "unit_conflict",
        "critical",
        "value",
        "数量指标的值是百分比",
        "改为带单位的数量，如“≥50件”",
        "4",
    ),
    ("PS202", "direction_conflict", "major", "value", "成本指标用了“≥”，花得越多得分越高", "改为“≤”", "4"),
    ("PS301", "no_quantity", "major", "value", "指标值没有数量、期限或等级", "写出可以核对的数值", "2"),
    ("PS401", "off_project", "major", "name", "与其他项目高度雷同，疑似照搬", "按本项目的任务重写", "3"),
    ("PS501", "weak_basis", "minor", "basis", "依据空泛，未写明文件、合同或数据", "写明文件名或数据来源", "11"),
)
CATEGORIES = (
    ("产出指标", "数量指标", "数量"),
    ("产出指标", "质量指标", "质量"),
    ("产出指标", "时效指标", "时效"),
    ("产出指标", "成本指标", "成本"),
    ("效益指标", "社会效益指标", "社会效益"),
    ("满意度指标", "服务对象满意度指标", "满意度"),
)
VALUES = ("≥95百分比", "≥95%", "≤80.66万元", "≥50件", "2026年12月底前", "提高", "")
KINDS = ("share", "share", "money", "count", "date", "wish", "empty")


def make_scorecard(n_projects: int = 12, seed: int = 0, hostile: bool = True, n_rows: int = 6) -> Scorecard:
    """Make a scorecard of ``n_projects`` tables of ``n_rows`` rows; the last one is 未评."""
    draw = random.Random(seed)
    projects: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    findings: list[dict[str, Any]] = []
    for number in range(n_projects):
        project = _project(number, draw, hostile, last=number == n_projects - 1, n_rows=n_rows)
        own_rows = [_row(project, row_no, draw, hostile) for row_no in range(1, n_rows + 1)]
        own_findings = [] if project["grade"] == "未评" else list(_findings(project, own_rows, draw))
        _settle(project, own_findings)
        projects.append(project)
        rows += own_rows
        findings += own_findings
    return Scorecard(
        projects=_rank(pd.DataFrame(projects)),
        findings=pd.DataFrame(findings),
        indicators=pd.DataFrame(rows),
        copies=pd.DataFrame(list(_copies(projects)), columns=list(schema.COPIES)),
        unread=pd.DataFrame(
            [
                {
                    "doc": "扫描件.pdf",
                    "place": "第3页",
                    "reason": "本页没有文字，可能是扫描图像",
                    "advice": "请提供文字版",
                },
                {"doc": HOSTILE[0] if hostile else "空.txt", "place": "", "reason": "文件为空", "advice": "请重新导出"},
            ]
        ),
        method={"version": "0.1.0", "profile": "default", "verified": "no", "cutoffs": "优 ≥90，良 ≥80，中 ≥60"},
    )


def _project(number: int, draw: random.Random, hostile: bool, last: bool, n_rows: int) -> dict[str, Any]:
    topic = TOPICS[number % len(TOPICS)]
    name = HOSTILE[number % len(HOSTILE)] if hostile and number < len(HOSTILE) else f"{topic}经费{number + 1}"
    doc = f"部门{number // 5:03d}.docx"
    return {
        "doc": doc,
        "project_no": number % 5 + 1,
        "project_id": f"{doc}#{number % 5 + 1}",
        "project_name": name,
        "project_code": f"1301{number:06d}",
        "agency": AGENCIES[draw.randrange(len(AGENCIES))],
        "year": 2026,
        "budget": round(10 ** draw.uniform(4, 7.5), 2) if number % 9 else None,
        "purpose": f"用于{topic}的各项支出",
        "goal": f"完成{topic}任务，提升服务水平",
        "place": f"第{number % 5 + 1}个表",
        "n_rows": n_rows,
        "grade": "未评" if last else "",
        "visible": 60.0,
        "assessable": 0.2 if last else 1.0,
        "gates": "",
        "reason": "可判断的行不足三成" if last else "",
    }


def _row(project: dict[str, Any], row_no: int, draw: random.Random, hostile: bool) -> dict[str, Any]:
    level1, level2, category = CATEGORIES[(row_no - 1) % len(CATEGORIES)]
    pick = min(draw.randrange(10), len(VALUES) + 2) % len(VALUES) if row_no > 2 else 0
    text = HOSTILE[draw.randrange(len(HOSTILE))] if hostile and draw.random() < 0.3 else f"{category}完成情况"
    return {
        **{key: project[key] for key in ("doc", "project_no", "project_id")},
        "row_no": row_no,
        "level1": level1,
        "level2": level2,
        "name": text,
        "description": None if project["project_no"] == 5 else text,
        "value": HOSTILE[1] if hostile and draw.random() < 0.05 else VALUES[pick],
        "basis": "上级考核",
        "weight": None,
        "place": f"{project['place']} 第{row_no + 6}行",
        "category": category,
        "kind": KINDS[pick],
    }


def _findings(project: dict[str, Any], rows: list[dict[str, Any]], draw: random.Random) -> Any:
    for row in rows:
        for code, defect, severity, field, message, advice, opinion in RULES:
            if draw.random() > 0.25:
                continue
            text = row[field]
            yield {
                "project_id": project["project_id"],
                "row_no": row["row_no"],
                "code": code,
                "defect": defect,
                "severity": severity,
                "field": field,
                "start": 0 if text else None,
                "end": min(4, len(text)) if text else None,
                "evidence": text[:4],
                "message": message,
                "advice": advice,
                "points": {"critical": 4.0, "major": 2.0, "minor": 0.5}[severity],
                "peer": "部门000.docx#1#2" if code == "PS401" else "",
                "opinion": opinion,
            }
    if draw.random() < 0.4:
        yield {
            "project_id": project["project_id"],
            "row_no": None,
            "code": "PS502",
            "defect": "missing_class",
            "severity": "major",
            "field": "goal",
            "evidence": project["goal"][:4],
            "message": "缺少效益指标",
            "advice": "补充效益指标",
            "points": 6.0,
            "peer": "",
            "opinion": "8",
        }


def _settle(project: dict[str, Any], findings: list[dict[str, Any]]) -> None:
    lost = sum(finding["points"] for finding in findings)
    project["n_findings"] = len(findings)
    if project["grade"] == "未评":
        project["score"] = None
        return
    score = max(0.0, 100 - lost)
    project["score"] = score
    project["grade"] = next(grade for grade, least in (("优", 90), ("良", 80), ("中", 60), ("差", 0)) if score >= least)
    for share, name in ((0.2, "completeness"), (0.3, "relevance"), (0.4, "appropriateness"), (0.1, "feasibility")):
        project[f"lost_{name}"] = round(lost * share, 2)
    if project["grade"] == "差":
        project["gates"] = "G4 没有效益指标，最高为“差”"


def _rank(projects: pd.DataFrame) -> pd.DataFrame:
    ordered = projects.sort_values(["score", "project_id"], na_position="last", ignore_index=True)
    ordered["rank"] = ordered["score"].rank(method="min")
    return ordered


def _copies(projects: list[dict[str, Any]]) -> Any:
    for group, start in enumerate(range(0, len(projects) - 3, 10), start=1):
        members = projects[start : start + 3]
        for position, member in enumerate(members):
            yield {
                "group": f"C{group:03d}",
                "project_id": member["project_id"],
                "size": len(members),
                "representative": members[0]["project_id"],
                "similarity": 1.0 - 0.1 * position,
                "similarity_masked": 1.0,
                "kind": "near" if position else "exact",
                "scope": "within agency" if position < 2 else "between agencies",
                "difference": "" if position == 0 else "第3行 指标值：≥95百分比 → ≥90百分比",
            }
