"""What a well-set row would say: the unit its name calls for, the number it holds itself, indicators in its place.

No figure is made up: ×× stands for the project's own one, and a number is given only where the row itself holds it, or as
an example of the form.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from perfscore import lexicon
from perfscore.names import EFFECTS, bare, is_label, measure
from perfscore.quantity import Quantity, find, parse, unit_in_name
from perfscore.records import Row
from perfscore.wording import specific_words

__all__ = [
    "asked",
    "class_form",
    "definition",
    "example",
    "form",
    "held",
    "model",
    "open_measures",
    "signed",
    "thing",
    "unit",
]

BLANK = "××"
AT_LEAST, AT_MOST = "≥", "≤"
DATE = "月底前"
KINDS = {
    "share": ("share",),
    "count": ("count",),
    "money": ("money",),
    "time": ("duration", "date"),
    "amount": ("count", "money", "duration"),
}
UNITS = {"share": "%", "count": "个", "money": "万元", "amount": "（写明计量单位）"}


@lexicon.derived
def _counters() -> dict[str, str]:
    return {entry["word"]: entry["unit"] for entry in lexicon.table("counters.tsv")}


@lexicon.derived
def _classes() -> dict[str, dict[str, str]]:
    return {entry["category"]: entry for entry in lexicon.table("class_forms.tsv")}


@lexicon.derived
def _dimensions() -> dict[str, dict[str, str]]:
    return {entry["dimension"]: entry for entry in lexicon.table("dimension_forms.tsv")}


@lexicon.derived
def _sample_figures() -> dict[str, str]:
    return {dimension: entry["figure"].removesuffix(DATE) for dimension, entry in _dimensions().items()}


@lexicon.derived
def _open() -> dict[str, tuple[str, str]]:
    return {entry["word"]: (entry["first"], entry["second"]) for entry in lexicon.table("open_measures.tsv")}


@lexicon.derived
def _open_words() -> re.Pattern[str]:
    return _backwards(_open())


@lexicon.derived
def _counter_words() -> dict[str, re.Pattern[str]]:
    """For each dimension the words that tell a unit of it."""
    counters = _counters().items()
    return {kind: _backwards(word for word, counter in counters if _fits(counter, kind)) for kind in KINDS}


def _backwards(words: Iterable[str]) -> re.Pattern[str]:
    """Find words in a text read from its end: first the one that ends last, of two that end there the longer one."""
    return re.compile("|".join(re.escape(word[::-1]) for word in sorted(filter(None, words), key=len, reverse=True)))


def _last(text: str, words: re.Pattern[str]) -> str:
    found = words.search(text[::-1])
    return found[0][::-1] if found else ""


@lexicon.cached
def class_form(category: str) -> dict[str, str]:
    """Return what a class measures (``class_forms.tsv``): a model indicator, where figures come from, what to cite."""
    known = {"效益": "社会效益", "产出": "数量"}.get(category, category)
    return _classes().get(known) or {**_classes()["数量"], "source": "按本项目实际"}


@lexicon.cached
def asked(name: str, category: str) -> str:
    """Return the dimension that the name, or else the category, asks of a value; empty if neither says.

    Examples
    --------
    >>> asked("服务人数", "质量"), asked("工程质量", "数量"), asked("数量指标", "数量"), asked("经费使用情况", "成本")
    ('count', '', 'count', 'money')
    """
    found = measure(name)
    if found and not is_label(name) and (found.dimension or category != "成本"):
        return found.dimension
    sure = category in ("数量", "成本", "满意度", "时效")
    return class_form(category)["dimension"] if sure else ""


@lexicon.cached
def unit(name: str, dimension: str) -> str:
    """Return the unit a value of a name is written in, or an empty string if the name does not tell.

    Examples
    --------
    >>> unit("车辆维修次数", "count"), unit("新建桥梁数量", "count"), unit("补助标准（元/户）", "money"), unit("开工时间", "time")
    ('次', '座', '元/户', '')
    """
    printed = unit_in_name(name)
    if printed and _fits(printed[0], dimension):
        return printed[0]
    if dimension == "share":
        return "%"
    words = _counter_words().get(dimension)
    return _counters().get(_last(bare(name), words), "") if words else ""


@lexicon.cached
def _fits(counter: str, dimension: str) -> bool:
    kind = parse(f"1{counter}").kind
    return kind in KINDS.get(dimension, ()) or (kind == "rate" and dimension == "money")


@lexicon.derived
def _turning() -> re.Pattern[str]:
    """The words of one cue, found sooner than a text is read for all lists."""
    words = [entry["word"] for entry in lexicon.table("cues.tsv") if entry["cue"] == "turned"]
    return re.compile("|".join(map(re.escape, words)) or "(?!)")


@lexicon.cached
def _turned(name: str) -> bool:
    return bool(_turning().search(bare(name)))


def _direction(name: str, category: str, dimension: str) -> str:
    found = measure(name)
    if _turned(name) or (dimension == "money" and category in EFFECTS):
        return AT_LEAST
    if found and found.polarity:
        return AT_MOST if found.polarity == "-" else AT_LEAST
    return AT_MOST if dimension == "time" or (dimension == "money" and category == "成本") else AT_LEAST


def form(row: Row, dimension: str) -> str:
    """Return how a value of the row is written, without its figure.

    Examples
    --------
    >>> form(Row(name="服务人数"), "count"), form(Row(name="印刷费", category="成本"), "money"), form(Row(name="验收时间"), "time")
    ('≥××人', '≤××万元', '××月底前')
    """
    return _form(row.name, row.category, dimension)


@lexicon.cached
def _form(name: str, category: str, dimension: str) -> str:
    counter = unit(name, dimension)
    if dimension == "time" and not counter:
        return f"{BLANK}{DATE}"
    return f"{_direction(name, category, dimension)}{BLANK}{counter or UNITS.get(dimension, '')}"


def example(row: Row, dimension: str) -> str:
    """Return the same with a figure that only shows the form.

    Examples
    --------
    >>> example(Row(name="印刷费", category="成本"), "money")
    '≤12.5万元'
    """
    return _example(row.name, row.category, dimension)


@lexicon.cached
def _example(name: str, category: str, dimension: str) -> str:
    written = _form(name, category, dimension)
    if written == f"{BLANK}{DATE}":
        kind = "date"
    else:
        in_money = dimension == "money" and unit(name, dimension) not in ("", "万元")
        fault = dimension == "share" and written.startswith(AT_MOST)
        kind = "rate" if in_money else "fault" if fault else dimension or "open"
    return written.replace(BLANK, _sample_figures()[kind], 1)


def held(row: Row, dimension: str) -> tuple[str, str, str] | None:
    """Return the one number of a dimension that the description or the name holds, ready to be the value.

    Returns
    -------
    where it stands (描述 or 名称), the words there, and the value in its right form; ``None`` if there is none or several

    Examples
    --------
    >>> held(Row(name="终端设备数量", description="完成30台终端安装"), "count")
    ('描述', '30台', '≥30台')
    >>> held(Row(name="培训人数", description="举办3期培训班"), "count") is None
    True
    """
    kinds = KINDS.get(dimension, ())
    for where, text in (("描述", row.description or ""), ("名称", row.name)):
        found = [q for q in find(text) if q.kind in kinds and not q.period]
        if len(found) == 1 and (found[0].kind != "count" or unit(row.name, dimension) in ("", found[0].unit)):
            words = text[found[0].start : found[0].end]
            direction = _direction(row.name, row.category, dimension)
            return where, words, words if found[0].kind == "date" else signed(found[0], direction)
    return None


def signed(quantity: Quantity, comparator: str) -> str:
    """Spell a quantity with another comparator; a date and a range keep their own.

    Examples
    --------
    >>> signed(parse("不低于20万元"), "≤"), signed(parse("6月底前"), "≥")
    ('≤20万元', '6月底前')
    """
    if quantity.kind == "date" or quantity.low != quantity.high:
        return str(quantity)
    return str(replace(quantity, comparator=comparator, approximate=False))


@lexicon.cached
def thing(name: str) -> str:
    """Return the thing that a name speaks of, best one that can be counted; ×× if it speaks of none in particular.

    Examples
    --------
    >>> thing("桥梁按时完工率"), thing("工作完成率")
    ('桥梁', '××')
    """
    text, verbs = bare(name), lexicon.words("action_verbs.tsv")
    found = [word for word in specific_words(name) if word in text and word not in verbs and measure(word) is None]
    return max(found, key=lambda word: (word in _counters(), text.rfind(word) + len(word), len(word)), default=BLANK)


def model(row: Row, category: str) -> str:
    """Return an indicator that belongs in a class, made of what the row speaks of.

    Examples
    --------
    >>> model(Row(name="桥梁验收合格率"), "数量"), model(Row(), "经济效益")
    ('桥梁数量 ≥××座', '带动增收（或节约支出）金额 ≥××万元')
    """
    return _model(row.name, category)


@lexicon.cached
def _model(like: str, category: str) -> str:
    entry = class_form(category)
    name = entry["name"].format(thing=thing(like))
    return f"{name} {_form(name, category, entry['dimension'])}"


@lexicon.cached
def open_measures(text: str) -> tuple[str, ...]:
    """Return indicators that measure the quality a text speaks of, none if it names none that is known.

    Examples
    --------
    >>> open_measures("提高办事效率")
    ('平均办理时间 ≤××个工作日', '按时办结率 ≥××%')
    """
    word = _last(bare(text), _open_words())
    return _open()[word] if word else ()


def definition(dimension: str) -> str:
    """Return what a description has to say of a measure of a dimension."""
    return _dimensions()[dimension or "open"]["definition"]
