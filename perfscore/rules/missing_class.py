"""A class of indicators that the year's rules ask for is absent."""

from perfscore.config import Config
from perfscore.names import EFFECTS, level1_of
from perfscore.records import Hit, Project
from perfscore.rules.registry import rule
from perfscore.wording import names_respondents, speaks_of


@rule("PS501", defect="missing_class", severity="major", criterion="规范完整性", opinion="1")
def check(project: Project, config: Config) -> list[Hit] | None:
    """缺少应有的指标类别

    依据：财预〔2021〕101号：数量、质量、效益指标原则上必设，时效、成本、满意度按需设置；此前按财预〔2015〕88号设产出、效益、满意度。
    反例：整张表只有一行数量指标和一行满意度指标，没有效益指标。
    正例：数量、质量、时效、成本各有指标，效益至少一项，面向公众的有满意度。
    建议：补上缺少的类别；确实不适用的，在备注中说明理由。
    """
    if not project.rows:
        return None
    if not any(row.level2 for row in project.rows):
        return None
    present = {row.category for row in project.rows if row.category}
    hits = []
    for name, severity in config.profile.classes_for(project.year).items():
        found = present & set(EFFECTS) if name == "效益" else name in present
        if not found and not any(level1_of(row.level1, row.level2) == name for row in project.rows):
            if name == "满意度" and not _serves_the_public(project):
                continue
            hits.append(Hit(f"没有{name}指标", "level2", remedy=name, severity=severity))
    return hits


def _serves_the_public(project: Project) -> bool:
    """满意度 is asked only of projects that serve people outside the unit (财预〔2021〕101号)."""
    text = f"{project.name}{project.purpose}{project.goal or ''}"
    return speaks_of(text, "public") or names_respondents(text)
