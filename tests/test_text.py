"""Folding keeps every length; cutting keeps every character, prints nothing and writes nothing."""

import os
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfscore import lexicon
from perfscore.text import ngrams, normalise, squash, tokens


@given(st.text())
def test_folding_keeps_the_length_and_is_done_once(text):
    assert len(normalise(text)) == len(text)
    assert normalise(normalise(text)) == normalise(text)


@pytest.mark.parametrize(
    ("printed", "plain"),
    [
        ("９５％", "95%"),
        ("≧≦⩾⩽＞＜＝", "≥≤≥≤><="),
        ("（人）：，；", "(人):,;"),
        ("⼀⺠⻓⽤", "一民长用"),
        ("豈", "豈"),
        ("a\u00a0b\u3000c\ufeffd\u200be", "a b c d e"),
        ("3–5－6", "3-5-6"),
        ("〜～", "~~"),
        ("①②Ⅱ", "①②Ⅱ"),
        ("《办法》、“一网通办”。", "《办法》、“一网通办”。"),
        ("ＧＢ／Ｔ", "GB/T"),
        ("plain", "plain"),
    ],
)
def test_what_is_folded(printed, plain):
    assert normalise(printed) == plain


@given(st.text())
def test_squashed_text_has_no_blank(text):
    assert not any(map(str.isspace, squash(text)))
    assert squash(squash(text)) == squash(text)
    assert [char for char in text if not char.isspace()] == list(squash(text))


@given(st.text(max_size=30), st.integers(1, 5))
def test_ngrams_cover_the_text(text, n):
    grams = ngrams(text, n)
    short = squash(text)
    assert len(grams) == (max(len(short) - n + 1, 1) if short else 0)
    assert "".join(gram[0] for gram in grams[:-1]) + "".join(grams[-1:]) == short


@given(st.text("服务对象满意度项目完成率95.%≥ \n（）ab", max_size=30) | st.text(max_size=20))
@settings(deadline=None)  # the first call reads the dictionary
def test_words_join_to_the_text(text):
    assert "".join(tokens(text)) == squash(text)
    assert all(tokens(text))


def test_every_word_of_our_own_list_stays_whole():
    cut = {word: tokens(word) for word in lexicon.words("userdict.txt") if len(tokens(word)) > 1}
    assert cut == {}


def test_blanks_change_no_word():
    assert tokens("服务 对象\n满意度") == tokens("服务对象满意度")


def test_a_bureau_adds_its_own_words(tmp_path):
    (tmp_path / "userdict.txt").write_text("蓝精灵驿站\n", "utf-8")
    before = tokens("新建蓝精灵驿站")
    with lexicon.overlay(tmp_path):
        assert "蓝精灵驿站" in tokens("新建蓝精灵驿站")
    assert tokens("新建蓝精灵驿站") == before
    assert "蓝精灵驿站" not in before


def test_cutting_is_silent_and_leaves_no_file(tmp_path):
    """Warnings as errors, jieba compiled afresh, and a stranger's cache file in the way."""
    stranger = tmp_path / "jieba.cache"
    stranger.write_bytes(b"not a cache")
    environment = os.environ | {
        "TMPDIR": str(tmp_path),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPYCACHEPREFIX": str(tmp_path / "none"),
    }
    code = "from perfscore.text import tokens; print('/'.join(tokens('群众满意度')))"
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, encoding="utf-8", env=environment
    )
    assert (run.stdout.strip(), run.stderr, run.returncode) == ("群众/满意度", "", 0)
    assert [path.name for path in tmp_path.iterdir()] == ["jieba.cache"]
    assert stranger.read_bytes() == b"not a cache"
