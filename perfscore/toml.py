"""Settings files: TOML in and out."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from perfscore.errors import ConfigError, why
from perfscore.suggest import nearest

__all__ = ["parse_toml", "read_toml", "reject_unknown", "to_toml"]


def read_toml(path: Path) -> dict[str, Any]:
    """Read a settings file.

    Raises
    ------
    ConfigError
        it cannot be read, or is no TOML
    """
    try:
        content = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"不能读取设置文件 {path}：{why(error)}；应为 UTF-8 编码的 TOML 文件") from error
    return parse_toml(content, str(path))


def parse_toml(content: str, where: str) -> dict[str, Any]:
    """Return what a text holds; ``where`` says in errors where it stands."""
    try:
        return tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+), column (\d+)", str(error))
        at = f"第 {found[1]} 行第 {found[2]} 个字符处" if found else "文件末尾"
        raise ConfigError(f"{where} 不是合法的 TOML：{at}读不下去；请核对那里的等号、引号和括号") from error


def reject_unknown(given: Mapping[str, Any], known: set[str], where: str) -> None:
    """Refuse a key that nothing reads; ``where`` says in the error where it stands.

    Raises
    ------
    ConfigError
        a key is unknown; the message names the nearest known one
    """
    for name in given:
        if name not in known:
            hint = nearest(name, sorted(known)) or f"；可用：{'、'.join(sorted(known))}"
            raise ConfigError(f"{where}：没有设置 {name}{hint}")


def to_toml(table: Mapping[str, Any]) -> str:
    """Return nested plain values as TOML; what is ``None`` is left out.

    Examples
    --------
    >>> print(to_toml({"near": 0.7, "ignore": {"PS402": "年初已议定"}}))
    near = 0.7
    <BLANKLINE>
    [ignore]
    PS402 = "年初已议定"
    """
    return "\n".join(_toml_lines(table))


def _toml_lines(table: Mapping[str, Any], path: str = "") -> Iterator[str]:
    """Yield the lines of a table: plain values first, then tables and lists of tables."""
    below: list[tuple[str, str, Mapping[str, Any]]] = []
    for name, value in table.items():
        key = name if name.isascii() and name.replace("_", "").isalnum() else _toml_value(name)
        if isinstance(value, Mapping):
            below.append((f"[{path}{key}]", f"{path}{key}.", value))
        elif isinstance(value, Sequence) and value and isinstance(value[0], Mapping):
            below += [(f"[[{path}{key}]]", f"{path}{key}.", item) for item in value]
        elif value is not None:
            yield f"{key} = {_toml_value(value)}"
    for header, inner_path, inner in below:
        yield from ("", header, *_toml_lines(inner, inner_path))


def _toml_value(value: Any) -> str:
    """JSON is TOML but for the character 127."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
