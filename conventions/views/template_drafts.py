"""The next version of a template, written part by part, read as each party, published."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from caprse.base.access import open_to
from caprse.base.requests import posted, whole_number
from caprse.base.versioned import StaleSave
from conventions import texts
from conventions.forms.templates import AddArticleForm, ArticleForm, Blanks, Clauses, SeenForm, SettingsForm
from conventions.services import templates
from conventions.texts.comparing import compare
from conventions.texts.parts import ArticlePart, Gone, OrderPart, SettingsPart, VariablesPart
from conventions.texts.reading import SETTINGS, VARIABLES
from conventions.views.template_parts import differences_of
from conventions.views.templates import WRITERS, as_role, template_to_write, terms_of, text_of

SAVED = "Enregistré dans le brouillon."
UNKNOWN = "Entre-temps, quelqu’un a retiré un blanc ou une clause que cette page nomme : relisez-la, puis enregistrez."


def draft_to_write(request, key):
    """(template, draft, the draft as a template) for who writes it; 404 without a draft."""
    template = template_to_write(request, key)
    draft = template.next_version
    if draft is None:
        raise Http404
    return template, draft, texts.read_template(draft.content)


@open_to(*WRITERS)
@require_POST
def template_draft_start(request, key):
    """Begin the next version of a template, or go on with it."""
    template = template_to_write(request, key)
    templates.start_draft(template=template, by=request.user)
    return redirect(template.url("template_draft"))


@open_to(*WRITERS)
@require_GET
def template_draft(request, key):
    """Where the next version stands: its parts, what is missing, what changes."""
    template, draft, read = draft_to_write(request, key)
    return overview(request, template, draft, read, AddArticleForm(initial={"seen": OrderPart("add").seen(read)}))


def overview(request, template, draft, read, form, status=200):
    problems = [(problem, url_of(template, problem)) for problem in texts.problems(read)]
    last = template.versions.order_by("-number").first()
    context = {
        "template": template,
        "draft": draft,
        "read": read,
        "terms": terms_of(read),
        "form": form,
        "seen": OrderPart("add").seen(read),
        "problems": problems,
        "last": last,
        "changes": compare(texts.read_template(last.content), read) if last else None,
    }
    return render(request, "conventions/template_draft.html", context, status=status)


def url_of(template, problem):
    """Where a problem is put right."""
    pages = {SETTINGS: "template_settings", VARIABLES: "template_blanks", "articles": "template_draft"}
    if problem.where in pages:
        return template.url(pages[problem.where])
    return template.url("template_article", problem.where)


@open_to(*WRITERS)
@require_POST
def template_articles(request, key):
    """Add, move or take out an article."""
    template, draft, read = draft_to_write(request, key)
    act = request.POST.get("act")
    form = (AddArticleForm if act == "add" else SeenForm)(request.POST)
    if act not in ("add", "up", "down", "remove") or not form.is_valid():
        return overview(request, template, draft, read, form, status=422)
    part = OrderPart(act, request.POST.get("article", ""), form.cleaned_data.get("title", ""))
    try:
        templates.edit(draft=draft, seen=form.cleaned_data["seen"], part=part, by=request.user)
    except (StaleSave, Gone):
        messages.warning(request, "La liste des articles a changé entre-temps : rien n’est fait. Voici où elle en est.")
        return redirect(template.url("template_draft"))
    messages.success(request, SAVED)
    return redirect(template.url("template_draft"))


class Writing:
    """One part of a draft being written: a form, perhaps a list of rows, and what to do with them."""

    def __init__(self, request, key):
        self.request = request
        self.template, self.draft, self.read = draft_to_write(request, key)
        self.rows = None

    def answer(self, page, part_of, **context):
        """The page; after a POST, what it wrote, or the page again with what was typed."""
        stale = None
        valid = self.request.method == "POST" and self.form.is_valid() and (self.rows is None or self.rows.is_valid())
        if valid:
            try:
                seen = self.form.cleaned_data["seen"]
                templates.edit(draft=self.draft, seen=seen, part=part_of(), by=self.request.user)
            except StaleSave as refusal:
                stale = texts.read_template(refusal.current.content)
            except templates.Unknown:
                self.form.add_error(None, UNKNOWN)
            else:
                messages.success(self.request, SAVED)
                return redirect(self.template.url("template_draft"))
        wrong = self.form.errors or (self.rows is not None and self.rows.is_bound and not self.rows.is_valid())
        if stale:
            context |= {"stale": True, "seen": part_of().seen(stale), "theirs": differences_of(part_of(), stale)}
        context |= {"template": self.template, "read": self.read, "form": self.form, "rows": self.rows}
        return render(self.request, page, context, status=409 if stale else 422 if wrong else 200)


@open_to(*WRITERS)
@require_http_methods(["GET", "POST"])
def template_settings(request, key):
    """What the template says of itself: consent, entry into force, accession, proof, delay, place."""
    writing = Writing(request, key)
    seen = SettingsPart({}).seen(writing.read)
    initial = {**SettingsForm.initial_of(writing.read), "seen": seen}
    writing.form = SettingsForm(posted(request), template=writing.read, initial=initial)
    return writing.answer("conventions/template_settings.html", lambda: SettingsPart(writing.form.values()))


@open_to(*WRITERS)
@require_http_methods(["GET", "POST"])
def template_blanks(request, key):
    """The blanks to fill before the text is frozen."""
    writing = Writing(request, key)
    read = writing.read
    rows = [
        {**row, "choices": "\n".join(row["choices"]), "rank": rank}
        for rank, row in enumerate(VariablesPart.of(read), start=1)
    ]
    known = {"known": {variable.key for variable in read.variables}}
    writing.form = SeenForm(posted(request), initial={"seen": VariablesPart(()).seen(read)})
    writing.rows = Blanks(posted(request), initial=rows, template=read, form_kwargs=known, prefix="b")
    return writing.answer("conventions/template_blanks.html", lambda: VariablesPart(tuple(writing.rows.rows())))


@open_to(*WRITERS)
@require_http_methods(["GET", "POST"])
def template_article(request, key, article):
    """One article: its title, its clauses, whom each binds, what shows that it was kept."""
    writing = Writing(request, key)
    try:
        known = ArticlePart(article).of(writing.read)
    except Gone:
        return article_gone(request, writing.template)
    rows = [{**clause, "rank": rank} for rank, clause in enumerate(known["clauses"], start=1)]
    initial = {"title": known["title"], "seen": ArticlePart(article).seen(writing.read)}
    names = {variable.key for variable in writing.read.variables}
    kwargs = {"names": names, "known": {clause["key"] for clause in known["clauses"]}}
    writing.form = ArticleForm(posted(request), initial=initial)
    writing.rows = Clauses(posted(request), initial=rows, form_kwargs=kwargs, prefix="c")

    def part():
        return ArticlePart(article, writing.form.cleaned_data["title"], tuple(writing.rows.rows()))

    return writing.answer("conventions/template_article.html", part, article=article)


def article_gone(request, template):
    """Somebody took the article out meanwhile: what was typed is shown, to be copied."""
    if request.method == "GET":
        raise Http404
    typed = [value for name, value in request.POST.items() if name.endswith(("-text", "title")) and value.strip()]
    return render(request, "conventions/template_gone.html", {"template": template, "typed": typed}, status=409)


@open_to(*WRITERS)
@require_GET
def template_preview(request, key):
    """The draft as each kind of party will read it."""
    template, draft, read = draft_to_write(request, key)
    numbers = [version.number for version in template.listed]
    context = {
        "template": template,
        "html": text_of(read, number=(numbers[0] if numbers else 0) + 1),
        "read": read,
        "role": as_role(request),
        "roles": texts.ROLE_ORDER,
    }
    return render(request, "conventions/template_preview.html", context)


@open_to(*WRITERS)
@require_POST
def template_publish(request, key):
    """Make the draft the version in force, as it was read."""
    template, draft, _ = draft_to_write(request, key)
    revision = whole_number(request.POST.get("revision", ""))
    try:
        version = templates.publish(draft=draft, revision=revision, by=request.user)
    except templates.NotPublishable:
        messages.warning(request, "Rien n’est publié : il reste à corriger ce qui est listé ci-dessous.")
        return redirect(template.url("template_draft"))
    except StaleSave:
        messages.warning(request, "Le brouillon a changé depuis que vous l’avez relu : relisez-le avant de publier.")
        return redirect(template.url("template_draft"))
    messages.success(
        request,
        f"La version {version.number} est publiée : les prochains textes la suivront. Ceux qui sont figés ou signés ne "
        "changent pas.",
    )
    return redirect(template)


@open_to(*WRITERS)
@require_POST
def template_drop(request, key):
    """Leave the draft; what is published stays."""
    _, draft, _ = draft_to_write(request, key)
    left = templates.drop_draft(draft=draft, by=request.user)
    messages.success(request, "Le brouillon est abandonné.")
    return redirect(left) if left else redirect("convention_templates")
