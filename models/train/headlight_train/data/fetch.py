"""Downloads the source packages and unpacks them into the work folder.

The registries are the ones the machine's own `apt-get`, `npm` and `pip` are set
up for; the recipe names packages and versions, never hosts.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .sources import PackageSource, Registry


@dataclass(frozen=True)
class Package:
    """One downloaded archive and where its files lie."""

    registry: Registry
    name: str
    version: str
    sha256: str
    folder: Path


def fetch(sources: Iterable[PackageSource], packages: Path) -> dict[str, Package]:
    """Fetches each package once and returns the packages by name.

    Raises FileNotFoundError when a package lacks the licence file its source names.
    """
    packages.mkdir(parents=True, exist_ok=True)
    fetched: dict[str, Package] = {}
    for source in sources:
        package = fetched.get(source.package)
        if package is None:
            package = _fetch_package(source, packages)
            fetched[source.package] = package
            print(f"{package.name} {package.version} sha256 {package.sha256}")
            if package.version != source.version:
                print(f"  note: the published model was trained on {source.version}")
        if not (package.folder / source.licence_file).is_file():
            raise FileNotFoundError(f"{package.name}: no licence text at {source.licence_file}")
    return fetched


def _fetch_package(source: PackageSource, packages: Path) -> Package:
    slug = source.package.strip("@").replace("/", "-")
    downloads = packages / f"{slug}.download"
    folder = packages / slug
    if not downloads.is_dir():
        partial = packages / f"{slug}.partial"
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir()
        if source.registry == "debian":
            _run(["apt-get", "download", source.package], cwd=partial)
        elif source.registry == "pypi":
            _run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps",
                  "--only-binary", ":all:", f"{source.package}=={source.version}"], cwd=partial)
        else:
            _run(["npm", "pack", "--silent", f"{source.package}@{source.version}"], cwd=partial)
        partial.rename(downloads)
    (archive,) = downloads.iterdir()
    if not folder.is_dir():
        partial = packages / f"{slug}.unpacking"
        shutil.rmtree(partial, ignore_errors=True)
        if source.registry == "debian":
            _run(["dpkg", "-x", str(archive), str(partial)], cwd=packages)
        elif source.registry == "pypi":
            with zipfile.ZipFile(archive) as wheel:
                wheel.extractall(partial)
        else:
            with tarfile.open(archive) as tar:
                tar.extractall(partial, filter="data")
        partial.rename(folder)
    return Package(
        registry=source.registry,
        name=source.package,
        version=_version(source, archive),
        sha256=hashlib.sha256(archive.read_bytes()).hexdigest(),
        folder=folder,
    )


def _version(source: PackageSource, archive: Path) -> str:
    if source.registry != "debian":
        return source.version
    return _run(["dpkg-deb", "--field", str(archive), "Version"], cwd=archive.parent).strip()


def _run(command: list[str], cwd: Path) -> str:
    return subprocess.run(command, cwd=cwd, check=True, stdout=subprocess.PIPE, text=True).stdout
