"""Labels of careful readers: read from a table file, and put beside the rows and projects that were scored."""

import re
from pathlib import Path

import pandas as pd

from perfscore import lexicon
from perfscore.errors import SchemaError
from perfscore.readers import Source, read_one
from perfscore.readers.blocks import Grid

__all__ = ["KEYS", "astray", "matched", "named", "need", "numbers", "read_labels"]

# What tells a project, the surest first; the first that a label fills in is the one that counts.
KEYS = ("project_id", "project_no", "project_code", "project_name")


def read_labels(path: str | Path) -> pd.DataFrame:
    """Read labels from the first table of a CSV or Excel file, every cell as the text it shows.

    Parameters
    ----------
    path : table with a header; the columns may be named in Chinese or English (``label_headers.tsv``)

    Raises
    ------
    SchemaError
        the file cannot be read, or holds no table

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "labels.csv")
    ...     _ = path.write_text("文件,项目序号,行号,缺陷\\n000,1,2,no_quantity\\n", encoding="gb18030")
    ...     read_labels(path).to_dict("records")
    [{'doc': '000', 'project_no': '1', 'row_no': '2', 'labels': 'no_quantity'}]
    """
    if not Path(path).is_file():
        raise SchemaError(f"标注文件不存在：{path}；请检查路径")
    documents = read_one(Source(Path(path), Path(path).name))
    grids = [block for document in documents for block in document.blocks if isinstance(block, Grid)]
    if not grids or len(grids[0].rows) < 2:
        why = "；".join(entry[1] for document in documents for entry in document.unread)
        raise SchemaError(f"标注文件 {path} 里没有表格{f'（{why}）' if why else ''}；应为带表头的 CSV 或 Excel")
    head, *body = ([cell.text.strip() for cell in row] for row in grids[0].rows)
    cells = [(row + [""] * len(head))[: len(head)] for row in body if any(row)]
    return named(pd.DataFrame(cells, columns=pd.Index(head), dtype="str"))


def named(labels: pd.DataFrame) -> pd.DataFrame:
    """Give the columns of a label table their names in this package; columns nobody knows stay away."""
    known = {entry["header"]: entry["column"] for entry in lexicon.table("label_headers.tsv")}
    columns: dict[str, pd.Series] = {}
    for place, header in enumerate(labels.columns):
        column = known.get(re.sub(r"\s", "", str(header)).lower())
        if column and column not in columns:
            columns[column] = labels.iloc[:, place]
    return pd.DataFrame(columns, index=labels.index).reset_index(drop=True)


def need(labels: pd.DataFrame, column: str) -> pd.Series:
    """Return a column of a label table.

    Raises
    ------
    SchemaError
        the table has no such column
    """
    if column not in labels:
        headers = [entry["header"] for entry in lexicon.table("label_headers.tsv") if entry["column"] == column]
        raise SchemaError(f"标注表缺少列 {column}；这一列可以叫 {'、'.join(headers)}")
    return labels[column]


def numbers(labels: pd.DataFrame, column: str) -> pd.Series:
    """Return a column as numbers, what is none as missing; raises as ``need`` does."""
    return pd.to_numeric(need(labels, column).astype("str").str.strip(), errors="coerce").astype("float64")


def astray(labels: pd.DataFrame, why_not: pd.Series) -> pd.DataFrame:
    """Return the labels that stand beside nothing, as text, and why."""
    lost = why_not != ""
    texts = [" ".join(cell for cell in row if cell) for row in labels[lost].astype("str").fillna("").to_numpy()]
    return pd.DataFrame({"label": texts, "why_not": why_not[lost].tolist()}, dtype="str")


def matched(labels: pd.DataFrame, projects: pd.DataFrame) -> pd.DataFrame:
    """Find the project that each label speaks of.

    A document is named in full, without its suffix, by a beginning that no other has, or by the number it begins with
    (Excel shows 000 as 0). In it a project is told by the first of ``KEYS`` that the label fills in.

    Parameters
    ----------
    labels : label table as ``read_labels`` or ``named`` returns it
    projects : PROJECTS

    Returns
    -------
    For each label ``project_id`` (missing if not found) and ``why_not`` (why it was not found, else empty)

    Raises
    ------
    SchemaError
        no column tells the project

    Examples
    --------
    >>> projects = pd.DataFrame({"doc": ["07水利局.docx"], "project_no": [1], "project_id": ["07水利局.docx#1"]})
    >>> matched(pd.DataFrame({"doc": ["07", "7", "08"], "project_no": ["1", "1", "1"]}), projects)["project_id"].tolist()
    ['07水利局.docx#1', '07水利局.docx#1', nan]
    """
    keys = [key for key in ("doc", *KEYS) if key in labels]
    if not set(keys) & set(KEYS):
        columns = "、".join(map(str, labels.columns))
        raise SchemaError(f"标注表没有标明项目的列；认得的列只有 {columns or '（无）'}；请补上“文件”和“项目序号”")
    told = pd.MultiIndex.from_frame(labels[keys].astype("str").fillna("").apply(lambda column: column.str.strip()))
    codes, distinct = told.factorize()
    answers = [_find(dict(zip(keys, label, strict=True)), projects) for label in distinct]
    found = pd.DataFrame(answers, columns=["project_id", "why_not"], dtype="str")
    return found.iloc[codes].set_index(labels.index)


def _find(label: dict[str, str], projects: pd.DataFrame) -> tuple[str | None, str]:
    """Return the project_id a label speaks of, or why there is none."""
    candidates = projects
    if label.get("doc"):
        docs = _documents(label["doc"], projects["doc"].drop_duplicates().tolist())
        if len(docs) != 1:
            return None, f"有 {len(docs)} 个文件符合这个文件名" if docs else "没有读到这个文件，或其中没有项目"
        candidates = candidates[candidates["doc"] == docs[0]]
    key = next((key for key in KEYS if label.get(key)), None)
    if key is None:
        return None, "没有写明是哪个项目"
    cells = candidates[key].astype("str").str.strip()
    given = re.sub(r"\.0+$", "", label[key]) if key == "project_no" else label[key]
    found = candidates.loc[cells == given, "project_id"].tolist()
    if len(found) != 1:
        return None, f"有 {len(found)} 个项目符合，请写明文件和项目序号" if found else "没有读到这个项目"
    return str(found[0]), ""


def _documents(name: str, docs: list[str]) -> list[str]:
    """Return the documents a name may mean, by the strictest way of matching that finds any."""
    number = int(name) if re.fullmatch(r"[0-9]+", name) else None

    def begins(doc: str) -> bool:
        digits = re.match(r"[0-9]+", doc)
        return doc.startswith(name) if number is None else digits is not None and int(digits[0]) == number

    base = {doc: doc.rsplit("/", 1)[-1] for doc in docs}
    for fits in (
        [doc for doc in docs if doc == name],
        [doc for doc in docs if base[doc] == name],
        [doc for doc in docs if base[doc].rpartition(".")[0] == name],
        [doc for doc in docs if begins(base[doc])],
    ):
        if fits:
            return fits
    return []
