"""Timestamps: a real server on this machine, one that hangs, refuses, answers HTML, or answers to somebody else."""

from dataclasses import replace

import pytest

from caprse.base.pdf import render_pdf
from caprse.base.sealing import sample_chain, seals, stamps
from caprse.base.sealing.keys import of_chain
from tests.harness.timestamps import ANSWERS, granted, hanging, nobody, server

PAGE = '<!DOCTYPE html><html lang="fr"><head><title>Convention</title></head><body><p>Le texte.</p></body></html>'
DIGEST = stamps.digest_of(b"Le texte")


@pytest.fixture(scope="module")
def key():
    return of_chain(sample_chain.make())


def test_a_server_stamps_a_digest(key):
    with server(key, granted) as authority:
        given = stamps.stamp(DIGEST, [authority], key.roots)
    assert given.at == key.authorities[0].fixed_dt
    assert "TEST horodatage" in given.authority
    assert stamps.checked(given.token, DIGEST, key.roots).at == given.at


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_what_is_no_timestamp_is_none(key, answer):
    with server(key, answer) as authority, pytest.raises(stamps.StampUnavailable):
        stamps.stamp(DIGEST, [authority], key.roots)


def test_a_server_that_hangs_is_passed_over(key):
    with hanging() as silent, server(key, granted) as second:
        assert stamps.stamp(DIGEST, [silent, second], key.roots).token


def test_nobody_answers(key):
    with hanging() as silent, pytest.raises(stamps.StampUnavailable):
        stamps.stamp(DIGEST, [nobody(), silent], key.roots)


def test_without_an_authority_there_is_no_timestamp(key):
    with pytest.raises(stamps.StampUnavailable):
        stamps.stamp(DIGEST, [], key.roots)


def test_a_timestamp_is_of_one_digest_and_of_our_authority(key):
    token = stamps.stamp(DIGEST, key.authorities, key.roots).token
    for digest, roots in ((stamps.digest_of(b"autre"), key.roots), (DIGEST, of_chain(sample_chain.make()).roots)):
        with pytest.raises(stamps.BadStamp):
            stamps.checked(token, digest, roots)
    for broken in (b"", b"Bonjour", token[:-5], token[:200] + bytes([token[200] ^ 1]) + token[201:]):
        with pytest.raises(stamps.BadStamp):
            stamps.checked(broken, DIGEST, key.roots)


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_without_a_timestamp_nothing_is_sealed(key, answer):
    with server(key, answer) as authority, pytest.raises(stamps.StampUnavailable):
        seals.seal(render_pdf(PAGE, base_css=None), key=replace(key, authorities=(authority,)), reason="Texte")


def test_a_seal_with_a_server_of_timestamps(key):
    with server(key, granted) as authority:
        assert seals.seal(render_pdf(PAGE, base_css=None), key=replace(key, authorities=(authority,)), reason="Texte")
