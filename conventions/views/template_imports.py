"""A text in Markdown brought into the draft of a template: read first, kept once it was looked at."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from caprse.base.access import open_to
from caprse.base.requests import posted
from conventions import texts
from conventions.forms.templates import BringForm
from conventions.services import templates
from conventions.texts.bringing import with_text
from conventions.texts.comparing import in_roles
from conventions.texts.markdown import BYTES
from conventions.views.templates import WRITERS, template_to_write


@open_to(*WRITERS)
@require_http_methods(["GET", "POST"])
def template_import(request, key):
    """Bring a text: its errors by line, or what it holds; then put it in the draft, in place of what is there."""
    template = template_to_write(request, key)
    form = BringForm(posted(request), request.FILES if request.method == "POST" else None)
    context = {"template": template, "form": form}
    if request.method == "GET":
        return render(request, "conventions/template_import.html", context)
    if not form.is_valid():
        return render(request, "conventions/template_import.html", context, status=422)
    content = form.content(BYTES)
    brought = templates.read_text(content=content, template=template)
    if request.POST.get("act") == "keep" and not brought.errors:
        draft = templates.bring(key=template.key, brought=brought, by=request.user)
        messages.success(
            request, "Le texte est dans le brouillon. Relisez-le, puis réglez ce qui reste avant de publier."
        )
        return redirect(draft.template.url("template_draft"))
    context |= {"brought": brought, "held": held_by(brought), "words": content.decode("utf-8-sig", "replace")}
    if brought.errors:
        context["form"] = BringForm(initial={"text": context["words"] if len(content) <= BYTES else ""})
    else:
        read = templates.current(template)
        context["problems"] = texts.problems(texts.read_template(with_text(read, brought)))
    return render(request, "conventions/template_import.html", context, status=422 if brought.errors else 200)


def held_by(brought):
    """What was read, in words: how many clauses each kind of party has of its own."""
    counts = {}
    for clause in brought.clauses:
        whose = in_roles(clause.roles) if clause.roles else "toutes les parties"
        counts[whose] = counts.get(whose, 0) + 1
    return list(counts.items())
