"""Settings: one frozen ``Config``, whose defaults stand here and nowhere else, and the rubric profile it names."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from perfscore.errors import ConfigError
from perfscore.profile import DEFAULT_PROFILE, Profile, profiles
from perfscore.toml import read_toml, reject_unknown

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Accept", "Config"]


@dataclass(frozen=True, slots=True)
class Accept:
    """Findings a reviewer accepts: they are listed with the reason and cost nothing. What is left empty matches all.

    Parameters
    ----------
    reason : why; it is printed
    code : rule code, or family (``PS2``)
    project : name, code or id of a project; ``code`` or ``project`` must be given
    doc : file name
    row : number of the row in the project, or name of its indicator
    """

    reason: str
    code: str = ""
    project: str = ""
    doc: str = ""
    row: int | str = ""

    def __post_init__(self) -> None:
        for f in fields(self):
            value = getattr(self, f.name)
            if isinstance(value, bool) or not isinstance(value, (int, str) if f.name == "row" else str):
                raise ConfigError(
                    f"{self}：{f.name} 的值 {value!r} 类型不对，应为文字{'或行号' if f.name == 'row' else ''}"
                )
        if not self.reason.strip():
            raise ConfigError(f"{self} 没有写理由；请补上 reason")
        if not (self.code or self.project):
            raise ConfigError(f"{self} 范围太大；code（规则）和 project（项目）至少写一个")

    def __str__(self) -> str:
        return f"accept（{'，'.join(f'{name}={value}' for name, value in self.to_dict().items())}）"

    @classmethod
    def of(cls, given: Any) -> Self:
        """Return an entry from what a settings file holds.

        Raises
        ------
        ConfigError
            it is no table, a key is unknown, the reason is missing, or it names neither a rule nor a project
        """
        if isinstance(given, cls):
            return given
        if not isinstance(given, Mapping):
            raise ConfigError(f"设置 accept 的每一条应为表（[[accept]]），得到 {given!r}")
        reject_unknown(given, {f.name for f in fields(cls)}, "accept")
        return cls(**{"reason": "", **given})

    def to_dict(self) -> dict[str, Any]:
        """Return what is given, as a settings file holds it."""
        return {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name) != ""}


@dataclass(frozen=True, slots=True)
class Config:
    """All settings of a run.

    Parameters
    ----------
    profile : rubric profile, or the name, the TOML file or the plain values of one
    select : codes or families (``PS2``) to run; empty runs all
    ignore : code or family -> reason, left out of the run; the reason is printed
    severity : code -> severity, in place of the rule's own
    accept : findings taken out of the score, each with its reason (``Accept``, or a mapping of the same keys)
    baseline : file of an earlier ``Scorecard.to_baseline``; findings are then marked as new or known
    lexicons : folder of own word lists, laid over the shipped ones
    examples : how many well-set indicators of other projects an advice may cite, 0 for none
    embedder : distinct names -> one vector each (``n x d``), in place of the built-in ones when examples are chosen; not
        for settings files
    uniform_min_rows : rows a table must have before one value everywhere is a finding
    uniform_share, uniform_critical : share of rows (0-1) with one value that is a major, a critical finding
    budget_tolerance : how far (0-1) a cost may exceed the budget
    default_share, default_projects : share of all rows (0-1) and number of projects that make a value a default
    near : similarity (0-1, numbers masked) from which two tables are nearly equal
    min_assessable : share of rows (0-1) that must be readable for a grade

    Raises
    ------
    ConfigError
        a setting has the wrong type or a value it cannot have, or there is no such profile

    Examples
    --------
    >>> Config(profile="strict").profile.name, Config().replace(uniform_share=0.7).uniform_share
    ('strict', 0.7)
    """

    profile: Profile = field(default_factory=lambda: Profile.load(DEFAULT_PROFILE))
    select: tuple[str, ...] = ()
    ignore: Mapping[str, str] = field(default_factory=dict)
    severity: Mapping[str, str] = field(default_factory=dict)
    accept: tuple[Accept, ...] = ()
    baseline: str | None = None
    lexicons: str | None = None
    examples: int = 2
    embedder: "Callable[[list[str]], np.ndarray] | None" = None
    uniform_min_rows: int = 5
    uniform_share: float = 0.6
    uniform_critical: float = 0.9
    budget_tolerance: float = 0.05
    default_share: float = 0.3
    default_projects: int = 5
    near: float = 0.7
    min_assessable: float = 0.5

    def __post_init__(self) -> None:
        given: dict[str, Any] = {"profile": _profile(self.profile)}
        for name in ("select", "accept"):
            value = getattr(self, name)
            given[name] = tuple(value) if isinstance(value, list) else value
        for f in fields(self):
            if f.name != "profile":
                default = f.default_factory() if callable(f.default_factory) else f.default
                _check_type(f.name, given.get(f.name, getattr(self, f.name)), default)
        given["accept"] = tuple(map(Accept.of, given["accept"]))
        for name, value in given.items():
            object.__setattr__(self, name, value)

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read settings from a TOML file; what it does not name keeps its default.

        Raises
        ------
        ConfigError
            the file cannot be read, a key is unknown (the message names the nearest one), or a value has the wrong type
        """
        settings = read_toml(Path(path))
        reject_unknown(settings, {f.name for f in fields(cls)}, f"设置文件 {path}")
        return cls().replace(**settings)

    def replace(self, **settings: Any) -> Self:
        """Return a copy with some settings changed; ``profile`` may be a name, a file or the plain values of a rubric.

        Raises
        ------
        ConfigError
            a setting is unknown or has the wrong type
        """
        reject_unknown(settings, {f.name for f in fields(self)}, "设置")
        return replace(self, **settings)

    def to_dict(self) -> dict[str, Any]:
        """Return the settings as plain values, the profile written out in full; an ``embedder`` is none and left out."""
        plain = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "embedder"}
        return plain | {"profile": self.profile.to_dict(), "accept": [entry.to_dict() for entry in self.accept]}


