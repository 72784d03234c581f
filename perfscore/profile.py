"""Rubric profiles: what the score takes for what, read from a shipped TOML file or one's own."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Self

from perfscore import lexicon
from perfscore.errors import ConfigError, LexiconError
from perfscore.official import CRITERIA, GRADES, SEVERITIES
from perfscore.suggest import nearest
from perfscore.toml import parse_toml, read_toml, reject_unknown

__all__ = ["DEFAULT_PROFILE", "Profile", "profiles"]

DEFAULT_PROFILE = "default"
_GATE = {"code", "severity", "share", "cap", "reason"}


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
            there is no such profile, or a key of it is unknown or missing

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
        """
        if "extends" in data:
            own = {key: value for key, value in data.items() if key != "extends"}
            parent = cls.load(str(data["extends"]))
            data = {f.name: getattr(parent, f.name) for f in fields(cls)} | own
        known = {f.name for f in fields(cls)}
        reject_unknown(data, known, where)
        if missing := known - set(data):
            raise ConfigError(f"{where} 缺少 {'、'.join(sorted(missing))}")
        classes = {int(year): table for year, table in sorted(data["classes"].items(), key=lambda item: int(item[0]))}
        profile = cls(**{**data, "classes": classes, "gates": tuple(data["gates"])})
        profile._check(where)
        return profile

    def _check(self, where: str) -> None:
        names = {
            "审核项": (self.criteria, CRITERIA),
            "轻重": (self.severity, SEVERITIES),
            "等级": (self.cutoffs, GRADES[:-1]),
        }
        for kind, (given, known) in names.items():
            for name in given:
                if name not in known:
                    raise ConfigError(f"{where}：没有{kind} {name}{nearest(name, known)}；可用：{'、'.join(known)}")
        for table in self.classes.values():
            for name, severity in table.items():
                if severity not in self.severity:
                    raise ConfigError(f"{where}：{name}指标的轻重 {severity} 无效；可用：{'、'.join(self.severity)}")
        for gate in self.gates:
            if set(gate) != _GATE or gate["cap"] not in GRADES or gate["severity"] not in self.severity:
                raise ConfigError(
                    f"{where}：门槛 {dict(gate)} 不完整；应有 {'、'.join(sorted(_GATE))}，cap 为 {'、'.join(GRADES)}"
                )
        if not 0 < self.full_share <= 1 or self.visible <= 0:
            raise ConfigError(f"{where}：full_share 应大于 0、不超过 1，审核项分值之和应大于 0")
        if list(self.cutoffs.values()) != sorted(self.cutoffs.values(), reverse=True):
            raise ConfigError(f"{where}：等级的最低分应从高到低")

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
