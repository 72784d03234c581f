"""Word lists: what is made of them is remembered, and is that of the lists laid over."""

from perfscore import lexicon


def test_a_cached_function_is_asked_once_until_it_forgets():
    asked = []

    @lexicon.cached
    def length(text: str) -> int:
        asked.append(text)
        return len(text)

    lexicon.look_ahead(length, ["一", "二二"], [1, 2])
    assert lexicon.ready(length, ["二二"]) == ([1, 2], [1])
    assert lexicon.ready(length, ["二二", "三三三"]) is None
    assert [length("一"), length("二二"), asked] == [1, 2, []]
    assert [length("三三三"), length("三三三"), asked] == [3, 3, ["三三三"]]
    lexicon.forget(3)
    assert [length("三三三"), asked] == [3, ["三三三"]]
    lexicon.forget(2)
    assert lexicon.ready(length, ["一"]) is None
    assert [length("一"), asked] == [1, ["三三三", "一"]]


def test_what_is_built_from_lists_is_kept_for_the_shipped_ones_and_those_laid_over_last(tmp_path):
    built = []

    @lexicon.derived
    def domains() -> frozenset[str]:
        built.append(lexicon.words("domains.tsv"))
        return built[-1]

    for name in ("蓝精灵", "绿精灵"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "domains.tsv").write_text(f"{name}\t教育\n", "utf-8")
    for name, count in (("蓝精灵", 2), ("蓝精灵", 2), ("绿精灵", 3), ("蓝精灵", 4)):
        assert name not in domains()
        with lexicon.overlay(tmp_path / name):
            assert name in domains()
        assert len(built) == count


def test_a_cached_function_answers_by_the_lists_laid_over(tmp_path):
    @lexicon.cached
    def known(text: str) -> bool:
        return text in lexicon.words("domains.tsv")

    (tmp_path / "domains.tsv").write_text("蓝精灵\t教育\n", "utf-8")
    assert not known("蓝精灵")
    with lexicon.overlay(tmp_path):
        assert known("蓝精灵")
    assert not known("蓝精灵")
