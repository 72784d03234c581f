"""The value that most rows of all projects carry, on a row where it makes no sense."""

from perfscore.peers import Peers, is_rate
from perfscore.records import Hit, Said
from perfscore.rules.registry import rule


@rule(
    "PS103",
    defect="default_value",
    severity="minor",
    criterion="绩效合理性",
    opinion="4",
    reads={"name": (is_rate,)},
)
def check(corpus: Peers) -> list[Said] | None:
    """套用通行的默认值

    依据：财预〔2021〕101号要求逐项按计划、历史、行业标准取值；满意度类指标用通行值是官方预期，不在此列。
    反例：同一批项目四成的行都写“≥95%”，本行的数量、时效、成本也写“≥95%”。
    正例：本行写出自己的测算值，或在依据中写明为何取通行值。
    建议：说明取值依据，按本项目历史水平或标准重新取值。
    """
    return [
        Said(Hit(f"“{value}”是同年度各项目的通行值，占有值各行的{share:.0%}", "value"), rows)
        for value, share, rows in corpus.default_rows()
    ]
