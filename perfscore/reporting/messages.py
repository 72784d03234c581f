"""What a report says of its own, looked up by key and language (``catalogue.py`` holds the words)."""

import re
from typing import TYPE_CHECKING

from perfscore.errors import ConfigError
from perfscore.official import OPINIONS
from perfscore.reporting.catalogue import OPINIONS_EN, TEXTS

if TYPE_CHECKING:
    from perfscore.scorecard import Lang

__all__ = ["known_language", "label", "method_text", "opinion_texts", "split_codes", "texts"]

_LANGUAGES = ("zh", "en")


def texts(lang: "Lang" = "zh") -> dict[str, str]:
    """Return the whole catalogue in one language.

    Examples
    --------
    >>> texts("en")["ranking"], texts()["ranking"]
    ('Ranking', '排名')
    """
    position = _LANGUAGES.index(known_language(lang))
    return {key: pair[position] for key, pair in TEXTS.items()}


def known_language(lang: str) -> str:
    """Return a language of the reports.

    Raises
    ------
    ConfigError
        the reports do not speak it

    Examples
    --------
    >>> known_language("en")
    'en'
    """
    if lang not in _LANGUAGES:
        raise ConfigError(f"报告没有语言 {lang}；可用：{'、'.join(_LANGUAGES)}")
    return lang


def label(key: str, lang: "Lang" = "zh") -> str:
    """Return one text; a key that the catalogue does not have (a column of a caller's own) is returned as it is."""
    pair = TEXTS.get(key)
    return key if pair is None else pair[_LANGUAGES.index(lang)]


def method_text(text: str, lang: "Lang" = "zh") -> str:
    """Return a line of ``Scorecard.method``; what the catalogue does not have (a title of one's own) stays as it is.

    Examples
    --------
    >>> method_text("30 条", "en"), method_text("优 ≥90，良 ≥80", "en")
    ('30 rules', '优 ≥90, 良 ≥80')
    """
    if lang == "zh" or text in TEXTS:
        return label(text, lang)
    counted = re.fullmatch(r"(\d+) 条", text)
    return label("n_rules", lang).format(n=counted[1]) if counted else text.replace("，", ", ").replace("；", "; ")


def opinion_texts(codes: str, lang: "Lang" = "zh") -> str:
    """Return the codes of an ``opinion`` cell with their labels; what is no known code stays as it is.

    Examples
    --------
    >>> opinion_texts("8|10")
    '8 缺少效益指标；10 缺少满意度指标'
    """
    known = OPINIONS_EN if lang == "en" else OPINIONS
    return label("semicolon", lang).join(
        f"{code} {known[code]}" if code in known else code for code in split_codes(codes)
    )


def split_codes(codes: str) -> list[str]:
    """Return the single codes of an ``opinion`` cell.

    Examples
    --------
    >>> split_codes("8|10")
    ['8', '10']
    """
    return [code.strip() for code in re.split(r"[|,，、；;]", codes) if code.strip()]
