"""A class of indicators that the year's rules ask for is absent."""

import numpy as np
import pandas as pd

from perfscore.config import Config
from perfscore.names import EFFECTS, level1_of
from perfscore.peers import Marks, Peers
from perfscore.records import AS_IS, Hit, Project, Row
from perfscore.rules.registry import rule
from perfscore.wording import names_respondents, speaks_of


def _belongs(row: Row, name: str) -> bool:
    """Tell whether a row is of a class, by its second-level label or else by the first."""
    found = row.category in EFFECTS if name == "效益" else row.category == name
    return found or level1_of(row.level1, row.level2) == name


def _may_lack(corpus: Peers, config: Config) -> Marks:
    """Projects without a row of some class that is asked for in one of their years."""
    number, first = corpus.rows.alike({"level1": AS_IS, "level2": AS_IS, "category": AS_IS})
    labelled = [corpus.rows[row] for row in first.tolist()]
    years = corpus.projects["year"].drop_duplicates()
    asked = {name for year in years for name in config.profile.classes_for(None if pd.isna(year) else int(year))}
    complete = np.ones(len(corpus.projects), bool)
    for name in asked:
        held = np.array([_belongs(row, name) for row in labelled], bool)
        complete &= corpus.any(held[number][corpus.number])
    return ~complete


@rule(
    "PS501",
    defect="missing_class",
    severity="major",
    criterion="规范完整性",
    opinion="1",
    among=_may_lack,
)
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
    rows = (*project.rows, *project.unread)
    return [
        Hit(f"没有{name}指标", "level2", remedy=name, severity=severity)
        for name, severity in config.profile.classes_for(project.year).items()
        if not any(_belongs(row, name) for row in rows) and (name != "满意度" or _serves_the_public(project))
    ]


def _serves_the_public(project: Project) -> bool:
    """满意度 is asked only of projects that serve people outside the unit (财预〔2021〕101号)."""
    text = f"{project.name}{project.purpose}{project.goal or ''}"
    return speaks_of(text, "public") or names_respondents(text)
