"""Teams on the command line: listed by number, and whose words count for them."""

from pathlib import Path

from sqlalchemy import insert
from typer.testing import CliRunner, Result

from bot.bootstrap import open_database
from bot.cli import app
from bot.cli.options import settings_with
from bot.store.schema import team, ward


def test_accounts_and_tokens_join_a_team_and_leave_it(tmp_path: Path) -> None:
    db = f"sqlite:///{tmp_path / 'teams.db'}"
    store = open_database(settings_with(db))
    with store.engine.begin() as connection:
        connection.execute(insert(ward), {"code": "25747", "kind": "phường", "name": "x", "area": ""})
        connection.execute(insert(team), {"ward": "25747", "neighbourhood": "Khu phố 3", "name": "Tổ 1"})
    store.staff.add("an@tphcm.example", "trainer", ("25747",), by="cli")

    def types(*words: str) -> Result:
        return CliRunner().invoke(app, ["team", *words, "--db", db])

    assert "Khu phố 3" in types("list").output
    assert "0 tổ" in types("list", "--ward", "25750").output
    assert "Đã gắn." in types("join", "1", "An@TpHCM.example").output
    assert [each.split()[-2] for each in types("list").output.splitlines() if "Khu phố 3" in each] == ["1"]
    for wrong in (("join", "9", "an@tphcm.example"), ("join", "1", "ai@tphcm.example"), ("join", "1", "token:7")):
        assert "không có" in str(types(*wrong).exception)
    assert "Đã gỡ." in types("leave", "an@tphcm.example").output
    assert "không thuộc tổ nào" in str(types("leave", "an@tphcm.example").exception)
