"""Letterheads: which pictures become a logo and what becomes of them, whose heads a document carries, stale saves."""

import io
import struct
import zlib

import pytest
from django.db import IntegrityError, transaction
from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from caprse.base import files
from caprse.base.logos import LOGO_BYTES, accept_logo
from caprse.base.models import AuditEvent, StoredFile
from caprse.base.uploads import NotAccepted
from caprse.base.versioned import StaleSave
from cohorts.enums import OrganisationKind, Role
from cohorts.models import Letterhead, Organisation
from cohorts.services.letterheads import heads_of, logo_bytes, set_letterhead
from cohorts.services.organisations import create_organisation
from tests.harness.threads import at_once
from tests.worlds import World
from tests.worlds_identity import MENTIONS, logo

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"><rect width="90" height="90"/></svg>'
TRAP = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def opened(content):
    return Image.open(io.BytesIO(content))


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb(side=30_000):
    """A few kilobytes of PNG that say they are 30,000 pixels wide and high."""
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\x00" * 1_000_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def moving(kind):
    frames = [Image.new("RGB", (120, 90), colour) for colour in ("#ffffff", "#000000")]
    kept = io.BytesIO()
    frames[0].save(kept, kind, save_all=True, append_images=frames[1:])
    return kept.getvalue()


REFUSED = {
    "svg": ("logo.svg", lambda: SVG, "dessin SVG"),
    "svg with a script": ("logo.svg", lambda: TRAP, "dessin SVG"),
    "svg renamed": ("logo.png", lambda: TRAP, "dessin SVG"),
    "svg after a mark of order": ("logo.jpg", lambda: b"\xef\xbb\xbf  " + SVG, "dessin SVG"),
    "fifty megabytes": ("logo.png", lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 50_000_000, "pèse 50 Mo"),
    "pdf renamed": ("logo.png", lambda: b"%PDF-1.7 ...", "même si son nom le dit"),
    "jpeg renamed": ("logo.png", lambda: logo(kind="JPEG"), "même si son nom le dit"),
    "programme renamed": ("logo.png", lambda: b"MZ" + b"\0" * 600, "même si son nom le dit"),
    "two endings": ("logo.svg.png", logo, "deux terminaisons"),
    "no ending": ("logo", logo, "ni un PNG, ni un JPEG"),
    "gif": ("logo.gif", lambda: moving("GIF"), "ni un PNG, ni un JPEG"),
    "webp": ("logo.webp", lambda: logo(kind="WEBP"), "ni un PNG, ni un JPEG"),
    "animated": ("logo.png", lambda: moving("PNG"), "animée"),
    "four inks": ("logo.jpg", lambda: logo((0, 90, 90, 0), mode="CMYK", kind="JPEG"), "CMJN"),
    "one pixel": ("logo.png", lambda: logo(size=(1, 1)), "trop petite"),
    "a thread": ("logo.png", lambda: logo(size=(4_000, 20)), "trop petite ou trop étroite"),
    "bomb": ("logo.png", bomb, "immense"),
    "immense": ("logo.png", lambda: logo(size=(6_000, 6_000)), "immense"),
    "cut short": ("logo.png", lambda: logo(size=(300, 300))[:-40], "abîmé"),
    "only its signature": ("logo.png", lambda: b"\x89PNG\r\n\x1a\n", "abîmé"),
    "nothing to see": ("logo.png", lambda: logo((0, 0, 0, 0), mode="RGBA"), "transparente"),
    "empty": ("logo.png", lambda: b"", "vide"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_makes_no_logo_is_refused_saying_what_to_send(name):
    file_name, content, words = REFUSED[name]
    with pytest.raises(NotAccepted) as refusal:
        accept_logo(file_name, content())
    said = str(refusal.value).replace("\xa0", " ")
    assert words in said
    assert said.endswith(".")


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
@pytest.mark.parametrize("size", [(300, 120), (1_200, 600), (2_400, 900), (90, 3_000)])
def test_a_logo_is_drawn_again_as_a_png_no_larger_than_it_serves(kind, size):
    kept = accept_logo(f"logo.{kind.lower()}", logo(size=size, kind=kind))
    with opened(kept) as picture:
        picture.load()
        assert (picture.format, picture.mode) == ("PNG", "RGB")
        scale = min(1, 1_200 / size[0], 600 / size[1])
        assert picture.size == pytest.approx([side * scale for side in size], abs=1)
    assert len(kept) < LOGO_BYTES


def test_nothing_but_pixels_goes_through():
    info = PngInfo()
    info.add_text("Author", "Prénom Nom")
    info.add_itxt("XML:com.adobe.xmp", "<x>SECRET</x>")
    exif = Image.Exif()
    exif[0x8298] = "Droits SECRET"
    brought = logo(pnginfo=info, exif=exif, dpi=(72, 72), icc_profile=b"SECRET" * 50) + b"<script>SECRET</script>"
    assert b"SECRET" in brought
    kept = accept_logo("logo.png", brought)
    assert b"SECRET" not in kept
    with opened(kept) as picture:
        assert picture.info == {}
        assert not picture.getexif()
    names = [kept[at + 4 : at + 8] for at in chunk_starts(kept)]
    assert set(names) == {b"IHDR", b"IDAT", b"IEND"}


def chunk_starts(content):
    at = 8
    while at < len(content):
        yield at
        at += 12 + struct.unpack(">I", content[at : at + 4])[0]


@pytest.mark.parametrize("mode", ["RGBA", "LA", "L", "P", "1", "I;16"])
def test_every_usual_kind_of_png_keeps_what_it_shows(mode):
    made = Image.new("RGBA", (200, 100), (0, 0, 0, 0))
    ImageDraw.Draw(made).rectangle((0, 0, 99, 99), fill=(255, 255, 255, 255))
    kept = io.BytesIO()
    if mode == "I;16":
        made = made.convert("L").point(lambda value: value * 256, "I").convert("I;16")
    else:
        made = made.convert(mode)
    made.save(kept, "PNG")
    with opened(accept_logo("logo.png", kept.getvalue())) as picture:
        shown = picture.convert("RGBA")
        assert shown.getpixel((50, 50)) == (255, 255, 255, 255)
        assert shown.getpixel((150, 50)) != (255, 255, 255, 255)


def test_a_photograph_with_its_depth_is_not_taken_for_an_animation():
    """Telephones keep a second picture behind the first, of what is near and far, or of the light."""
    kept = io.BytesIO()
    shown, behind = (Image.new("RGB", (300, 200), colour) for colour in ("#ff0000", "#0000ff"))
    shown.save(kept, "MPO", save_all=True, append_images=[behind])
    with opened(accept_logo("photo.jpg", kept.getvalue())) as picture:
        assert picture.size == (300, 200)
        red, _, blue = picture.getpixel((150, 100))
    assert red > 200 > 50 > blue


def test_a_photograph_taken_sideways_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    with opened(accept_logo("logo.jpg", logo(size=(300, 120), kind="JPEG", exif=exif))) as picture:
        assert picture.size == (120, 300)


# --- Kept ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def ours(db):
    return World("ours")


def save(ours, revision=1, **said):
    said = {"mentions": "Nouvelles mentions", "logo_text": "Un pont", **said}
    return set_letterhead(organisation=ours.organisation, revision=revision, by=ours.actor(Role.REFERENT), **said)


def test_a_logo_is_kept_replaced_taken_away_and_journalled(ours):
    green = accept_logo("logo.png", logo("#00ff00"))
    head = save(ours, logo=green)
    assert logo_bytes(head) == green
    assert (head.logo.media_type, head.logo.region_id) == ("image/png", ours.organisation.region_id)
    assert save(ours, revision=2, mentions="Autres").logo == head.logo
    gone = save(ours, revision=3, remove_logo=True)
    assert (gone.logo, gone.logo_text, gone.revision) == (None, "", 4)
    lines = AuditEvent.objects.filter(verb="letterhead.set", target_id=gone.pk).order_by("pk")
    assert [line.details["revision"] for line in lines] == [1, 2, 3, 4]
    assert lines.last().details["logo"] is None


def test_the_same_thing_sent_twice_is_written_once_whatever_its_revision(ours):
    green = accept_logo("logo.png", logo("#00ff00"))
    save(ours, logo=green)
    stored, lines = StoredFile.objects.count(), AuditEvent.objects.count()
    assert save(ours, logo=green).revision == 2
    assert (StoredFile.objects.count(), AuditEvent.objects.count()) == (stored, lines)


def test_a_stale_save_is_refused_even_the_first_of_two(ours):
    save(ours)
    with pytest.raises(StaleSave) as refusal:
        save(ours, mentions="Trop tard")
    assert refusal.value.current.mentions == "Nouvelles mentions"
    Letterhead.objects.filter(organisation=ours.organisation).delete()
    with pytest.raises(StaleSave) as refusal:
        save(ours, mentions="Trop tard")
    assert (refusal.value.current.revision, refusal.value.current.mentions) == (0, "")
    save(ours, revision=0, mentions="La première")
    with pytest.raises(StaleSave):
        save(ours, revision=0, mentions="La seconde")


def test_four_first_saves_at_once_make_one_letterhead(committed_db):
    ours = World("ours")
    Letterhead.objects.filter(organisation=ours.organisation).delete()
    given = at_once(*[lambda: save(World("ours"), revision=0).pk] * 4)
    assert set(given) == {Letterhead.objects.get(organisation=ours.organisation).pk}


@pytest.mark.parametrize("broken", [{"logo_text": ""}, {"logo": None}])
def test_no_logo_without_its_words_in_the_database(ours, broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        Letterhead.objects.filter(organisation=ours.organisation).update(**broken)


# --- Whose heads a document carries -------------------------------------------------------------------------------


def whose(heads):
    return [head.organisation.kind for head in heads]


def test_a_structure_carries_its_own_head_then_its_region_s_then_the_network_s(ours, queries):
    other = create_organisation(
        kind=OrganisationKind.PARTNER, legal_name="Partenaire à logo", region=ours.organisation.region
    )
    set_letterhead(organisation=other, revision=0, mentions="Partenaire", by=ours.actor(Role.REFERENT))
    with queries(max=2):
        heads = heads_of(ours.organisation)
        contents = [(head.organisation.legal_name, head.logo.sha256, head.mentions) for head in heads]
    assert whose(heads) == ["structure", "region", "national"]
    assert [mentions for _, _, mentions in contents] == [MENTIONS] * 3
    assert heads[0].organisation == ours.organisation


def test_a_stranger_s_region_never_heads_our_documents(ours):
    theirs = {head.pk for head in heads_of(World("stranger").organisation)}
    mine = {head.pk for head in heads_of(ours.organisation)}
    national = Letterhead.objects.get(organisation__kind=OrganisationKind.NATIONAL)
    assert theirs & mine == {national.pk}


def test_a_head_that_says_nothing_is_left_out(ours):
    save(ours, mentions="", remove_logo=True)
    assert whose(heads_of(ours.organisation)) == ["region", "national"]
    region = Organisation.objects.get(kind=OrganisationKind.REGION, region=ours.organisation.region)
    assert whose(heads_of(region)) == ["region", "national"]
    assert whose(heads_of(Organisation.objects.get(kind=OrganisationKind.NATIONAL))) == ["national"]


def test_the_bytes_of_a_logo_are_checked_when_they_are_read(ours):
    head = heads_of(ours.organisation)[0]
    assert logo_bytes(head) == files.read(head.logo)
    head.logo.sha256 = "0" * 64
    with pytest.raises(OSError, match="No such file"):
        logo_bytes(head)
