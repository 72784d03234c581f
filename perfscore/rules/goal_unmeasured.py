"""A goal that no indicator measures."""

import re

from perfscore.names import clauses
from perfscore.quantity import find
from perfscore.records import Hit, Project
from perfscore.rules.registry import rule
from perfscore.text import ngrams
from perfscore.wording import specific_words

CLAUSE = re.compile(r"[\n。；;①-⑳]|(?<!\d)\d{1,2}[.、．](?!\d)|[一二三四五六七八九]是")


@rule(
    "PS504",
    defect="goal_unmeasured",
    severity="minor",
    criterion="指标科学性",
    opinion="1",
    among=lambda corpus, _: corpus.told("goal"),
)
def check(project: Project) -> list[Hit] | None:
    """绩效目标里的内容没有指标衡量

    依据：财预〔2020〕10号“绩效指标明确性”：目标应细化分解为具体指标，并与任务数相对应。
    反例：目标写“改造供水管网、建设水质监测站”，指标只有会议次数和满意度。
    正例：目标的每项任务都有一行数量或质量指标对应。
    建议：为没有指标的那部分目标补写指标，或从目标中删去不做的内容。
    """
    if not project.goal or len(project.rows) < 3:
        return None
    own = specific_words(project.name) | specific_words(project.purpose)
    parts = [part for part in CLAUSE.split(project.goal) if _is_promise(part, own)]
    if not parts:
        return None
    rows = [f"{row.name}，{row.description or ''}，{row.value}" for row in project.rows]
    missing = [part for part in parts if not _is_measured(part, rows)]
    if len(missing) == len(parts) or (len(parts) >= 3 and len(missing) >= 2 * len(parts) / 3):
        return [Hit(f"目标“{missing[0].strip()[:30]}”等{len(missing)}项没有对应的指标", "goal")]
    return []


def _is_promise(part: str, own: frozenset[str]) -> bool:
    """Tell a promise from a preamble: it speaks of what the project itself is about, or states a quantity."""
    if not specific_words(part):
        return False
    return not own or any(stands_in(word, part) for word in own) or bool(find(part))


def _is_measured(part: str, rows: list[str]) -> bool:
    if any(stands_in(word, row) for word in specific_words(part) for row in rows):
        return True
    grams = [set(ngrams(clause, 2)) for clause in clauses(part) if len(clause) > 3]
    return any(len(gram & set(ngrams(row, 2))) > 0.2 * len(gram) for gram in grams for row in rows)


def stands_in(word: str, text: str) -> bool:
    """A word counts as found if it, or one of its two-character parts, stands in the text."""
    return word in text or any(word[start : start + 2] in text for start in range(len(word) - 1))
