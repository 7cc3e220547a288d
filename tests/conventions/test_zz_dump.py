import pathlib
from datetime import date
from conventions.models import Convention
from conventions.services import amending, family, leaving, codes
from tests.conventions import following as go
from tests import worlds_conventions as do
from tests.harness.ceremony import browser_of
OUT = pathlib.Path("/tmp/life_pages"); OUT.mkdir(exist_ok=True)

def test_dump(ours, admin, draw_anew, sent, clock_at):
    c = ours.convention
    def keep(name, url, client=admin, **kw):
        r = client.get(url, kw); (OUT / f"{name}.html").write_bytes(r.content.replace(b'/static/', b'file:///tmp/w7/static/'))
    text = next(t for t in family.base_of(c) if "Le texte ne change" in t.paragraphs[0].text)
    clauses = [{"text": p.text, "roles": list(p.roles), "heading": p.heading} for p in text.paragraphs]
    clauses[0]["text"] = clauses[0]["text"].replace("ne change", "ne sera modifié")
    a = go.drafted(c, {"act": "replaced", "key": text.key, "title": "Modifications et arrivées", "clauses": clauses},
        {"act": "added", "key": "", "title": "Visibilité", "after": "objet", "clauses": [{"text": "La structure affiche le logo du projet.", "roles": ["structure"], "heading": ""}]},
        {"act": "moved", "key": "donnees" if False else family.base_of(c)[-1].key, "after": "objet"},
        {"act": "removed", "key": family.base_of(c)[3].key})
    keep("changes_draft", a.url("amendment_changes"))
    keep("article", f"{a.get_absolute_url()}changements/articles/{text.key}/")
    keep("add", a.url("amendment_add"))
    keep("edit", a.url("convention_edit"))
    o = go.opened(a)
    (OUT / "amendment.pdf").write_bytes(bytes(codes.original_of(o).pdf))
    keep("amendment_open", o.get_absolute_url())
    keep("changes_reader", o.url("amendment_changes"), browser_of("referent@ours.example.org"))
    go.completed(o)
    s = go.newcomer(); b = go.joined(c, s)
    (OUT / "bulletin.pdf").write_bytes(bytes(codes.original_of(b).pdf))
    go.newcomer("Autre structure")
    leaving.ask_to_leave(party=c.parties.get(organisation=ours.organisation), reason="Trop de charge", by=None)
    leaving.leave(party=c.parties.get(name="Structure échue"), last_day=date(2025, 11, 3), reason="Elle change de cap", by=None)
    keep("life", c.url("convention_life")); keep("bound", c.url("convention_bound")); keep("consolidated", c.url("convention_consolidated"))
    keep("join", c.url("convention_join")); keep("convention", c.get_absolute_url())
    keep("leave", f"{c.get_absolute_url()}parties/{c.parties.get(organisation=ours.organisation).pk}/sortie/")
    do.sign_as(do.signatories_of(sent)[0])
    keep("renew", sent.url("convention_renew")); keep("deadline", sent.url("convention_deadline")); keep("open", sent.get_absolute_url())
    from conventions.services import versions
    v = versions.new_version(convention=sent, reason="Erreur de date", by=None)
    keep("life_superseded", sent.url("convention_life")); keep("edit_v2", Convention.objects.with_context().get(pk=v.pk).url("convention_edit"))
    keep("for_structures", "/regions/ici/cohortes/cohorte/conventions-par-structure/")
    keep("withdraw", c.url("convention_withdraw"), browser_of("partner@ours.example.org"))
