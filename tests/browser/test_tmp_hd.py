import pytest
from tests.browser.everywhere import enter, pages_of
from tests.browser.test_accessibility import goes_through
MINE=("action","action_new","action_edit","proposals")
@pytest.mark.parametrize("who", ["referent", "board_member", "facilitator"])
def test_mine(page, sign_in, who):
    enter(page, sign_in, who)
    found={r:u for r,u in pages_of(who).items() if r in MINE}
    assert found
    assert goes_through(page, found) == {}
def test_mine_dark_and_phone(open_page, phone, sign_in):
    page=open_page(color_scheme="dark")
    enter(page, sign_in, "referent")
    found={r:u for r,u in pages_of("referent").items() if r in MINE}
    assert goes_through(page, found) == {}
