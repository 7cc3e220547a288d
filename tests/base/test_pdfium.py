"""PDFium takes the process down when two threads use it at once: one thread at a time has it."""

import io
import threading

import pikepdf
import pytest

from caprse.base import pdfium


def blank():
    content = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(content)
    return content.getvalue()


def draw(content, order, name):
    with pdfium.opened(content) as document:
        order.append((name, len(document)))


def test_another_thread_waits_until_the_first_has_finished():
    content, order = blank(), []
    other = threading.Thread(target=draw, args=[content, order, "other"])
    with pdfium.opened(content):
        other.start()
        other.join(timeout=0.2)
        assert order == []
        draw(content, order, "first")  # the same thread compares two documents
    other.join()
    assert order == [("first", 1), ("other", 1)]


def test_it_is_free_again_after_a_document_that_does_not_open():
    with pytest.raises(RuntimeError), pdfium.opened(b"%PDF-1.7 broken"):
        pass
    order = []
    other = threading.Thread(target=draw, args=[blank(), order, "other"], daemon=True)
    other.start()
    other.join(timeout=5)
    assert order == [("other", 1)]
