"""Small readings of a request that every floor shares."""


def posted(request):
    """What a form is bound to: the data of a POST, even empty; None for a page merely opened."""
    return request.POST if request.method == "POST" else None
