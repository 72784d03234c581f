"""Cells cut in two by a false column: joined by what is printed, never by invention."""

import pytest

from perfscore.cuts import join


@pytest.mark.parametrize(
    ("pieces", "whole"),
    [
        (["清淤长度"], "清淤长度"),
        (["", "清淤长度", " "], "清淤长度"),
        (["保障河道清", "淤完成"], "保障河道清淤完成"),
        (["保障河道清", "清淤完成"], "保障河道清淤完成"),
        (["保障河道", "保障河道清淤"], "保障河道清淤"),
        (["清淤成本", "清淤成本"], "清淤成本"),
        (["完成全年河道清淤", "洋河道清淤"], "完成全年河道清淤"),
        (["河道巡查发现 量", "问题数"], "河道巡查发现问题数量"),
        (["1. 完成河道", "清淤"], "1.完成河道清淤"),
    ],
)
def test_joins(pieces, whole):
    assert "".join(join(pieces).split()) == whole


def test_a_stray_mark_is_dropped_only_if_the_rest_is_printed_whole_elsewhere():
    pieces = ["推动河道", ":清淤一图", "通办"]
    assert join(pieces, frozenset({"推动河道清淤一通办"})) == "推动河道清淤一通办"
    assert join(["1. 推动河道", ":清淤一图", "通办"], frozenset({"推动河道清淤一通办"})) == "1.推动河道清淤一通办"
    assert join(pieces) == "推动河道:清淤一图通办"
