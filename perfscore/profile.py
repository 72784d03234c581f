"""Rubric profiles: what the score takes for what, read from a shipped TOML file or one's own."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Self

from perfscore import lexicon
from perfscore.errors import ConfigError, LexiconError
from perfscore.official import CLASSES, CRITERIA, GRADES, SEVERITIES
from perfscore.suggest import nearest
from perfscore.toml import parse_toml, read_toml

__all__ = ["DEFAULT_PROFILE", "Profile", "profiles"]

DEFAULT_PROFILE = "default"


def profiles() -> tuple[str, ...]:
    """Return the names of the shipped rubric profiles."""
    return (DEFAULT_PROFILE, "hebei", "strict")


@dataclass(frozen=True, slots=True)
class Profile:
    """A rubric: what a sub-item is worth, what a defect costs, which classes a year asks for, where grades begin.

    Parameters
    ----------
    criteria : sub-item of the review form -> points of the official 100 that a table can show
    severity : critical, major, minor, info -> share (0-1) of the sub-item a defect costs at full extent
    cutoffs : grade -> lowest score (0-100)
    classes : first year it holds -> class of indicators -> severity of its absence
    gates : conditions that cap the grade, each with code, severity, share of rows, cap and reason
    full_share : share of rows (0-1] at which a row defect costs its full points
    verified : whether the points were checked against an official copy
    """

    name: str
    title: str
    verified: bool
    full_share: float
    criteria: Mapping[str, float]
    severity: Mapping[str, float]
    cutoffs: Mapping[str, float]
    classes: Mapping[int, Mapping[str, str]]
    gates: tuple[Mapping[str, Any], ...]

    @classmethod
    def load(cls, name: str) -> Self:
        """Read a shipped profile by name, or one's own from a TOML file.

        Raises
        ------
        ConfigError
            there is no such profile, a key of it is unknown or missing, or has a value it cannot have

        Examples
        --------
        >>> Profile.load("default").visible
        60.0
        """
        if name.endswith(".toml"):
            return cls.of(read_toml(Path(name)), name)
        try:
            content, where = lexicon.text(f"profile_{name}.toml"), f"量表 {name}"
        except LexiconError:
            raise ConfigError(
                f"没有量表 {name}{nearest(name, profiles())}；可用：{'、'.join(profiles())}，或 .toml 文件"
            ) from None
        return cls.of(parse_toml(content, where), where)

    @classmethod
    def of(cls, data: Mapping[str, Any], where: str) -> Self:
        """Return the rubric that plain values hold; ``where`` says in errors where they stand.

        A rubric with ``extends = "default"`` names only what differs; a table it names replaces the parent's table.

        Raises
        ------
        ConfigError
            a key is unknown or missing, or has a value it cannot have

        Examples
        --------
        >>> Profile.of({"extends": "default", "name": "本市", "full_share": 0.5}, "own.toml").full_share
        0.5
        """
        if "extends" in data:
            own = {key: value for key, value in data.items() if key != "extends"}
            try:
                parent = cls.load(_text(data["extends"], f"{where}：extends"))
            except RecursionError:
                raise ConfigError(f"{where}：extends 绕了一圈又回到自己；应为另一份量表的名称或文件") from None
            data = {f.name: getattr(parent, f.name) for f in fields(cls)} | own
        profile = cls(**_checked(data, _CHECKS, where))
        if not profile.full_share or not profile.visible:
            raise ConfigError(f"{where}：full_share 和 criteria 的分值之和应大于 0")
        if list(profile.cutoffs.values()) != sorted(profile.cutoffs.values(), reverse=True):
            raise ConfigError(f"{where}：cutoffs 是 {dict(profile.cutoffs)}；各等级的最低分应从优到中由高到低")
        return profile

    @property
    def visible(self) -> float:
        """可评分值: how many of the official 100 points a table can show."""
        return float(sum(self.criteria.values()))

    def classes_for(self, year: int | None) -> Mapping[str, str]:
        """Return the classes of indicators asked for in a year; without a year, the oldest rules (the mildest)."""
        first, *later = self.classes
        chosen = first
        for begins in later:
            if year is not None and year >= begins:
                chosen = begins
        return self.classes[chosen]

    def to_dict(self) -> dict[str, Any]:
        """Return the rubric as plain values, as a TOML file of one's own holds them."""
        data = {f.name: getattr(self, f.name) for f in fields(self)}
        return {**data, "classes": {str(year): table for year, table in self.classes.items()}}


