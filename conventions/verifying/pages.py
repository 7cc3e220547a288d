"""The first pages of the signed document are those of the text that was signed: same drawing orders, same picture."""

import io

import pikepdf

from caprse.base import pdfium

SCALE = 0.75  # of 72 dots an inch: enough to tell one letter from another, fast enough for fifty pages


def same(first: bytes, whole: bytes) -> bool:
    """Whether `whole` begins with every page of `first`, each identical."""
    with pikepdf.open(io.BytesIO(first)) as before, pikepdf.open(io.BytesIO(whole)) as after:
        count = len(before.pages)
        if not 0 < count <= len(after.pages):
            return False
        if not all(_orders(before.pages[rank]) == _orders(after.pages[rank]) for rank in range(count)):
            return False
    with pdfium.opened(first) as before, pdfium.opened(whole) as after:
        return all(_picture(before[rank]) == _picture(after[rank]) for rank in range(count))


def _orders(page):
    """What draws the page, and in which frame."""
    streams = page.obj.get("/Contents", [])
    streams = [streams] if isinstance(streams, pikepdf.Stream) else list(streams)
    return [stream.read_bytes() for stream in streams], [float(side) for side in page.mediabox], int(page.rotation)


def _picture(page):
    bitmap = page.render(scale=SCALE, grayscale=True)
    try:
        return bitmap.width, bitmap.height, bytes(bitmap.buffer)
    finally:
        bitmap.close()
        page.close()
