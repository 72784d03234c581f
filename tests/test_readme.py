"""The README in both languages: commands that agree and work, an excerpt that is what the command prints."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from refresh import excerpt, refreshed

import perfscore
from perfscore.cli import Exit
from perfscore.profile import Profile

ROOT = Path(__file__).parents[1]
ENGLISH, CHINESE = ((ROOT / name).read_text("utf-8") for name in ("README.md", "README.zh-CN.md"))
READMES = pytest.mark.parametrize("readme", [ENGLISH, CHINESE], ids=["en", "zh"])


def fenced(text: str, language: str) -> list[str]:
    """The contents of the code blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.M | re.S)


def commands(text: str) -> list[str]:
    """The lines of the first three blocks: set up and score, set up and test, the same on Windows."""
    return [line for block in (*fenced(text, "bash")[:2], *fenced(text, "powershell")) for line in block.splitlines()]


def without_comments(code: str) -> list[str]:
    return [line.split("#")[0].rstrip() for line in code.splitlines()]


def test_both_languages_open_with_the_same_commands():
    assert len(commands(ENGLISH)) == 4
    assert commands(CHINESE) == commands(ENGLISH)
    for text in (ENGLISH, CHINESE):
        assert text.index(commands(text)[0]) < text.index("\n## ")


@pytest.mark.parametrize("language", ["bash", "python", "text", "powershell"])
def test_both_languages_show_the_same_code(language):
    english, chinese = ([without_comments(block) for block in fenced(text, language)] for text in (ENGLISH, CHINESE))
    assert english == chinese
    assert english


def test_both_languages_have_the_same_parts():
    parts = [re.findall(r"^(#+) ", text, re.M) for text in (ENGLISH, CHINESE)]
    assert parts[0] == parts[1]


def test_ci_runs_the_very_test_command():
    assert commands(ENGLISH)[1] in (ROOT / ".ci" / "run").read_text("utf-8").splitlines()


@READMES
def test_the_excerpt_is_what_the_command_prints(readme, sample_card):
    assert excerpt(sample_card) in readme
    assert readme == refreshed(readme, sample_card), "python tests/refresh.py writes it again"


@READMES
def test_the_figures_are_those_of_the_code(readme):
    profile = Profile.load("default")
    assert f"可评分值 {profile.visible:g}/100" in readme
    for code in Exit:
        assert re.search(rf"^\| {code.value} \| ", readme, re.M)
    for cutoff in profile.cutoffs.values():
        assert f" {cutoff:g}" in readme.replace("，", ", ").replace("\n", " ")
    assert perfscore.__version__ in readme


@READMES
def test_links_lead_somewhere(readme):
    targets = re.findall(r"\]\(([^)]+)\)", readme)
    assert targets
    assert [target for target in targets if not (ROOT / target).is_file()] == []


def test_the_python_lines_work(monkeypatch):
    monkeypatch.setattr(perfscore, "read", lambda _: perfscore.load_sample())
    names: dict[str, object] = {}
    exec(fenced(ENGLISH, "python")[0], names)
    assert len(names["scorecard"].projects) == 22


@pytest.mark.slow
def test_the_first_command_works_in_a_fresh_copy(tmp_path):
    ignore = shutil.ignore_patterns(".git", ".venv*", "build", "dist", "*.egg-info", "__pycache__", ".*_cache")
    copy = shutil.copytree(ROOT, tmp_path / "copy", ignore=ignore)
    done = subprocess.run(["bash", "-c", commands(ENGLISH)[0]], cwd=copy, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 23
    assert "Warning" not in done.stderr
