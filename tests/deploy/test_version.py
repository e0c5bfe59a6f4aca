"""The version is the tag: in a clone, an archive of git, a source package, and where nothing tells it."""

from __future__ import annotations

import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
AS = (
    "-c",
    "user.name=A",
    "-c",
    "user.email=a@example.invalid",
    "-c",
    "commit.gpgsign=false",
    "-c",
    "tag.gpgsign=false",
)


def _git(where: Path, *arguments: str) -> None:
    subprocess.run(["git", *AS, *arguments], cwd=where, check=True, capture_output=True, timeout=60)


def _hatchling(where: Path, *arguments: str, **told: str) -> str:
    command = [sys.executable, "-m", "hatchling", *arguments]
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(where), **told}
    done = subprocess.run(
        command, cwd=where, env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout.strip()


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone with one commit, of what says the version here."""
    where = tmp_path / "clone"
    (where / "bot").mkdir(parents=True)
    (where / "adapters").mkdir()
    (where / "docs" / "admin").mkdir(parents=True)
    for name in ("pyproject.toml", ".gitattributes", ".git_archival.txt", "README.md", "LICENSE"):
        (where / name).write_bytes((ROOT / name).read_bytes())
    for name in ("bot/__init__.py", "adapters/__init__.py", "config.example.toml", "docs/admin/apply.md"):
        (where / name).touch()
    _git(where, "init", "--quiet")
    _git(where, "add", ".")
    _git(where, "commit", "--quiet", "-m", "All of it")
    return where


def test_a_clone_without_tags_is_before_every_release(clone: Path) -> None:
    version = Version(_hatchling(clone, "version"))
    assert version.is_devrelease and version < Version("0.1")
    assert version.local is not None and version.local.startswith("g")


def test_a_tag_is_the_version_and_what_comes_later_is_on_its_way_to_the_next(clone: Path) -> None:
    _git(clone, "tag", "-a", "v9.8.7", "-m", "9.8.7")
    assert _hatchling(clone, "version") == "9.8.7"
    (clone / "bot" / "more.py").touch()
    _git(clone, "add", ".")
    _git(clone, "commit", "--quiet", "-m", "More")
    assert Version(_hatchling(clone, "version")).base_version == "9.8.8"
    assert Version("9.8.7") < Version(_hatchling(clone, "version")) < Version("9.8.8")


def test_what_git_archives_and_a_source_package_say_the_tag_without_git(clone: Path, tmp_path: Path) -> None:
    _git(clone, "tag", "-a", "v9.8.7", "-m", "9.8.7")
    _git(clone, "archive", "--prefix=archived/", "-o", str(tmp_path / "archived.tar"), "HEAD")
    _hatchling(clone, "build", "-t", "sdist", "-d", str(tmp_path))
    for name in ("archived.tar", "xquik_bot-9.8.7.tar.gz"):
        with tarfile.open(tmp_path / name) as archive:
            archive.extractall(tmp_path, filter="data")
    assert _hatchling(tmp_path / "archived", "version") == "9.8.7"
    assert _hatchling(tmp_path / "xquik_bot-9.8.7", "version") == "9.8.7"


def test_where_nothing_tells_it_the_package_can_be_made_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    assert _hatchling(tmp_path, "version") == "0.0.0"
    assert _hatchling(tmp_path, "version", SETUPTOOLS_SCM_PRETEND_VERSION="") == "0.0.0"
    assert _hatchling(tmp_path, "version", SETUPTOOLS_SCM_PRETEND_VERSION="1.2.3") == "1.2.3"
