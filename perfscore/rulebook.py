"""The rule page, made from the docstrings of the rules: ``python -m perfscore.rulebook > docs/rules.md``."""

from perfscore.rules.registry import CRITERIA, OPINIONS, catalogue

__all__ = ["page"]

SEVERITY_NAMES = {"critical": "严重", "major": "较重", "minor": "轻微", "info": "提示"}
SCOPE_NAMES = {"row": "逐行", "project": "逐表", "corpus": "跨表"}


def page() -> str:
    """Return the rule page as Markdown.

    Examples
    --------
    >>> page().splitlines()[0]
    '# 规则一览'
    """
    lines = ["# 规则一览", "", "本页由 `python -m perfscore.rulebook` 从规则的说明生成，请勿手改。", ""]
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
        ]
    return "\n".join(lines)


if __name__ == "__main__":
    print(page())  # noqa: T201
