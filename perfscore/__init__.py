"""Score the quality of Chinese budget performance-target tables (项目绩效目标表), offline and with the evidence.

``score(read(path))`` is the whole job; ``load_sample()`` gives something to try it on.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from perfscore.config import Config
    from perfscore.corpus import Corpus
    from perfscore.engine import score
    from perfscore.rules.registry import explain
    from perfscore.sample import load_sample
    from perfscore.scorecard import Scorecard
    from perfscore.targets import Targets, read

__all__ = ["Config", "Corpus", "Scorecard", "Targets", "__version__", "explain", "load_sample", "read", "score"]

__version__ = "0.1.0"

# A name is imported when first asked for, so that ``perfscore --help`` does not wait for pandas.
_HOMES = {
    "Config": "config",
    "Corpus": "corpus",
    "Scorecard": "scorecard",
    "Targets": "targets",
    "explain": "rules.registry",
    "load_sample": "sample",
    "read": "targets",
    "score": "engine",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
