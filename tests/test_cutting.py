"""Many texts cut at once come out as jieba cuts them one by one; what was cut ahead is what tokens gives."""

import gc
import math
import subprocess
import sys
from pathlib import Path
from unittest import mock
from weakref import ref

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfscore import cutting, lexicon
from perfscore.cutting import cut_all
from perfscore.dictionary import Dictionary, Words
from perfscore.text import cut_together, normalise, squash, tokens

LEXICONS = Path(__file__).parents[1] / "lexicons"
OWN = sorted(lexicon.words("userdict.txt"))

# Three characters XYZ with equal probabilities of XY|Z and X|YZ, and some where the last bit of the sums decides.
TIES = "鞍尾翘 雾台衔 公真义 匪特餐 凸角斗 晨衣蛾 镶满拧 寡糖蒜 贺联航 醒眼识 菲克雅 霞山葛 半生坯 咸化成 府谷津 弧形势".split()
NEAR_TIES = "丰足额 乌山坑 京朝方 停飞靶 冻冰锥 击倒伏 唸咒诅 坨子宫 嬉水筏 彩装角 恕道融 抽光旗 拓地陪 焊工楷".split()
# A character that begins words but is none; one that begins none, where its probability decides.
WORDLESS = "嚐出售 嚐试验 囓合适 岞山麓 揹负责 搆陷阱 桌上髎 箇中坜 集中葯 曙光緒 航天髎 针对茦".split()

ODD = [
    "",
    "3.5%",
    "GB/T-2018#A&b_c",
    "a\r\nb\n\r\r\n\r",
    "\r",
    "\n",
    "完成\r\n\r\n率",
    "满意度😀≥95%",
    "\0\1完成率\0",
    "𠮷野家𠀀",
    "㐀䶵完成率鿕鿖鿿",
    "\ud800完成率",
    "e\u0301té ① Ⅱ ㎡",
    "龘靐齉爩",
    "AT&T的C++与c#",
    "项目，完成率。",
    "T恤 卡拉OK",
    "张三丰买了阿里巴巴网站的会员卡",
]

texts = st.lists(
    st.text("服务对象满意度项目完成率数量质时效成本95.%+#&_-aBz≥，。（）\r\n \0㐀鿕鿖𠮷😀龘", max_size=25)
    | st.text("的一是了和国民发展建设", max_size=12)
    | st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), max_size=12)
    | st.text(max_size=15),
    max_size=12,
)


def plain_jieba(own):
    """jieba with its whole dictionary and these words, as its manual says, but without its log and cache file."""
    Dictionary()  # imports jieba without its warnings
    import jieba

    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    for word in own:
        tokenizer.add_word(word)
    return tokenizer


@pytest.fixture(scope="module")
def jieba():
    return plain_jieba(OWN)


@pytest.fixture(scope="module")
def dictionary():
    return Dictionary(OWN)


def at_once(dictionary, texts):
    """Cut by arrays however few and long the texts are."""
    with mock.patch.multiple(cutting, FEW=0, WIDTH=0):
        return cut_all(dictionary, texts)


def differences(jieba, texts, cuts):
    assert len(texts) == len(cuts)
    return [
        (text, words, cut) for text, words in zip(texts, cuts, strict=True) if (cut := tuple(jieba.cut(text))) != words
    ]


def entries_of_lexicons():
    for path in sorted(LEXICONS.iterdir()):
        if path.suffix in {".tsv", ".txt", ".toml"}:
            for line in path.read_text("utf-8").splitlines():
                yield from (line, *line.split("\t"))


def test_the_dictionary_holds_what_jieba_reads(jieba, dictionary):
    spelt, *columns = dictionary.words()
    words = {spelt[start:end]: count for start, end, count in zip(*(c.tolist() for c in columns), strict=True)}
    assert words == {word: count for word, count in jieba.FREQ.items() if count}
    assert dictionary.total == jieba.total


def test_one_text_is_cut_as_jieba_cuts_it(jieba, dictionary):
    some = [*ODD, *TIES, *NEAR_TIES, *WORDLESS, *OWN]
    assert differences(jieba, some, [dictionary.cut(text) for text in some]) == []


def test_all_texts_are_cut_as_jieba_cuts_them(jieba, dictionary):
    some = [*ODD, *TIES, *NEAR_TIES, *WORDLESS, *dict.fromkeys(entries_of_lexicons())]
    some += [left + right for left, right in zip(some, reversed(some), strict=True)]
    assert len(some) > 2000
    assert differences(jieba, some, at_once(dictionary, some)) == []


