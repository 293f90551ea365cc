"""Hold the project itself to its word: reasons, locks, sizes, docstrings, the wheel, and the rules of the test run."""

from __future__ import annotations

import ast
import os
import re
import socket
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from hypothesis import settings

from tests.kit.no_network import NetworkRefused, is_local

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted((ROOT / "bot").rglob("*.py"))
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
LINES_AT_MOST, LINES_AIM = 450, 300

# Places that exist on one machine only. Put together here, so that this file does not name them either.
MACHINE_PLACES = re.compile(r"(?<![\w./-])/(" + "work/|root/|home" + r"/\w|" + "opt/wheels)|" + r"\.\./" + "shared")
REGISTRIES = re.compile(
    "|".join([r"pypi\." + "org", "pythonhosted" + r"\.org", "registry\\." + "npmjs", "deb\\." + "debian"])
)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def project_files() -> list[Path]:
    """List what git keeps or would keep: neither environments nor caches nor builds."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, capture_output=True, check=True, text=True).stdout.split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def text_of(path: Path) -> str | None:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        return None


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    texts = {name_of(path): text_of(path) for path in project_files()}
    return {name: text for name, text in texts.items() if text is not None}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = folder.glob("*.whl")
    return path


# --- dependencies -----------------------------------------------------------------------------------------------------


def test_every_dependency_says_why_it_is_here() -> None:
    lines = (ROOT / "pyproject.toml").read_text("utf-8").splitlines()
    parsed = tomllib.loads("\n".join(lines))
    wanted = [*parsed["project"]["dependencies"], *parsed["dependency-groups"]["dev"]]
    bare = [w for w in wanted if not any(re.match(rf'\s*"{re.escape(w)}",\s+# \S+ \S+', line) for line in lines)]
    assert bare == []


def test_every_dependency_has_bounds() -> None:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    assert [w for w in wanted if not re.search(r">=|==", w)] == []


def test_there_are_three_locks() -> None:
    assert [path.name for path in LOCKS] == ["build.txt", "dev.txt", "run.txt"]


@pytest.mark.parametrize("lock", LOCKS, ids=name_of)
def test_a_lock_names_exact_versions_with_hashes_and_no_addresses(lock: Path) -> None:
    text = lock.read_text("utf-8")
    assert not re.search(r"://|--index-url|--find-links|file:|(?m:^-e )", text)
    entries = re.split(r"(?m)^(?=[a-zA-Z0-9])", text)[1:]
    assert entries
    assert [e.split()[0] for e in entries if not re.match(r"\S+==\S+ ", e) or "--hash=sha256:" not in e] == []


def test_the_locks_agree_and_cover_what_the_project_asks_for() -> None:
    pins = {lock.stem: dict(re.findall(r"(?m)^([\w.-]+)==(\S+)", lock.read_text("utf-8"))) for lock in LOCKS}
    for small in ("run", "build"):
        assert pins[small].items() <= pins["dev"].items(), f"{small}.txt differs from dev.txt: run `make lock`"
    parsed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    for lock, wanted in {"run": parsed["project"]["dependencies"], "dev": parsed["dependency-groups"]["dev"]}.items():
        names = {re.split(r"[\[<>=!~ ]", w)[0].lower().replace("_", "-") for w in wanted}
        assert names <= pins[lock].keys(), f"{lock}.txt is older than pyproject.toml: run `make lock`"


# --- files ------------------------------------------------------------------------------------------------------------


def test_no_file_names_a_place_on_somebodys_machine_or_a_registry(files: dict[str, str]) -> None:
    found = [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in files.items()
        for number, line in enumerate(text.splitlines(), 1)
        if MACHINE_PLACES.search(line) or REGISTRIES.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    "line", ["see /" + "work/notes", "../" + "shared/facts", "https://pypi." + "org/simple", "cd /home" + "/ada"]
)
def test_a_place_on_somebodys_machine_would_be_noticed(line: str) -> None:
    assert MACHINE_PLACES.search(line) or REGISTRIES.search(line)


COMPANY = re.compile(r"\b(meta_ai|facebook|instagram|whatsapp|threads\.(net|com)|meta\.com)\b", re.IGNORECASE)


def companies_in(source: str) -> list[int]:
    """List the lines whose code names a company; a docstring may, as an example."""
    tree = ast.parse(source)
    examples = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in examples
        if COMPANY.search(node.value)
    ]


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_nothing_in_bot_knows_a_company(module: Path) -> None:
    assert companies_in(module.read_text("utf-8")) == []


def test_a_company_in_the_code_would_be_noticed() -> None:
    assert companies_in('"""As in meta_ai."""\nHOST = "www.facebook.com"\n') == [2]


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_a_module_stays_one_thing(module: Path) -> None:
    assert len(module.read_text("utf-8").splitlines()) <= LINES_AT_MOST, f"{name_of(module)}: aim at {LINES_AIM} lines"


def test_most_modules_reach_the_aim() -> None:
    long = [name_of(m) for m in MODULES if len(m.read_text("utf-8").splitlines()) > LINES_AIM]
    assert len(long) * 10 <= len(MODULES), f"more than a tenth of the modules is over {LINES_AIM} lines: {long}"


@pytest.mark.parametrize("module", [m for m in MODULES if not m.name.startswith("_")], ids=name_of)
def test_a_module_says_in_a_sentence_what_it_is_for(module: Path) -> None:
    said = ast.get_docstring(ast.parse(module.read_text("utf-8")))
    assert said, f"{name_of(module)} has no docstring"
    first = said.splitlines()[0]
    assert first.endswith("."), f"{name_of(module)}: the first line ends without a period: {first!r}"


def test_every_folder_with_code_is_a_package() -> None:
    folders = {module.parent for module in MODULES}
    assert [name_of(folder) for folder in sorted(folders) if not (folder / "__init__.py").is_file()] == []


# --- the wheel --------------------------------------------------------------------------------------------------------


def test_the_wheel_carries_every_dialog_and_every_translation(wheel: Path, files: dict[str, str]) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    content = {name for name in files if name.startswith(("dialogs/", "locales/"))}
    assert any(name.startswith("dialogs/") for name in content)
    assert any(name.startswith("locales/") for name in content)
    assert {f"bot/_content/{name}" for name in content} <= inside
    assert "bot/py.typed" in inside


def test_an_unpacked_wheel_talks_from_another_folder(wheel: Path, tmp_path: Path) -> None:
    site, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    zipfile.ZipFile(wheel).extractall(site)
    elsewhere.mkdir()
    environment = {**os.environ, "PYTHONPATH": str(site)}
    where = [sys.executable, "-c", "import bot; print(bot.__file__)"]
    found = subprocess.run(where, cwd=elsewhere, env=environment, capture_output=True, text=True, check=True)
    assert Path(found.stdout.strip()).is_relative_to(site)
    chat = [sys.executable, "-m", "bot", "chat", "--plain", "--lang", "en"]
    talk = subprocess.run(chat, cwd=elsewhere, env=environment, input="", capture_output=True, text=True, check=False)
    assert talk.returncode == 0, talk.stderr
    assert talk.stdout.strip()
    assert talk.stderr == ""
    assert list(elsewhere.iterdir()) == []


# --- the test run -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "10.0.0.1", "169.254.169.254", "::ffff:192.0.2.1"])
def test_a_test_cannot_leave_this_machine(host: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as stream:
        with pytest.raises(NetworkRefused, match="stay on this machine"):
            stream.connect((host, 9))
        with pytest.raises(NetworkRefused, match="stay on this machine"):
            stream.connect_ex((host, 9))
    datagram = socket.socket(family, socket.SOCK_DGRAM)
    with datagram, pytest.raises(NetworkRefused, match="stay on this machine"):
        datagram.sendto(b"x", (host, 9))


@pytest.mark.parametrize("host", ["example.org", b"example.org", "localhost.example.org"])
def test_a_test_cannot_look_a_name_up(host: str | bytes) -> None:
    with pytest.raises(NetworkRefused, match="stay on this machine"):
        socket.getaddrinfo(host, 443)


def test_a_test_may_talk_to_itself() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(("localhost", server.getsockname()[1]), timeout=5) as client,
    ):
        assert client.getpeername() == server.getsockname()


@pytest.mark.parametrize(
    ("host", "local"),
    [
        *(
            (host, True)
            for host in ("localhost.", "a.localhost", None, "::1", "127.9.9.9", "0.0.0.0", "::ffff:127.0.0.1")
        ),
        *((host, False) for host in ("127.0.0.1.nip.io", "8.8.8.8", "my-localhost")),
    ],
)
def test_a_loopback_address_is_known_in_every_spelling(host: str | None, local: bool) -> None:
    assert is_local(host) is local


SKIPPING = """
import pytest

