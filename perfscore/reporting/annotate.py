"""Write the findings into a copy of the reviewer's own document: Word comments or cell notes beside the cells."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from perfscore.errors import PerfscoreError, ReadError, why
from perfscore.readers import read_bytes
from perfscore.reporting import summary
from perfscore.reporting.frames import saving
from perfscore.reporting.messages import label
from perfscore.reporting.package import stamped
from perfscore.reporting.places import locate
from perfscore.reporting.plain import clip, one_line, printable

if TYPE_CHECKING:
    from perfscore.scorecard import Lang, Scorecard

__all__ = ["SUFFIXES", "Annotated", "annotate"]

Finding = Mapping[Any, Any]  # a row of FINDINGS

SUFFIXES = (".docx", ".xlsx", ".xlsm")
_LONGEST_QUOTE = 60


class Annotated(NamedTuple):
    """What was written: the copy, how many cells got a note, and the findings that found no cell, a line each."""

    path: Path
    notes: int
    unplaced: tuple[str, ...]


def annotate(path: str | Path, scorecard: "Scorecard", output: str | Path, lang: "Lang" = "zh") -> Annotated:
    """Write the findings on one document into a copy of it; the rest of the document stays as it is.

    What found no cell is put together in one note at the beginning. A copy that was annotated before is annotated anew:
    the comments of perfscore (known by their author) are replaced, those of others stay.

    Parameters
    ----------
    path : the ``.docx``, ``.xlsx`` or ``.xlsm`` that was read
    scorecard : a result that holds the projects of this document, for example ``score(read(path))``
    output : where to write the copy; must not be ``path``
    lang : language of the headings in the notes

    Raises
    ------
    PerfscoreError
        the document is of another kind, damaged, not in the scorecard, or would be overwritten

    Examples
    --------
    >>> import tempfile
    >>> from importlib.resources import as_file, files
    >>> from perfscore import read, score
    >>> with as_file(files("perfscore").joinpath("samples", "03卫生健康局.xlsx")) as path, tempfile.TemporaryDirectory() as out:
    ...     done = annotate(path, score(read(path)), f"{out}/notes.xlsx")
    >>> done.notes > 10, done.unplaced
    (True, ())
    """
    source, target = Path(path), Path(output)
    write = _writer(source)
    if target.exists() and target.resolve() == source.resolve():
        raise PerfscoreError(f"输出不能覆盖原文件 {source}；请换一个文件名")
    rows, findings = _of_document(source, scorecard)
    try:
        data = source.read_bytes()
    except OSError as error:
        raise ReadError(f"文件打不开（{why(error)}）", "请核对路径和权限", str(source)) from error
    places = locate(read_bytes(data, source.name)[0], rows)
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        found.setdefault(places.of(finding), []).append(finding)
    homeless = found.pop("", [])
    word = _Wording(scorecard, lang)
    notes = {place: word.note(own) for place, own in found.items()}
    content, missed = write(data, notes, word.note(homeless, named=True))
    with saving(target):
        target.write_bytes(stamped(content, source.name))
    homeless += [finding for place in missed for finding in found[place]]
    return Annotated(target, len(notes) - len(missed), tuple(map(word.line, homeless)))


def _writer(path: Path) -> Callable[[bytes, Mapping[str, str], str], tuple[bytes, list[str]]]:
    from perfscore.reporting.sheet_notes import note
    from perfscore.reporting.word_notes import comment

    if path.suffix.lower() not in SUFFIXES:
        raise PerfscoreError(f"只能在 {'、'.join(SUFFIXES)} 上加批注，得到 {path.name}；请用 Office 或 WPS 另存后再试")
    return comment if path.suffix.lower() == ".docx" else note


def _of_document(path: Path, scorecard: "Scorecard") -> tuple[pd.DataFrame, list[Finding]]:
    """The rows and the findings of one document of the scorecard.

    A document is named by its file name, its path below the folder that was read, or its whole path.
    """
    full = path.resolve().as_posix()
    named = [doc for doc in scorecard.projects["doc"].unique() if f"/{full}".endswith(f"/{doc}")]
    if not named:
        raise PerfscoreError(f"评分结果中没有 {path.name} 的项目：没有对它评分，或其中没有读到绩效目标表")
    projects, rows, findings = scorecard.projects, scorecard.indicators, scorecard.findings
    own = projects.loc[projects["doc"] == max(named, key=len), "project_id"]
    found = findings[findings["project_id"].isin(own)].astype(object)
    records: list[Finding] = [*found.where(found.notna(), "").to_dict("records")]
    return rows[rows["project_id"].isin(own)], records


class _Wording:
    """What is said of findings, in the notes and afterwards."""

    def __init__(self, scorecard: "Scorecard", lang: "Lang") -> None:
        self.titles = summary.rule_titles(scorecard, lang)
        self.projects = scorecard.projects.set_index("project_id")["project_name"].fillna("").to_dict()
        self.lang = lang

    def note(self, findings: Sequence[Finding], named: bool = False) -> str:
        """The text of one note; with the project that each finding is about where the note does not stand in it."""
        return "\n\n".join(printable("\n".join(self._lines(finding, named))) for finding in findings)

    def _lines(self, finding: Finding, named: bool) -> Iterator[str]:
        if named:
            yield self._project(finding)
        yield f"[{label(finding['severity'], self.lang)}] {finding['code']} {self.titles[finding['code']]}"
        quote = f"“{clip(finding['evidence'], _LONGEST_QUOTE)}”"
        if finding["evidence"] and quote not in finding["message"]:
            yield quote
        yield finding["message"]
        if finding["advice"]:
            yield f"{label('advice', self.lang)}{label('colon', self.lang)}{finding['advice']}"

    def line(self, finding: Finding) -> str:
        """One finding on one line."""
        return one_line(
            f"{self._project(finding)}：{finding['code']} {self.titles[finding['code']]}，{finding['message']}"
        )

    def _project(self, finding: Finding) -> str:
        row = finding["row_no"]
        where = label("whole_table", self.lang) if row == "" else label("rows_named", self.lang).format(n=row)
        return f"{self.projects[finding['project_id']] or finding['project_id']} {where}"