@given(texts)
@settings(deadline=None, max_examples=200)
def test_odd_texts_are_cut_as_jieba_cuts_them(jieba, dictionary, texts):
    assert differences(jieba, texts, at_once(dictionary, texts)) == []
    assert differences(jieba, texts, [dictionary.cut(text) for text in texts]) == []


def test_there_are_ties_to_break(jieba, dictionary):
    for one, two, three in TIES:
        left, right = (log_probability(jieba, *words) for words in ((three, one + two), (two + three, one)))
        assert left == right
    assert list(at_once(dictionary, TIES)) == [(text[:2], text[2]) for text in TIES]


def log_probability(jieba, last, first):
    total = math.log(jieba.total)
    return math.log(jieba.FREQ[first]) - total + (math.log(jieba.FREQ[last]) - total)


def test_texts_keep_their_places_in_batches(jieba, dictionary):
    some = [*entries_of_lexicons(), "", *ODD, "项目完成率" * 300]
    with mock.patch.multiple(cutting, BATCH=500, FEW=0, WIDTH=3):
        cuts = cut_all(dictionary, some)
    assert differences(jieba, some, cuts) == []


def test_a_few_texts_need_no_tree():
    with mock.patch.object(cutting, "tree", side_effect=AssertionError):
        assert list(cut_all(Dictionary(), ["按时完成率", ""])) == [("按时", "完成率"), ()]


def test_own_words_count_in_the_order_they_are_added():
    own = ["县级库", "县级库区域", "完成", "甲·乙", "A", "龘", "的"]
    tokenizer = plain_jieba(own)
    some = ["县级库区域完成A龘的", "甲·乙的A", "的\0完成县级库", "区域的县级库A", *ODD]
    dictionary = Dictionary(own)
    assert dictionary.total == tokenizer.total
    assert differences(tokenizer, some, at_once(dictionary, some)) == []
    assert differences(tokenizer, some, [dictionary.cut(text) for text in some]) == []


def test_a_broken_dictionary_is_not_read_as_something_else():
    assert Words.read("一 3 m\n一一 12 m\n").counts.tolist() == [3, 12]
    with pytest.raises(ValueError, match="词 频数 词性"):
        Words.read("一 m 3\n")


def test_what_is_cut_together_is_what_tokens_says():
    some = ["新建村级 服务站点", "新建村级服务站点", "及时拨付运转经费", ""]
    expected = [tokens(text) for text in some]
    lexicon.forget(0)
    cut_together([*map(squash, some)])
    with mock.patch("perfscore.dictionary.Dictionary.cut", side_effect=AssertionError):
        assert [tokens(text) for text in some] == expected
        with pytest.raises(AssertionError):
            tokens("未预先切分的文本")


def test_own_words_laid_over_count_for_what_is_cut_together(tmp_path):
    (tmp_path / "userdict.txt").write_text("蓝精灵驿站\n", "utf-8")
    cut_together(["新建蓝精灵驿站"])
    before = tokens("新建蓝精灵驿站")
    with lexicon.overlay(tmp_path):
        assert "蓝精灵驿站" in tokens("新建蓝精灵驿站")
        cut_together(["新建蓝精灵驿站"])
        assert "蓝精灵驿站" in tokens("新建蓝精灵驿站")
    assert tokens("新建蓝精灵驿站") == before


@pytest.mark.slow
def test_a_corpus_is_cut_as_jieba_cuts_it(jieba, dictionary, tmp_path):
    script = Path(__file__).parents[1] / "benchmarks" / "generate.py"
    out = tmp_path / "corpus.parquet"
    subprocess.run([sys.executable, str(script), "--rows", "100000", "--out", str(out)], check=True)
    cells = (
        cell for column in pq.read_table(out).select(["name", "description", "value"]) for cell in column.to_pylist()
    )
    some = list(dict.fromkeys(squash(normalise(cell)) for cell in cells))
    assert differences(jieba, some, cut_all(dictionary, some)) == []


def test_the_tree_of_a_dictionary_goes_with_it():
    dictionary = Dictionary(["蓝精灵驿站"])
    tree = ref(cutting.tree(dictionary))
    assert cutting.tree(dictionary) is tree()
    del dictionary
    gc.collect()
    assert tree() is None