def _profile(given: Any) -> Profile:
    if isinstance(given, str):
        return Profile.load(given)
    if isinstance(given, Mapping):
        return Profile.of(given, "设置 profile")
    if not isinstance(given, Profile):
        raise ConfigError(
            f"设置 profile 应为量表的名称、.toml 文件或内容，得到 {given!r}；可用：{'、'.join(profiles())}"
        )
    return given


def _all_texts(value: "tuple[Any, ...] | dict[Any, Any]") -> bool:
    items = chain(*value.items()) if isinstance(value, dict) else value
    return all(isinstance(item, str) for item in items)


_NAMES = {int: "整数", float: " 0 到 1 的数", tuple: '列表，如 ["PS1"]', dict: '表，如 {"PS102": "…"}'}


def _check_type(name: str, value: Any, default: Any) -> None:
    if name in ("lexicons", "baseline"):
        if value is not None and not isinstance(value, str):
            raise ConfigError(f"设置 {name} 应为路径，得到 {value!r}")
    elif name == "embedder":
        if value is not None and not callable(value):
            raise ConfigError(f"设置 {name} 应为函数，只能在 Python 中给出，得到 {value!r}")
    elif type(default) in _NAMES:
        expected = (int, float) if isinstance(default, float) else type(default)
        if not isinstance(value, expected) or isinstance(value, bool):
            raise ConfigError(f"设置 {name} 应为{_NAMES[type(default)]}，得到 {value!r}")
        if name != "accept" and isinstance(value, tuple | dict) and not _all_texts(value):
            raise ConfigError(f"设置 {name} 应为{_NAMES[type(default)]}，其中都是文字，得到 {value!r}")
        if isinstance(default, float) and not 0 <= value <= 1:
            raise ConfigError(f"设置 {name} 应在 0 与 1 之间，得到 {value!r}")
        if isinstance(default, int) and value < 0:
            raise ConfigError(f"设置 {name} 不能小于 0，得到 {value!r}")
