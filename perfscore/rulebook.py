"""The rule page, made from the docstrings of the rules and the measured figures: ``python -m perfscore.rulebook``."""

from perfscore import lexicon
from perfscore.official import CRITERIA, OPINIONS, SEVERITY_NAMES
from perfscore.rules.registry import catalogue

__all__ = ["page"]

FEW = 5  # labels of a defect, below which its figures say little
SCOPE_NAMES = {"row": "逐行", "project": "逐表", "projects": "逐表", "corpus": "跨表"}


def page() -> str:
    """Return the rule page as Markdown.

    Examples
    --------
    >>> page().splitlines()[0]
    '# 规则一览'
    """
    lines = ["# 规则一览", "", "本页由 `python -m perfscore.rulebook` 从规则的说明和实测数据生成，请勿手改。", ""]
    lines += [_measured_how(), ""]
    measured = {entry["defect"]: entry for entry in lexicon.table("measured.tsv")}
    lines += ["| 代码 | 类别 | 规则 | 轻重 | 范围 | 审核项 |", "|---|---|---|---|---|---|"]
    for rule in catalogue():
        lines.append(
            f"| [{rule.code}](#{rule.code.lower()}) | {rule.family} | {rule.title} | {SEVERITY_NAMES[rule.severity]}"
            f" | {SCOPE_NAMES[rule.scope]} | {CRITERIA[rule.criterion]}·{rule.criterion} |"
        )
    for rule in catalogue():
        lines += [
            "",
            f'<a id="{rule.code.lower()}"></a>',
            "",
            f"## {rule.code} {rule.title}",
            "",
            f"- 缺陷：`{rule.defect}`；审核意见：{rule.opinion} {OPINIONS[rule.opinion]}",
            f"- 依据：{rule.basis}",
            f"- 反例：{rule.bad}",
            f"- 正例：{rule.good}",
            f"- 建议：{rule.advice}",
            f"- 实测：{_figures(measured.get(rule.defect))}",
        ]
    return "\n".join(lines)


def _measured_how() -> str:
    """What the figures rest on; the labels are no human ground truth, and the page says so."""
    how = lexicon.header("measured.tsv")
    return (
        f"“实测”是规则与标注的一致程度：{how['rows']} 行、{how['projects']} 个项目，由语言模型审阅员按同一口径独立标注三遍、"
        "取多数，不是财政人员的判断，其中的文件也用于编写规则时的检查，换一批文件数字可能低一些。"
        f"宏平均 F1 {how['macro_f1']}（标注不少于 5 处的缺陷），微平均 F1 {how['micro_f1']}；"
        f"项目得分与标注的 Kendall tau-b {how['tau_b']}，平均相差 {how['mad']} 分。"
        "括号内是 95% 区间，全部判对也不表示没有误差。用自己的标注检验：`perfscore evaluate`。"
    )


def _figures(entry: dict[str, str] | None) -> str:
    if entry is None:
        return "尚未测量"
    few = "，标注太少，仅供参考" if int(entry["labels"]) < FEW else ""
    precision = f"准确率 {entry['precision']}" if entry["precision"] else "一处也没有查出"
    return (
        f"{precision}，召回率 {entry['recall']}，F1 {entry['f1']}（{entry['low']}–{entry['high']}），"
        f"标注 {entry['labels']} 处{few}"
    )


if __name__ == "__main__":
    print(page())  # noqa: T201
