"""A goal that is empty or only repeats the project name."""

from perfscore.config import Config
from perfscore.names import bare
from perfscore.peers import Marks, Peers
from perfscore.quantity import find, parse
from perfscore.records import Hit, Project
from perfscore.rules.registry import rule
from perfscore.text import ngrams
from perfscore.wording import content, specific_words


def _has_place(corpus: Peers, _: Config) -> Marks:
    """Projects whose form has a place for a goal."""
    return corpus.projects["goal"].notna().to_numpy(bool)


@rule(
    "PS502",
    defect="goal_missing",
    severity="major",
    criterion="明确清晰性",
    opinion="1",
    among=_has_place,
)
def check(project: Project) -> list[Hit] | None:
    """绩效目标空白，或只是项目名称

    依据：财预〔2015〕88号审核表“明确清晰性”：绩效目标应清晰反映项目的主要内容和预期产出、效果。
    反例：项目“农田水利维修费”，绩效目标“农田水利维修费”。
    正例：绩效目标写明修几处、达到什么标准、何时完成、谁受益。
    建议：用一两句话写清做多少、做到什么程度、何时完成、带来什么效果。
    """
    if project.goal is None:
        return None
    goal = bare(project.goal).lstrip("0123456789、.．")
    if parse(project.goal).kind in ("empty", "placeholder") or not goal:
        return [Hit("绩效目标空白", "goal")]
    name = bare(project.name)
    if not name:
        return []
    pairs = set(ngrams(goal, 2))
    known = set(ngrams(name, 2))
    extra = {word for word in content(goal) if word not in name}
    if not extra and not find(goal) and pairs and len(pairs & known) / len(pairs) >= 0.6:
        return [Hit("绩效目标只是项目名称", "goal")]
    if not specific_words(goal) and not find(goal):
        return [Hit("绩效目标是口号，没有写本项目做什么、做多少", "goal", severity="minor")]
    return []
