"""What a person reads in the first block of home."""

import re
from html import unescape

from caprse.base import clock


def plain(markup):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", markup)).replace("\xa0", " ").split())


def main_block(page):
    """(sentence, link, date) of the one thing shown in big, as a person reads them."""
    blocks = re.findall(r'<li class="task task--main[^"]*">(.*?)</li>', page, re.DOTALL)
    assert len(blocks) == 1, "one main sentence, and one only"
    block = blocks[0]
    title = re.search(r'task__title">(.*?)</h3>', block, re.DOTALL)[1]
    when = re.search(r"task__when[^>]*>(.*?)</p>", block, re.DOTALL)[1]
    links = re.findall(r'href="([^"#]+)"', block)
    assert len(links) == 1, "one link, and one only"
    return plain(title), links[0], plain(when)


def home_of(client, user, day):
    with clock.stopped(clock.at(day, 10)):
        client.force_login(user)
        response = client.get("/")
    assert response.status_code == 200
    return response.content.decode()
