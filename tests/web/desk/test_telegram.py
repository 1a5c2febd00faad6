"""Tying one's own account to the trainers' bot, at the desk."""

import asyncio
import re
from dataclasses import replace

import httpx
from fastapi import FastAPI

from bot.accounts.codes import digest, new_token
from bot.accounts.telegram import TelegramTies
from bot.bootstrap import Service
from bot.web.desk.assembly import build_desk
from bot.web.static_files import load_assets
from tests.web.desk.people import COOKIE, at_the_desk, new_official
from tests.web.sites import Site

PAGE = "/desk/me/telegram"


def test_a_code_is_shown_once_ties_and_is_ended(bot: Service, site: Site) -> None:
    trainer = new_official(bot, "trainer", ("26740",))
    ties = TelegramTies(bot.store.staff, bot.store.staff_telegram, now=bot.store.now)
    with at_the_desk(bot, site.address, trainer) as browser:
        assert PAGE in browser.get("/desk/me").text
        assert "/start" not in browser.get(PAGE).text
        shown = browser.post(PAGE, back=PAGE).text
        [code] = re.findall(r"<code>/start ([A-Z0-9-]{17})</code>", shown)
        assert f"https://t.me/lop_hoc_bot?start={code}" in shown
        assert ties.tie("5200000001", code)
        page = browser.get(PAGE).text
        assert code not in page
        assert "Đang nối" in page
        assert browser.post(f"{PAGE}/end", back=PAGE).headers["location"] == PAGE
        assert "Đang nối" not in browser.get(PAGE).text
    assert ties.account("5200000001") is None


def test_who_leads_nothing_sees_no_word_of_it(bot: Service, site: Site) -> None:
    with at_the_desk(bot, site.address, new_official(bot, "auditor")) as browser:
        assert PAGE not in browser.get("/desk/me").text


def test_without_a_bot_there_is_nothing_to_tie_to(bot: Service) -> None:
    app, token = FastAPI(), new_token()
    build_desk(replace(bot, settings=replace(bot.settings, telegram_staff_bot="")), load_assets()).add_to(app)
    bot.store.staff.begin(new_official(bot, "trainer", ("26740",)).account, digest(token), "full")

    async def asked() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://desk", cookies={COOKIE: token}) as browser:
            return [await browser.get(path) for path in ("/desk/me", PAGE)]

    me, page = asyncio.run(asked())
    assert (me.status_code, page.status_code) == (200, 404)
    assert PAGE not in me.text
