"""The settings of a corpus: what counts as alike and as common."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from numbers import Integral
from typing import Any

from perfscore.errors import ConfigError
from perfscore.suggest import nearest

__all__ = ["Settings", "settings_of", "share"]


@dataclass(frozen=True, slots=True)
class Settings:
    """What counts as alike and as common.

    Parameters
    ----------
    near : similarity (0-1, numbers masked) from which two tables are nearly equal
    min_rows : comparable rows a table needs before it can be nearly equal to another
    min_characters : characters that names and descriptions of a shorter table need before an equal one is a copy
    phrase : characters in a phrase
    phrase_lower, phrase_upper : share of the projects of a year (0-1) from which a phrase is boilerplate, and from which
        it is mandated wording and left out
    phrase_projects : projects a phrase needs at least
    """

    near: float = 0.7
    min_rows: int = 3
    min_characters: int = 20
    phrase: int = 4
    phrase_lower: float = 0.3
    phrase_upper: float = 0.75
    phrase_projects: int = 3

    def __post_init__(self) -> None:
        for name in ("near", "phrase_lower", "phrase_upper"):
            object.__setattr__(self, name, share(name, getattr(self, name)))
        for name, least in (("min_rows", 1), ("min_characters", 0), ("phrase", 1), ("phrase_projects", 0)):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, Integral) or value < least:
                raise ConfigError(f"设置 {name} 应为不小于 {least} 的整数，得到 {value!r}")
        if self.phrase_lower > self.phrase_upper:
            raise ConfigError(f"设置 phrase_lower（{self.phrase_lower}）应不大于 phrase_upper（{self.phrase_upper}）")

    def unlike(self, other: "Settings") -> str:
        """Say in what the settings of two corpora differ.

        Examples
        --------
        >>> Settings(near=0.8).unlike(Settings())
        'near 0.8 / 0.7'
        """
        pairs = [(field.name, getattr(self, field.name), getattr(other, field.name)) for field in fields(self)]
        return "，".join(f"{name} {one} / {two}" for name, one, two in pairs if one != two)


def share(name: str, value: Any) -> float:
    """Return a setting that is a share.

    Raises
    ------
    ConfigError
        it is none, or not above 0 and up to 1
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 1:
        raise ConfigError(f"设置 {name} 应大于 0、不超过 1，得到 {value!r}")
    return float(value)


def settings_of(given: Mapping[str, Any]) -> Settings:
    """Make settings of what is given by name.

    Raises
    ------
    ConfigError
        a name is unknown or a value out of range
    """
    known = {field.name for field in fields(Settings)}
    for name in given:
        if name not in known:
            raise ConfigError(f"语料没有设置 {name}{nearest(name, sorted(known))}；可用：{'、'.join(sorted(known))}")
    return Settings(**given)
