"""A wish for help from the chat to the desk and back: the person hears what the office does, in their own words."""

import re

from bot.bootstrap import Service
from bot.core.state import State
from bot.sharing import write_state
from bot.web.desk.assembly import told
from tests.web.desk.people import at_the_desk, new_official
from tests.web.player import Visitor
from tests.web.sites import Site

# a grandmother who is asked nothing more than she wants to say
TALK = ("rồi", "1", "bà", "gặp người", "Nhờ người liên hệ", "Nhắn tin ở đây", "Buổi sáng", "Thôi, không nói",
        "Chịu, gửi đi")  # fmt: skip


def newest_wish(page: str) -> int:
    return max(int(number) for number in re.findall(r'id="r(\d+)"', page))


def test_from_the_chat_to_the_desk_and_back(bot: Service, site: Site, visitor: Visitor) -> None:
    visitor.open()
    for line in TALK:
        visitor.write(line)
    with at_the_desk(bot, site.address, new_official(bot, "city_admin")) as browser:
        page = browser.get("/desk/requests").text
        id = newest_wish(page)
        assert "chờ 0 phút" in page
        assert browser.post(f"/desk/requests/{id}/reopen").status_code == 409
        browser.post(f"/desk/requests/{id}/take")
        assert "Dạ lời nhắn của bà có người nhận rồi" in visitor.open().says[-1]
        assert browser.post(f"/desk/requests/{id}/close", result="not_reached").status_code == 303
        assert "người ta tìm mà chưa gặp được bà" in visitor.open().says[-1]
        closed = browser.get("/desk/requests?show=closed").text
        assert "Không liên lạc được" in closed
        assert f'action="/desk/requests/{id}/reopen"' in closed
        assert browser.post(f"/desk/requests/{id}/reopen").status_code == 303
        assert "có người nhận rồi" in visitor.open().says[-1]
        browser.post(f"/desk/requests/{id}/close", result="helped")
    noted = [(row.entry.action, row.entry.detail) for row in bot.store.audit.latest(20)]
    assert [each for each in noted if each[0] != "requests_seen"][:4] == [
        ("request_closed", "helped"),
        ("request_reopened", ""),
        ("request_closed", "not_reached"),
        ("request_taken", ""),
    ]
    # the person goes on where they stood
    assert visitor.write("menu").buttons


def test_who_chose_english_hears_it_in_english_and_a_chat_that_is_gone_in_plain_words(bot: Service) -> None:
    english = write_state(State(slots={"language": "en"}))
    assert "somebody" in told(bot.library)("help_taken", english).lower()
    assert "lời nhắn của anh/chị" in told(bot.library)("help_taken", "")