Check = Callable[[Any, str], Any]
"""Takes a value and where it stands; returns it as it is kept, or raises ConfigError."""


def _wrong(where: str, found: Any, expected: str) -> ConfigError:
    return ConfigError(f"{where} 是 {found!r}，应为{expected}")


def _checked(given: Any, checks: Mapping[str, Check], where: str, complete: bool = True) -> dict[str, Any]:
    """Return a table of these keys, all of them unless some may be left out, in this order, each with its value checked."""
    if not isinstance(given, Mapping):
        raise _wrong(where, given, "表")
    for name in given:
        if name not in checks:
            raise ConfigError(f"{where}：没有设置 {name}{nearest(str(name), checks)}；可用：{'、'.join(checks)}")
    if complete and (missing := [name for name in checks if name not in given]):
        raise ConfigError(f"{where} 缺少 {'、'.join(missing)}；应写全 {'、'.join(checks)}")
    return {name: checks[name](given[name], f"{where}：{name}") for name in checks if name in given}


def _text(given: Any, where: str) -> str:
    if not isinstance(given, str) or not given.strip():
        raise _wrong(where, given, "不空的文字")
    return given


def _flag(given: Any, where: str) -> bool:
    if not isinstance(given, bool):
        raise _wrong(where, given, " true 或 false")
    return given


def _up_to(most: int) -> Check:
    def check(given: Any, where: str) -> float:
        if isinstance(given, bool) or not isinstance(given, (int, float)) or not 0 <= given <= most:
            raise _wrong(where, given, f" 0 到 {most} 的数")
        return given

    return check


def _one_of(names: Iterable[str]) -> Check:
    def check(given: Any, where: str) -> str:
        if not isinstance(given, str) or given not in names:
            raise _wrong(where, given, f" {'、'.join(names)} 之一{nearest(str(given), names)}")
        return given

    return check


def _table(names: Iterable[str], check: Check) -> Check:
    return lambda given, where: _checked(given, dict.fromkeys(names, check), where)


def _classes(given: Any, where: str) -> dict[int, dict[str, str]]:
    """Check which classes are asked for from a year on; not all need be."""
    if not isinstance(given, Mapping) or not given:
        raise _wrong(where, given, "按年份的表，如 [classes.2021]，至少一个年份")
    for year in given:
        if not re.fullmatch("(19|20)[0-9]{2}", str(year)):
            raise _wrong(f"{where} 的年份", year, "四位数字，如 2021")
    checks = dict.fromkeys(CLASSES, _one_of(SEVERITIES))
    return {
        int(year): _checked(table, checks, f"{where}：{year}", complete=False)
        for year, table in sorted(given.items(), key=lambda item: int(item[0]))
    }


def _gates(given: Any, where: str) -> tuple[dict[str, Any], ...]:
    if not isinstance(given, (list, tuple)):
        raise _wrong(where, given, "列表（[[gates]]）")
    return tuple(_checked(gate, _GATE, f"{where} 第 {place} 条") for place, gate in enumerate(given, 1))


_GATE: Mapping[str, Check] = {
    "code": _text,
    "severity": _one_of(SEVERITIES),
    "share": _up_to(1),
    "cap": _one_of(GRADES),
    "reason": _text,
}
_CHECKS: Mapping[str, Check] = {
    "name": _text,
    "title": _text,
    "verified": _flag,
    "full_share": _up_to(1),
    "criteria": _table(CRITERIA, _up_to(100)),
    "severity": _table(SEVERITIES, _up_to(1)),
    "cutoffs": _table(GRADES[:-1], _up_to(100)),
    "classes": _classes,
    "gates": _gates,
}
