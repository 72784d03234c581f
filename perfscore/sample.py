"""The bundled sample: the targets of a fictional county, from exemplary to empty words."""

from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

from perfscore.targets import Targets, read

__all__ = ["load_sample"]


def load_sample() -> Targets:
    """Read the bundled documents: 22 projects of five departments of 青岚县, a county that does not exist.

    They come as Word, Excel and text, run from exemplary to bad, and show every family of finding. All sentences were
    written for this project.

    Examples
    --------
    >>> len(load_sample().projects)
    22
    """
    with TemporaryDirectory() as folder:  # copied out, since the package may be imported from a zip file
        for document in files("perfscore").joinpath("samples").iterdir():
            Path(folder, document.name).write_bytes(document.read_bytes())
        return read(folder)
