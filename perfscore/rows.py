"""One indicator as a form prints it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from perfscore.headers import clean, label

__all__ = ["TEXTS", "Record"]

TEXTS = ("level1", "level2", "name", "description", "value", "basis")
_SLOT = re.compile(r"(?:三级)?指标\s*[\d一二三]*[:：]?|[.…·\s]*")


@dataclass
class Record:
    """One indicator as printed; ``None`` where the form has no such column."""

    level1: str | None = None
    level2: str | None = None
    name: str = ""
    description: str | None = None
    value: str = ""
    basis: str | None = None
    weight: float | None = None
    actual: str | None = None
    period: str | None = None
    place: str = ""
    project: dict[str, str] = field(default_factory=dict)
    is_torn: bool = False

    def cells(self) -> dict[str, Any]:
        """Return the record as a row of INDICATORS."""
        names = (*TEXTS, "weight", "actual", "period", "place")
        return {name: getattr(self, name) for name in names}

    def is_slot(self) -> bool:
        """Say whether the form left this row unfilled (a label and nothing else, or 指标1 without value)."""
        return bool(_SLOT.fullmatch(self.name)) and not (self.value or self.description or self.basis)

    def may_go_on(self, before: Sequence["Record"]) -> bool:
        """Say whether the first row of a page belongs to the project above, though other words stand beside it.

        A break tears a cell that is merged down; the name below it is blank, or the classes go on where they were. A
        name that is told by a code is no matter of words.
        """
        last = before[-1]
        if self.project.get("project_code") or self.project.get("project_id"):
            return False
        here, above = label(self.level1 or ""), label(last.level1 or "")
        same_class = bool(here and above and here.level1 == above.level1)
        return not self.project.get("project_name") or same_class

    def is_project_of_its_own(self, before: Sequence["Record"]) -> bool:
        """Say whether another project is named beside this row than beside the row above; fill it down if blank."""
        last = before[-1].project if before else {}
        same = all(
            not self.project.get(key) or clean(self.project[key]) == clean(last.get(key, ""))
            for key in ("project_id", "project_code", "project_name")
        )
        if same:
            self.project = {**last, **{key: value for key, value in self.project.items() if value}}
        return bool(before) and not same
