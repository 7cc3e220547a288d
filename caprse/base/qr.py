"""QR codes, drawn on the page itself: no picture to fetch, nothing a content security policy refuses."""

import segno
from django.utils.safestring import SafeString, mark_safe

QUIET = 4  # modules left blank around, without which some phones find nothing


def qr_svg(text: str, title: str | None = None) -> SafeString:
    """Draw `text` as an inline SVG, black on white whatever the ground of the page; its size is the style sheet's.

    `title` says what it is to who does not see it, where no sentence beside it does.
    """
    code = segno.make(text, micro=False, error="m")
    drawing = code.svg_inline(
        border=QUIET, omitsize=True, dark="#000", light="#fff", svgclass=None, lineclass=None, title=title
    )
    return mark_safe(drawing)  # noqa: S308  drawn by the library, the text is in it as modules only
