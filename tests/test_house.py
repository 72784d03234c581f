"""What keeps the house in order: layers, pinned names and columns, word lists with headers, a complete wheel."""

import ast
import importlib
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import perfscore
from perfscore import lexicon, profile, schema

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "perfscore"
LEXICONS = ROOT / "lexicons"

# From the ground up; a module imports from its own layer or a lower one, and nothing in a circle.
LAYERS = (
    (
        "columnar",
        "errors",
        "official",
        "schema",
        "suggest",
        "numerals",
        "dates",
        "toml",
        "dictionary",
        "threads",
        "similar",
        "wordsearch",
        "wordtree",
        "unknown",
        "cutting",
    ),
    ("config", "lexicon", "list_form", "profile"),
    (
        "text",
        "grammar",
        "values",
        "scan",
        "quantity",
        "texts",
        "overlap",
        "signatures",
        "names",
        "vocabulary",
        "wording",
    ),
    (
        "readers",
        "stamps",
        "results",
        "headers",
        "columns",
        "levels",
        "titles",
        "head_cells",
        "heads",
        "cuts",
        "likelihood",
        "cells",
        "rows",
        "several",
        "layout",
        "flow",
        "pages",
        "abreast",
        "projects",
        "reprinted",
        "reading",
        "body",
        "project_keys",
        "exports",
        "rowfiles",
        "extracts",
        "tables",
    ),
    ("records", "targets", "shuffle", "distinct", "enriching"),
    (
        "content",
        "identity",
        "forms",
        "copies",
        "differences",
        "frequency",
        "grouping",
        "learning",
        "ledger",
        "near",
        "neighbours",
        "project_names",
        "places",
        "merging",
        "storage",
        "thresholds",
        "corpus",
        "common",
        "peers",
    ),
    ("rules", "rulebook", "proposals", "cases", "advice", "exemplars"),
    ("labels", "agreement", "evaluation", "calibration", "acceptance", "baseline", "grading", "scorecard", "reporting"),
    ("findings", "verdicts", "judging", "rowbook"),
    ("engine", "ready", "stages", "clusters", "workers", "scale"),
    ("sample",),
    ("__init__", "arguments", "inputs", "bulk", "corpora", "commands", "cli", "__main__"),
)
RANK = {room: rank for rank, layer in enumerate(LAYERS) for room in layer}

PUBLIC = ["Config", "Corpus", "Scorecard", "Targets", "__version__", "explain", "load_sample", "read", "score"]

PROJECTS = (
    "doc project_no project_id project_name project_code agency agency_code division year budget fiscal other purpose "
    "goal plan place n_rows"
)
COLUMNS = {
    "PROJECTS": PROJECTS,
    "INDICATORS": (
        "doc project_no project_id row_no level1 level2 name description value basis weight actual period place"
    ),
    "FINDINGS": (
        "project_id row_no code defect severity field start end evidence message advice points peer opinion new"
    ),
    "GRADES": (
        f"{PROJECTS} rank score grade lost_completeness lost_relevance lost_appropriateness lost_feasibility visible "
        "assessable gates reason n_findings"
    ),
    "COPIES": "group project_id size representative similarity similarity_masked kind scope difference",
    "UNREAD": "doc place reason advice",
}


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


MODULES = {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}
SOURCES = {name: path.read_text("utf-8") for name, path in MODULES.items()}


@cache
def imports(source: str) -> tuple[str, ...]:
    """The modules of the package that a source imports when it runs, here or inside a function."""
    return tuple(_imports(source))


def _imports(source: str) -> Iterator[str]:
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            node.body = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("perfscore."))
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "perfscore":
            for alias in node.names:
                if f"{node.module}.{alias.name}" in MODULES or f"{node.module}.{alias.name}.__init__" in MODULES:
                    yield f"{node.module}.{alias.name}"
                elif node.module != "perfscore":
                    yield str(node.module)
                elif alias.name != "__version__":
                    yield "perfscore.__init__"


def rank(module: str) -> int:
    return RANK[module.split(".")[1]]


def upward(module: str, source: str) -> list[str]:
    return [f"{module} -> {name}" for name in imports(source) if rank(name) > rank(module)]


def test_every_room_has_its_layer():
    rooms = {name.split(".")[1] for name in MODULES}
    assert sorted(rooms) == sorted(RANK), "LAYERS names other modules than there are"


@pytest.mark.parametrize("module", MODULES)
def test_imports_point_down(module):
    assert upward(module, SOURCES[module]) == []


def test_an_upward_import_is_caught():
    assert upward("perfscore.lexicon", "def late():\n    from perfscore.grading import grade") == [
        "perfscore.lexicon -> perfscore.grading"
    ]
    assert upward("perfscore.schema", "from perfscore import score") == ["perfscore.schema -> perfscore.__init__"]
    assert upward("perfscore.schema", "if TYPE_CHECKING:\n    from perfscore.scorecard import Scorecard") == []


