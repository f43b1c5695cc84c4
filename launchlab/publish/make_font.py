"""Make the book's type anew: ``python -m launchlab.publish.make_font``.

Source Serif 4 (Adobe, SIL Open Font License 1.1) comes in static styles from the npm package
@fontsource/source-serif-4. Of its Latin part the characters stay that English text and its numbers
are written with; what else a page may show, its reader's own fonts draw. The licence reserves the
name *Source* for Adobe's own files, so what is made here is called *Book Serif*. The style of
titles is written once more as TrueType, for `cards.py`: what draws pictures reads no WOFF2. It
needs npm, and ``pip install brotli``.
"""

from __future__ import annotations

import subprocess
import tarfile
import tempfile
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

PACKAGE = "@fontsource/source-serif-4@5.3.1"
FOLDER = Path(__file__).with_name("front")
STYLES = ("400-normal", "400-italic", "600-normal")
# ASCII, the letters of European names, quotes, dashes, spaces, signs of arithmetic and of money.
CHARACTERS = (
    *range(0x20, 0x7F),
    *range(0xA0, 0x100),
    *map(ord, "ıŒœ\u2009−⁄€•…–—‘’‚‛“”„"),
)
FEATURES = ("kern", "liga", "mark", "ccmp", "locl")
FAMILY = "Book Serif"
# Of the names in a font: the family, its full name, and what stands for both.
_NAMES = {1: FAMILY, 3: FAMILY, 4: FAMILY, 6: FAMILY.replace(" ", "")}


def main() -> None:
    """Fetch the package, and write the subsets and the licence beside the page's style sheet."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True)
        (archive,) = folder.glob("*.tgz")
        with tarfile.open(archive) as packed:
            packed.extractall(folder, filter="data")
        package = folder / "package"
        for style in STYLES:
            source = package / "files" / f"source-serif-4-latin-{style}.woff2"
            made = FOLDER / f"book-serif-{style}.woff2"
            _shrink(source, made)
            print(f"{made.name}: {made.stat().st_size:,} bytes")
        _unpack(FOLDER / "book-serif-600-normal.woff2")
        licence = package.joinpath("LICENSE").read_text(encoding="utf-8")
        FOLDER.joinpath("book-serif-LICENSE.txt").write_text(licence, encoding="utf-8")


def _shrink(source: Path, made: Path) -> None:
    options = subset.Options(flavor="woff2", layout_features=list(FEATURES), hinting=False)
    font = subset.load_font(str(source), options)
    shrinker = subset.Subsetter(options)
    shrinker.populate(unicodes=CHARACTERS)
    shrinker.subset(font)
    for record in font["name"].names:
        if record.nameID in _NAMES:
            record.string = _NAMES[record.nameID]
    subset.save_font(font, str(made), options)


def _unpack(packed: Path) -> None:
    font = TTFont(packed)
    font.flavor = None
    font.save(packed.with_suffix(".ttf"))


if __name__ == "__main__":
    main()
