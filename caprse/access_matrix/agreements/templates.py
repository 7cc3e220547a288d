"""Who gets what from the templates of conventions and their drafts.

The network's template is written by national staff and read by coordinators; a region's, by its coordinators alone.
"""

# fmt: off
TABLE = """
# route                       method  anon ref con boa leg fac adm nat edi par lap nei str sfa
convention_templates          GET     302  403 403 403 403 403 200 200 200 403 403 403 403 403
convention_templates          POST    302  403 403 403 403 403 405 405 405 403 403 403 403 403
convention_template_new       GET     302  403 403 403 403 403 200 200 200 403 403 403 403 403
convention_template_new       POST    302  403 403 403 403 403 422 422 422 403 403 403 403 403
convention_template           GET     302  403 403 403 403 403 200 404 404 403 403 403 403 403
convention_template           POST    302  403 403 403 403 403 405 405 405 403 403 403 403 403
convention_template_compare   GET     302  403 403 403 403 403 200 404 404 403 403 403 403 403
convention_template_compare   POST    302  403 403 403 403 403 405 405 405 403 403 403 403 403
template_draft_start          GET     302  403 403 403 403 403 405 405 405 403 403 403 403 403
template_draft_start          POST    302  403 403 403 403 403 302 404 404 403 403 403 403 403
template_draft                GET     302  403 403 403 403 403 200 404 404 403 403 403 403 403
template_draft                POST    302  403 403 403 403 403 405 405 405 403 403 403 403 403
template_settings             GET     302  403 403 403 403 403 403 200 200 403 403 403 403 403
template_settings             POST    302  403 403 403 403 403 403 422 422 403 403 403 403 403
template_blanks               GET     302  403 403 403 403 403 403 200 200 403 403 403 403 403
template_blanks               POST    302  403 403 403 403 403 403 422 422 403 403 403 403 403
template_articles             GET     302  403 403 403 403 403 405 405 405 403 403 403 403 403
template_articles             POST    302  403 403 403 403 403 422 404 404 403 403 403 403 403
template_article              GET     302  403 403 403 403 403 200 404 404 403 403 403 403 403
template_article              POST    302  403 403 403 403 403 422 404 404 403 403 403 403 403
template_preview              GET     302  403 403 403 403 403 200 404 404 403 403 403 403 403
template_preview              POST    302  403 403 403 403 403 405 405 405 403 403 403 403 403
template_import               GET     302  403 403 403 403 403 200 404 404 403 403 403 403 403
template_import               POST    302  403 403 403 403 403 422 404 404 403 403 403 403 403
template_publish              GET     302  403 403 403 403 403 405 405 405 403 403 403 403 403
template_publish              POST    302  403 403 403 403 403 302 404 404 403 403 403 403 403
template_drop                 GET     302  403 403 403 403 403 405 405 405 403 403 403 403 403
template_drop                 POST    302  403 403 403 403 403 302 404 404 403 403 403 403 403
convention_workshop           GET     302  403 403 403 403 403 200 403 403 403 403 403 403 403
convention_workshop           POST    302  403 403 403 403 403 422 403 403 403 403 403 403 403
convention_template_choose    GET     302  403 403 403 403 403 200 403 403 403 403 403 403 403
convention_template_choose    POST    302  403 403 403 403 403 422 403 403 403 403 403 403 403
"""
# fmt: on

OF_REGION = ("convention_template", "convention_template_compare", "template_draft_start", "template_draft")
OF_REGION += ("template_articles", "template_preview", "template_import", "template_publish", "template_drop")
OF_NETWORK = ("template_settings", "template_blanks")


def addresses(at):
    """The arguments of each route, from the objects of one side."""
    draft = at.side.draft_convention
    return {
        **dict.fromkeys(OF_REGION, lambda: {"key": at.side.region_template.key}),
        **dict.fromkeys(OF_NETWORK, lambda: {"key": at.side.network_template.key}),
        "template_article": lambda: {"key": at.side.region_template.key, "article": "objet"},
        "convention_workshop": lambda: {"region": at.region, "public_id": draft.public_id},
        "convention_template_choose": lambda: {"region": at.region, "public_id": draft.public_id},
    }
