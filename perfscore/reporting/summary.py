"""What the reports say about many rows at once: reasons of a project, agencies, values. Each renderer draws these."""

from typing import TYPE_CHECKING

import pandas as pd

from perfscore import lexicon
from perfscore.quantity import parse
from perfscore.reporting.messages import label
from perfscore.rules.registry import catalogue

if TYPE_CHECKING:
    from perfscore.scorecard import Lang, Scorecard

__all__ = ["GRADES", "agencies", "reasons", "rule_titles", "titles_in", "unjudged", "values"]

GRADES = ("差", "中", "良", "优", "未评")


def titles_in(lang: "Lang") -> dict[str, str]:
    """Return rule code -> title of every rule in a language."""
    if lang == "en":
        return {entry["code"]: entry["title"] for entry in lexicon.table("rule_titles.tsv")}
    return {rule.code: rule.title for rule in catalogue()}


def rule_titles(scorecard: "Scorecard", lang: "Lang" = "zh") -> dict[str, str]:
    """Return rule code -> title for the rules that fired, accepted or not; a code the catalogue lacks is its own title."""
    known = titles_in(lang)
    return {code: known.get(code, code) for code in sorted({*scorecard.findings["code"], *scorecard.accepted["code"]})}


def reasons(scorecard: "Scorecard", top: int = 3, lang: "Lang" = "zh") -> pd.Series:
    """Return the heaviest reasons of each project in words, indexed by ``project_id``.

    Parameters
    ----------
    scorecard : the result of scoring
    top : how many rules to name, those that took most points first
    lang : zh or en
    """
    titles = rule_titles(scorecard, lang)
    by_rule = (
        scorecard.findings.groupby(["project_id", "code"], sort=True)
        .agg(points=("points", "sum"), count=("code", "size"))
        .reset_index()
        .sort_values(["project_id", "points", "count", "code"], ascending=[True, False, False, True])
    )
    chosen = by_rule.groupby("project_id").head(top)
    named = {code: code if title == code else f"{code} {title}" for code, title in titles.items()}
    words = chosen["code"].map(named) + "×" + chosen["count"].astype(str)
    joined = words.str.replace("×1$", "", regex=True).groupby(chosen["project_id"]).agg("；".join)
    return joined.reindex(scorecard.projects["project_id"]).fillna("").astype(str)


def agencies(scorecard: "Scorecard") -> pd.DataFrame:
    """Return one row an agency, weakest first: projects, count of each grade, mean score, money, findings.

    ``budget`` is the sum of the budgets that are known, missing where none is.
    """
    projects = scorecard.projects
    keyed = projects.assign(agency=projects["agency"].fillna(""))
    graded = keyed[keyed["score"].notna()]
    grouped = keyed.groupby("agency")
    table = pd.DataFrame(
        {
            "size": grouped.size(),
            **{grade: (keyed["grade"] == grade).groupby(keyed["agency"]).sum() for grade in GRADES},
            "score": graded.groupby("agency")["score"].mean().round(1),
            "budget": grouped["budget"].sum(min_count=1),
            "finding_count": grouped["n_findings"].sum(),
        }
    )
    return table.reset_index().sort_values(["score", "agency"], na_position="last", ignore_index=True)


def values(scorecard: "Scorecard") -> pd.DataFrame:
    """Return how often each value stands in an agency: ``agency``, ``value``, ``count``, ``share`` (of its rows, 0-1).

    Spellings of one value (≥95百分比, ≥95%, 不低于95%) are one. The agency with the most uniform values comes first;
    within it the commonest value.
    """
    agency = scorecard.projects.set_index("project_id")["agency"].fillna("")
    printed = scorecard.indicators["value"].fillna("")
    spelled = {value: _spelling(value) for value in printed.unique()}
    rows = pd.DataFrame(
        {"agency": scorecard.indicators["project_id"].map(agency), "value": printed.map(spelled).astype("str")}
    )
    table = rows.value_counts(["agency", "value"]).rename("count").reset_index()
    table["share"] = table["count"] / table.groupby("agency")["count"].transform("sum")
    top = table.groupby("agency")["share"].transform("max")
    return (
        table.assign(top=top)
        .sort_values(["top", "agency", "count", "value"], ascending=[False, True, False, True], ignore_index=True)
        .drop(columns="top")
    )


def unjudged(rows: pd.DataFrame, lang: "Lang" = "zh") -> dict[int, str]:
    """Return why rows were left out of the score, by position; nothing if the frame does not say.

    Parameters
    ----------
    rows : INDICATORS with the columns ``official`` and ``judged``
    lang : language of the reasons
    """
    if not {"official", "judged"} <= set(rows.columns):
        return {}
    left_out = [
        (place, official)
        for place, (official, judged) in enumerate(zip(rows["official"], rows["judged"], strict=True))
        if not judged
    ]
    return {place: label("official_row" if official else "unreadable_row", lang) for place, official in left_out}


def _spelling(value: str) -> str:
    quantity = parse(value)
    return value if quantity.kind in ("wish", "yesno", "placeholder", "empty") else str(quantity)