def test_that_skips():
    pytest.skip("no such tool")

@pytest.mark.skipif(True, reason="not today")
def test_that_is_skipped():
    pass

@pytest.mark.xfail(reason="known")
def test_that_is_known_to_fail():
    assert False
"""


@pytest.mark.parametrize(
    ("ci", "code", "summary"),
    [("1", 1, "1 failed, 1 xfailed, 1 error"), ("0", 0, "2 skipped, 1 xfailed")],
    ids=["ci", "home"],
)
def test_a_skip_is_a_failure_in_continuous_integration(tmp_path: Path, ci: str, code: int, summary: str) -> None:
    (tmp_path / "test_inner.py").write_text(SKIPPING, "utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", "utf-8")
    assert summary in _run_inner(tmp_path, ci, code)


def test_a_whole_module_that_skips_itself_is_a_failure_in_continuous_integration(tmp_path: Path) -> None:
    (tmp_path / "test_inner.py").write_text("import pytest\npytest.importorskip('no_such_module')\n", "utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", "utf-8")
    assert "every test has to run" in _run_inner(tmp_path, "1", 2)


def _run_inner(folder: Path, ci: str, code: int) -> str:
    command = [sys.executable, "-m", "pytest", "-p", "tests.kit.no_skips", "-p", "no:randomly", "-q", str(folder)]
    environment = {**os.environ, "OPTOUT_CI": ci, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == code, run.stdout + run.stderr
    return run.stdout


def test_property_tests_are_held_to_no_time_and_repeat_in_continuous_integration() -> None:
    assert settings().deadline is None
    assert settings().max_examples == 50
    assert settings().derandomize is (os.environ.get("OPTOUT_CI") == "1")
