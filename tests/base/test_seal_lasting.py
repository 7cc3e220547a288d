"""A seal read years later, without the network: lists of revoked certificates live a week, certificates a few years."""

import asyncio
import time
from datetime import timedelta

import pytest

from caprse.base import clock
from caprse.base.pdf import render_pdf
from caprse.base.sealing import checks, keys, sample_chain, seals, stamps
from caprse.base.sealing.seals import SealRefused
from caprse.base.sealing.stamps import BadStamp, StampUnavailable
from conventions.verifying import exactness
from tests.harness.timestamps import nobody

PAGE = '<!DOCTYPE html><html lang="fr"><head><title>Convention</title></head><body><p>Le texte.</p></body></html>'
DAY, WEEK, MONTH = timedelta(days=1), timedelta(days=7), timedelta(days=30)
DIGEST = b"\x05" * 32


def in_days(count):
    return clock.real_now() + count * DAY


@pytest.fixture(scope="module")
def authorities():
    """Those of the seal and of its timestamps, whose certificate for timestamps ends in a month."""
    return sample_chain.later(
        sample_chain.make(), lists=(in_days(-1), in_days(7)), stamps_until=clock.real_now() + MONTH
    )


def key_now(chain):
    with clock.stopped(clock.real_now()):
        return keys.of_chain(chain)


def key_later(chain, **changes):
    """The same authorities, a moment later, with the certificate they take next."""
    time.sleep(1.1)  # a timestamp says seconds
    return key_now(sample_chain.later(chain, lists=(clock.real_now(), in_days(7)), **changes))


@pytest.fixture(scope="module")
def sealed(authorities):
    return seals.seal(render_pdf(PAGE, base_css=None), key=key_now(authorities), reason="Texte")


@pytest.fixture(scope="module")
def renewed(authorities, sealed):
    return seals.renewed(sealed, key=key_later(authorities))


@pytest.fixture(scope="module")
def failed(authorities):
    """`failed(content, at)`: the checks that do not hold."""
    expected = {"roots": key_now(authorities).roots, "fingerprints": {key_now(authorities).fingerprint}}
    return lambda content, at: [
        (one.code, one.said) for one in checks.findings(content, at=at, **expected) if not one.holds
    ]


@pytest.mark.parametrize("days", [0, 6, 8, 29])
def test_a_seal_outlives_the_lists_it_was_made_with(sealed, failed, days):
    assert failed(sealed, in_days(days)) == []


@pytest.mark.parametrize("days", [31, 400, 4000])
def test_once_its_last_timestamp_has_ended_a_seal_is_not_proven_any_more(sealed, failed, days):
    assert failed(sealed, in_days(days)) == [("lasting", "the last timestamp is out of its time")]
    assert failed(sealed, checks.THEN) == []


@pytest.mark.parametrize("days", [0, 31, 400, 4000])
def test_one_more_timestamp_in_time_carries_it_further(sealed, renewed, failed, days):
    assert renewed.startswith(sealed)
    assert len(renewed) - len(sealed) < 20_000
    assert failed(renewed, in_days(days)) == []


def test_it_is_renewed_again_and_no_byte_lies_outside_a_seal(authorities, renewed, failed):
    twice = seals.renewed(renewed, key=key_later(authorities))
    assert twice.startswith(renewed)
    assert failed(twice, in_days(400)) == []
    for content in (renewed, twice):
        assert [one.holds for one in exactness.findings(content, key_now(authorities).roots)] == [True]
        assert checks.last_stamp(content)[1].not_valid_after == sample_chain.LAST_DAY


def test_a_timestamp_that_ended_already_renews_nothing(authorities, sealed):
    over = sample_chain.later(authorities, lists=(in_days(-1), in_days(7)), stamps_until=in_days(-1))
    with pytest.raises(SealRefused):
        seals.renewed(sealed, key=key_now(over))


def test_without_an_authority_nothing_is_renewed(authorities, sealed):
    silent = keys.SealKey(**{**vars(key_now(authorities)), "authorities": (nobody(),)})
    with pytest.raises(StampUnavailable):
        seals.renewed(sealed, key=silent)


def test_what_was_altered_is_not_renewed(authorities, sealed):
    altered = bytearray(sealed)
    altered[sealed.index(b"/MediaBox") + 12] ^= 1
    with pytest.raises(SealRefused):
        seals.renewed(bytes(altered), key=key_later(authorities))


def test_a_token_holds_after_the_certificate_that_gave_it_has_ended():
    short = sample_chain.make()
    ended = sample_chain.later(short, lists=(in_days(-400), in_days(7)), stamps_until=in_days(-30))
    for days, holds in ((-60, True), (-10, False)):
        with clock.stopped(in_days(days)):
            key = keys.of_chain(ended)
        token = asyncio.run(key.authorities[0].async_timestamp(DIGEST, "sha256")).dump()
        if holds:
            assert stamps.checked(token, DIGEST, key.roots).at.date() == in_days(days).date()
        else:
            with pytest.raises(BadStamp):
                stamps.checked(token, DIGEST, key.roots)
