"""What two people wrote of the same part of a template, told side by side."""

from conventions.texts import read_template
from conventions.texts.comparing import compare
from conventions.texts.parts import OrderPart
from conventions.texts.reading import plain


def differences_of(part, stored):
    """What is saved and differs from what was typed, as (what, saved words)."""
    if isinstance(part, OrderPart):
        return []
    try:
        typed = read_template(plain(part.put(stored)))
    except ValueError:
        return []
    found = compare(typed, stored)
    told = [(what, saved) for what, _, saved in (*found.settings, *found.variables)]
    for article in found.articles:
        title = "".join(text for op, text in article.title if op != "del")
        if article.state != "same" and len(article.title) > 1:
            told.append(("Titre de l’article", title))
        for clause in article.clauses:
            if clause.state != "same":
                saved = "".join(text for op, text in clause.words if op != "del")
                facts = " · ".join(f"{what} : {after or 'rien'}" for what, _, after in clause.facts)
                told.append((f"Clause {clause.number}", "\n".join(filter(None, (saved or "(absente)", facts)))))
    return told
