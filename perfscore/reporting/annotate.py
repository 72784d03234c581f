"""Write the findings into a copy of the reviewer's own document: Word comments or cell notes beside the cells."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from perfscore.errors import PerfscoreError, ReadError
from perfscore.readers import read_bytes
from perfscore.reporting import summary
from perfscore.reporting.messages import label
from perfscore.reporting.places import locate
from perfscore.reporting.plain import clip, printable

if TYPE_CHECKING:
    from perfscore.scorecard import Lang, Scorecard

__all__ = ["Annotated", "annotate"]

Writer = Callable[[bytes, Mapping[str, str], str], tuple[bytes, int]]

_LONGEST_QUOTE = 60


class Annotated(NamedTuple):
    """What was written: the copy, how many cells got a note, how many findings are in one note at the beginning."""

    path: Path
    notes: int
    unplaced: int


def annotate(path: str | Path, scorecard: "Scorecard", output: str | Path, lang: "Lang" = "zh") -> Annotated:
    """Write the findings on one document into a copy of it; the rest of the document stays as it is.

    Parameters
    ----------
    path : the ``.docx``, ``.xlsx`` or ``.xlsm`` that was read
    scorecard : a result that holds the projects of this document, for example ``score(read(path))``
    output : where to write the copy; must not be ``path``
    lang : language of the headings in the notes

    Raises
    ------
    PerfscoreError
        the document is of another kind, is not in the scorecard, or would be overwritten
    """
    source, target = Path(path), Path(output)
    write = _writer(source)
    if target.exists() and target.resolve() == source.resolve():
        raise PerfscoreError(f"输出不能覆盖原文件 {source}；请换一个文件名")
    rows, findings = _of_document(source, scorecard)
    try:
        data = source.read_bytes()
        document = read_bytes(data, source.name)[0]
    except OSError as error:
        raise ReadError(f"文件打不开（{error.strerror}）", "请核对路径和权限", str(source)) from error
    places = locate(document, rows)
    notes: dict[str, list[str]] = {}
    for finding, text in zip(findings, _texts(findings, scorecard, lang), strict=True):
        notes.setdefault(places.of(finding), []).append(text)
    unplaced = notes.pop("", [])
    content, missed = write(data, {place: "\n\n".join(texts) for place, texts in notes.items()}, "\n\n".join(unplaced))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return Annotated(target, len(notes) - missed, len(unplaced) + missed)


def _writer(path: Path) -> Writer:
    from perfscore.reporting.sheet_notes import note
    from perfscore.reporting.word_notes import comment

    writers: dict[str, Writer] = {".docx": comment, ".xlsx": note, ".xlsm": note}
    if path.suffix.lower() not in writers:
        raise PerfscoreError(f"只能在 {'、'.join(writers)} 上加批注，得到 {path.name}；请用 Office 或 WPS 另存后再试")
    return writers[path.suffix.lower()]


def _of_document(path: Path, scorecard: "Scorecard") -> tuple[pd.DataFrame, list[dict[Any, Any]]]:
    """The rows and the findings of one document of the scorecard, told by its file name."""
    projects = scorecard.projects
    own = projects.loc[[PurePosixPath(doc).name == path.name for doc in projects["doc"]], "project_id"]
    if own.empty:
        raise PerfscoreError(f"评分结果中没有文件 {path.name}；请先对它评分")
    rows, findings = scorecard.indicators, scorecard.findings
    found = findings[findings["project_id"].isin(own)].astype(object)
    return rows[rows["project_id"].isin(own)], found.where(found.notna(), "").to_dict("records")


def _texts(findings: list[dict[Any, Any]], scorecard: "Scorecard", lang: "Lang") -> Iterator[str]:
    titles = summary.rule_titles(scorecard)
    for finding in findings:
        lines = [f"[{label(finding['severity'], lang)}] {finding['code']} {titles[finding['code']]}"]
        if finding["evidence"]:
            lines.append(f"“{clip(finding['evidence'], _LONGEST_QUOTE)}”")
        lines.append(finding["message"])
        if finding["advice"]:
            lines.append(f"{label('advice', lang)}：{finding['advice']}")
        yield printable("\n".join(lines))
