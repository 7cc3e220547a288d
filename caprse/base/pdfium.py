"""PDFium, one thread at a time: the library is not made for threads, and takes the whole process down with it."""

import threading
from contextlib import contextmanager

import pypdfium2

_one_thread = threading.RLock()


@contextmanager
def opened(content: bytes):
    """A PDF opened by PDFium; a thread may open several, another waits. Raises pypdfium2.PdfiumError."""
    with _one_thread, pypdfium2.PdfDocument(content) as document:
        yield document
