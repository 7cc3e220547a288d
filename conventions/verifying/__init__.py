"""Verifies a signed convention from its bytes alone: no database, no network, nothing of what made it.

`verdicts` says what may be found and in which words, `exactness` that no byte lies outside a seal, `evidence` that the
attached proofs hold together, `pages` that the text signed is the text kept, `artefact` all of it, `trial` the same in
a process of its own, for what a stranger brings.
"""

from conventions.verifying.artefact import verify
from conventions.verifying.verdicts import Verdict, Verification

__all__ = ["Verdict", "Verification", "verify"]