def test_no_import_runs_in_a_circle():
    graph = {}
    for module, source in SOURCES.items():
        names = (f"{name}.__init__" if f"{name}.__init__" in MODULES else name for name in imports(source))
        graph[module] = {name for name in names if name != module and name != "perfscore.rules.__init__"}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_exported_names_are_pinned():
    assert perfscore.__all__ == PUBLIC
    for name in PUBLIC:
        assert getattr(perfscore, name) is not None
        assert name in dir(perfscore)
    with pytest.raises(AttributeError, match="grade"):
        perfscore.grade  # noqa: B018


def test_no_public_name_hides_a_module():
    assert not {name.split(".")[1] for name in MODULES} & set(PUBLIC)


@pytest.mark.parametrize("table", COLUMNS)
def test_columns_are_pinned(table):
    assert list(getattr(schema, table)) == COLUMNS[table].split()
    assert all(column.doc for column in getattr(schema, table).values())


def test_importing_is_light_and_silent():
    code = (
        "import sys, perfscore, perfscore.cli; perfscore.cli.build_parser(); "
        "print(sorted({'pandas', 'numpy', 'jieba', 'sklearn', 'rich', 'openpyxl'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert done.stderr == ""


@pytest.mark.parametrize("path", sorted(LEXICONS.glob("*.tsv")), ids=lambda path: path.name)
def test_word_list_names_source_version_and_columns(path):
    head = lexicon.header(path.name)
    assert head.get("source")
    assert re.fullmatch(r"\d{4}-\d{2}", head.get("version", ""))
    entries = lexicon.table(path.name)
    assert entries, f"{path.name} is empty"
    rows = [tuple(entry.values()) for entry in entries]
    assert sorted({row for row in rows if rows.count(row) > 1}) == [], f"{path.name} says a line twice"


def test_no_word_list_is_left_unread():
    nodes = (node for source in SOURCES.values() for node in ast.walk(ast.parse(source)))
    read = {node.value for node in nodes if isinstance(node, ast.Constant)}
    read |= {f"profile_{name}.toml" for name in profile.profiles()}
    files = {path.name for path in LEXICONS.iterdir() if path.suffix in {".tsv", ".txt", ".toml"}}
    assert sorted(name for name in files if name not in read) == []


def test_the_package_list_names_every_folder():
    with (ROOT / "pyproject.toml").open("rb") as file:
        listed = tomllib.load(file)["tool"]["setuptools"]["packages"]
    found = {module.removesuffix(".__init__") for module in MODULES if module.endswith(".__init__")}
    assert sorted(listed) == sorted(found | {"perfscore.lexicons"})
    code = {str(path.parent.relative_to(ROOT)).replace("/", ".") for path in MODULES.values()}
    assert code == found, "a folder with code lacks __init__.py"


def test_every_dependency_has_its_reason():
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    wanted = [
        *project["dependencies"],
        *(name for extra in project["optional-dependencies"].values() for name in extra),
    ]
    table = (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("## Dependencies")[2]
    names = {re.split(r"[\[<>=~! ]", requirement)[0] for requirement in wanted}
    assert sorted(name for name in names if not re.search(rf"\b{re.escape(name)}\b", table)) == []


WRITTEN = {".css", ".html", ".ipynb", ".j2", ".js", ".md", ".py", ".toml", ".tsv", ".txt", "", ".yml"}


def own_texts() -> Iterator[tuple[str, str]]:
    """Yield the text files that people write, as (path in the checkout, text), without this one."""
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        made = any(part in {"build", "dist"} or (part.startswith(".") and part != ".ci") for part in parts)
        if path.is_file() and not made and path.suffix in WRITTEN and path != Path(__file__):
            yield "/".join(parts), path.read_text("utf-8")


def test_no_path_of_one_machine_and_nothing_left_to_do():
    wrong = re.compile(r"(?<![\w.$}*-])/(?:work|root|home|Users)/|\b[A-Z]:\\Users|\b(?:TODO|FIXME|HACK)\b")
    found = [f"{name}: {match.group()}" for name, text in own_texts() for match in wrong.finditer(text)]
    assert found == []
    assert wrong.search("open('/home/me/x')")
    assert wrong.search("# TODO later")


@pytest.mark.slow
def test_the_wheel_holds_everything_and_runs_from_a_zip(tmp_path):
    ignore = shutil.ignore_patterns(".*", "build", "dist", "*.egg-info", "__pycache__")
    source = shutil.copytree(ROOT, tmp_path / "source", ignore=ignore)
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(source)]
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert held == {
        path.relative_to(source).as_posix().replace("lexicons/", "perfscore/lexicons/", 1)
        for folder in ("perfscore", "lexicons")
        for path in (source / folder).rglob("*")
        if path.is_file()
    }
    code = (
        f"import sys; sys.path.insert(0, {str(wheel)!r}); import perfscore; assert '.whl' in perfscore.__file__; "
        "card = perfscore.score(perfscore.load_sample()); print(len(card.projects), perfscore.__version__)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path)
    assert done.stdout.split() == ["22", importlib.import_module("perfscore").__version__], done.stderr
