"""A PDF file that grows object by object, so that memory stays flat.

The libraries that write PDF keep the whole document until they save it: 10,000 cards
would hold 700 MB. Only what a stream of objects needs is written here: numbered
objects, a page tree, the table of where each object stands.
"""

import zlib
from array import array
from typing import BinaryIO

_HEAD = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
_LEVEL = 1
"""Pages are small beside their photos: speed before size."""

CATALOG, TREE = 1, 2
_KIDS = 64
"""Pages under one node of the page tree; long lists are slow to open."""


class PdfFile:
    """Write objects to ``sink`` in any order; ``finish`` makes it a document.

    Objects 1 and 2 are the catalog and the root of the page tree, as in what pikepdf
    makes; those below ``first_free`` are the caller's, further numbers come from
    ``reserve``. ``shelves`` page lists follow one another in the finished document.
    """

    def __init__(self, sink: BinaryIO, *, first_free: int = 3, shelves: int = 1):
        self._sink = sink
        self._offsets = array("Q", [0]) * first_free
        self._written = 0
        self._put(_HEAD)
        self._shelves = [_Shelf(self) for _ in range(shelves)]

    def reserve(self) -> int:
        """Give a fresh object number."""
        self._offsets.append(0)
        return len(self._offsets) - 1

    def write(self, number: int, body: bytes) -> int:
        """Write one object; gives its number."""
        self._offsets[number] = self._written
        self._put(b"%d 0 obj\n%b\nendobj\n" % (number, body))
        return number

    def write_stream(self, number: int, entries: bytes, content: bytes) -> int:
        """Write one stream; ``entries`` is its dictionary without brackets and length.

        ``content`` is written as it is, already encoded as ``entries`` say.
        """
        self._offsets[number] = self._written
        head = b"%d 0 obj\n<<%b/Length %d>>\nstream\n" % (number, entries, len(content))
        self._put(head)
        self._put(content)
        self._put(b"\nendstream\nendobj\n")
        return number

    def write_packed(self, number: int, entries: bytes, content: bytes) -> int:
        """Write one stream, deflated."""
        packed = zlib.compress(content, _LEVEL)
        return self.write_stream(number, entries + b"/Filter/FlateDecode", packed)

    def add_page(
        self, content: bytes, *, size: str, resources: str, shelf: int = 0
    ) -> None:
        """Append a page to a shelf: its box as ``width height``, what it draws."""
        drawn = self.write_packed(self.reserve(), b"", content)
        body = (
            f"<</Type/Page/Parent {self._shelves[shelf].parent()} 0 R"
            f"/MediaBox[0 0 {size}]/Resources<<{resources}>>/Contents {drawn} 0 R>>"
        )
        number = self.write(self.reserve(), body.encode("ascii"))
        self._shelves[shelf].add(number)

    def finish(self, producer: str) -> None:
        """Write the page tree, the table of objects and the trailer."""
        nodes = [node for shelf in self._shelves for node in shelf.nodes()]
        count = sum(pages for _, pages in nodes)
        kids = " ".join(f"{number} 0 R" for number, _ in nodes)
        tree = f"<</Type/Pages/Count {count}/Kids[{kids}]>>"
        self.write(TREE, tree.encode("ascii"))
        self.write(CATALOG, b"<</Type/Catalog/Pages %d 0 R>>" % TREE)
        # No dates: the same cards give the same bytes.
        about = self.write(self.reserve(), b"<</Producer(%b)>>" % producer.encode())
        self._write_table(about)

    def _write_table(self, about: int) -> None:
        start = self._written
        self._put(b"xref\n0 %d\n0000000000 65535 f \n" % len(self._offsets))
        for offset in self._offsets[1:]:
            self._put(b"%010d 00000 n \n" % offset)
        self._put(
            b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R>>\nstartxref\n%d\n%%%%EOF\n"
            % (len(self._offsets), CATALOG, about, start)
        )

    def _put(self, content: bytes) -> None:
        self._sink.write(content)
        self._written += len(content)


class _Shelf:
    """Pages in order, bundled under nodes of the page tree."""

    def __init__(self, file: PdfFile) -> None:
        self._file = file
        self._number = 0
        self._kids: list[int] = []
        self._nodes: list[tuple[int, int]] = []

    def parent(self) -> int:
        """Give the node that the next page hangs under."""
        if not self._kids:
            self._number = self._file.reserve()
        return self._number

    def add(self, page: int) -> None:
        self._kids.append(page)
        if len(self._kids) == _KIDS:
            self._close()

    def nodes(self) -> list[tuple[int, int]]:
        """Give all nodes with the number of their pages."""
        if self._kids:
            self._close()
        return self._nodes

    def _close(self) -> None:
        kids = " ".join(f"{kid} 0 R" for kid in self._kids)
        body = f"<</Type/Pages/Parent {TREE} 0 R/Count {len(self._kids)}/Kids[{kids}]>>"
        self._file.write(self._number, body.encode("ascii"))
        self._nodes.append((self._number, len(self._kids)))
        self._kids = []
