"""Settings: what an operator writes is used or answered with what to write instead."""

from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest

from bot.settings import PROJECT, Settings, SettingsError, find_secret, load_settings, read_secret, variable_of


def test_without_a_word_everything_has_a_value() -> None:
    settings = load_settings({})
    assert (settings.content, settings.host, settings.port) == (PROJECT, "127.0.0.1", 8080)
    assert settings.database == f"sqlite:///{PROJECT / 'data' / 'gocua.db'}"


def test_what_is_set_is_used(tmp_path: Path) -> None:
    (tmp_path / "dialogs").mkdir()
    settings = load_settings(
        {
            "GOCUA_DATABASE_URL": "sqlite:////tmp/thu.db",
            "GOCUA_CONTENT": str(tmp_path),
            "GOCUA_HOST": "0.0.0.0",  # noqa: S104 - a value, not a socket
            "GOCUA_PORT": " 9000 ",
            "GOCUA_PUBLIC_URL": "https://gocua.example",
            "GOCUA_OPERATOR": "Phường Bến Thành",
            "PORT": "1",
        }
    )
    assert settings.database == settings.database_url == "sqlite:////tmp/thu.db"
    assert (settings.content, settings.port) == (tmp_path.resolve(), 9000)
    assert (settings.public_url, settings.operator) == ("https://gocua.example", "Phường Bến Thành")


@pytest.mark.parametrize("variable", [variable_of(field) for field in fields(Settings)])
@pytest.mark.parametrize("text", ["", "   "])
def test_an_empty_variable_counts_as_none(variable: str, text: str) -> None:
    assert load_settings({variable: text}) == load_settings({})


def test_channels_are_named_with_commas() -> None:
    given = {"GOCUA_CHANNELS": " zalo_bot, telegram,telegram ,", "GOCUA_TELEGRAM_APPROVAL": "UBND, 2026-11-01"}
    assert load_settings(given).channels == ("zalo_bot", "telegram")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        pytest.param(
            {"GOCUA_TELEGRAM_STAFF_BOT": "lop_bot"}, "GOCUA_TELEGRAM_APPROVAL", id="the trainers' bot without a yes"
        ),
        pytest.param(
            {"GOCUA_TELEGRAM_STAFF_BOT": "@lop bot", "GOCUA_TELEGRAM_APPROVAL": "UBND"}, "without @", id="no bot's name"
        ),
        pytest.param({"GOCUA_VOICE": "1"}, "GOCUA_VOICE must be viet-asr", id="an ear nobody knows"),
        pytest.param({"GOCUA_CHANNELS": "zalo"}, "GOCUA_CHANNELS knows", id="a channel nobody knows"),
        pytest.param({"GOCUA_CHANNELS": "telegram"}, "GOCUA_TELEGRAM_APPROVAL", id="Telegram without a yes"),
        pytest.param(
            {"GOCUA_CHANNELS": "zalo_oa", "GOCUA_ZALO_APP_ID": "1"}, "GOCUA_ZALO_OA_ID", id="Zalo without its ids"
        ),
        pytest.param({"GOCUA_ZALO_API": "http://openapi.zalo.me"}, "GOCUA_ZALO_API must begin", id="an open line"),
        pytest.param({"GOCUA_OIDC_ISSUER": "https://a.vn"}, "GOCUA_OIDC_CLIENT_ID", id="a provider that knows nobody"),
        pytest.param({"GOCUA_OIDC_CLIENT_ID": "x"}, "GOCUA_OIDC_ISSUER", id="a client of nobody"),
        pytest.param(
            {"GOCUA_OIDC_ISSUER": "http://a.vn", "GOCUA_OIDC_CLIENT_ID": "x"},
            "GOCUA_OIDC_ISSUER must",
            id="in the open",
        ),
        pytest.param(
            {"GOCUA_OIDC_ISSUER": "https://a.vn/?x", "GOCUA_OIDC_CLIENT_ID": "x"}, "GOCUA_OIDC_ISSUER must", id="asked"
        ),
        pytest.param({"GOCUA_ZALO_REQUESTS_A_MINUTE": "0"}, "must be a number above 0", id="no requests"),
        pytest.param({"GOCUA_ZALO_REQUESTS_A_MINUTE": "many"}, "must be a number above 0", id="not a number"),
    ],
)
def test_channels_that_cannot_be_run(given: dict[str, str], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        load_settings(given)


def test_a_stand_in_on_this_machine_needs_no_lock() -> None:
    assert load_settings({"GOCUA_ZALO_API": "http://127.0.0.1:9001"}).zalo_api == "http://127.0.0.1:9001"


@pytest.mark.parametrize("secret", ["", "short", "a" * 40, "changeme changeme changeme", "bí mật dài thiệt là dài"])
def test_a_secret_anybody_could_guess(secret: str, tmp_path: Path) -> None:
    (tmp_path / "telegram_token").write_text(secret, encoding="utf-8")
    with pytest.raises(SettingsError, match="telegram_token") as caught:
        read_secret(Settings(secrets=tmp_path), "telegram_token")
    assert not secret or secret not in str(caught.value)


def test_a_secret_comes_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "zalo_oa_secret").write_text("Kx81-vZq0-77Lm-ppRw\n")
    assert read_secret(Settings(secrets=tmp_path), "zalo_oa_secret") == "Kx81-vZq0-77Lm-ppRw"
    for settings in (Settings(), Settings(secrets=tmp_path / "none")):
        with pytest.raises(SettingsError, match="zalo_oa_secret"):
            read_secret(settings, "zalo_oa_secret")


@pytest.mark.parametrize("port", ["0", "65536", "-1", "80a", "8080.0", "²", "cổng"])
def test_a_port_that_is_none(port: str) -> None:
    with pytest.raises(SettingsError, match="GOCUA_PORT must be a port between 1 and 65535"):
        load_settings({"GOCUA_PORT": port})


def test_figures_and_proxies() -> None:
    assert (Settings().metrics_port, Settings().proxies) == (0, 0)
    given = load_settings({"GOCUA_METRICS_PORT": "0", "GOCUA_PROXIES": "1"})
    assert (given.metrics_port, given.proxies) == (0, 1)
    for variable, text in (("GOCUA_METRICS_PORT", "65536"), ("GOCUA_PROXIES", "-1"), ("GOCUA_PROXIES", "²")):
        with pytest.raises(SettingsError, match=variable):
            load_settings({variable: text})


@pytest.mark.parametrize("url", ["http://gocua.example", "gocua.example", "ftp://gocua.example"])
def test_an_address_people_open_has_a_lock(url: str) -> None:
    with pytest.raises(SettingsError, match="GOCUA_PUBLIC_URL must begin with https://"):
        load_settings({"GOCUA_PUBLIC_URL": url})


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:5005",
        "http://localhost:5005/",
        "http://[::1]:5005",
        "https://10.1.2.3",
        "https://rasa.noi-bo:8443/nlu",
    ],
)
def test_a_rasa_server_near_by_is_asked(url: str) -> None:
    assert load_settings({"NLU_URL": url}).nlu_url == url


@pytest.mark.parametrize(
    "url",
    [
        "http://10.1.2.3:5005",
        "http://rasa.noi-bo:5005",
        "https://8.8.8.8",
        "https://[2001:4860:4860::8888]",
        "https://ai@10.1.2.3",
        "https://10.1.2.3?token=x",
        "http://127.0.0.1:5005/#x",
        "http://127.0.0.1:99999",
        "http://127.0.0.1:5005/\tx",
        "http://[::1",
        "127.0.0.1:5005",
        "file:///etc/passwd",
        "https://",
    ],
)
def test_a_rasa_server_strangers_could_listen_to_is_not(url: str) -> None:
    with pytest.raises(SettingsError, match="NLU_URL must be"):
        load_settings({"NLU_URL": url})


@pytest.mark.parametrize(
    "url", ["https://chiendich.example.vn/gocua", "https://10.1.2.3:8443", "http://127.0.0.1:5005/"]
)
def test_completions_are_posted_to_an_address_with_a_lock(url: str) -> None:
    assert load_settings({"GOCUA_CAMPAIGN_WEBHOOK": url}).campaign_webhook == url


@pytest.mark.parametrize(
    "url",
    [
        "http://10.1.2.3/",
        "ftp://127.0.0.1/",
        "https://",
        "https://ai@10.1.2.3/",
        "https://10.1.2.3/?token=x",
        "https://10.1.2.3:99999/",
        "https://10.1.2.3/#x",
        "https://[::1",
        "chiendich.example.vn",
    ],
)
def test_completions_are_posted_nowhere_else(url: str) -> None:
    with pytest.raises(SettingsError, match="GOCUA_CAMPAIGN_WEBHOOK must begin with https://"):
        load_settings({"GOCUA_CAMPAIGN_WEBHOOK": url})


def test_a_secret_one_can_do_without(tmp_path: Path) -> None:
    assert find_secret(load_settings({}), "nlu_token") == ""
    settings = load_settings({"GOCUA_SECRETS": str(tmp_path)})
    assert find_secret(settings, "nlu_token") == ""
    (tmp_path / "nlu_token").write_text("eyJhbGciOi.JIUzI1NiJ9.c2lnbmVk\n")
    assert find_secret(settings, "nlu_token") == "eyJhbGciOi.JIUzI1NiJ9.c2lnbmVk"
    (tmp_path / "nlu_token").write_text("secret")
    with pytest.raises(SettingsError, match="nlu_token must hold one secret"):
        find_secret(settings, "nlu_token")


def test_a_folder_without_dialogs_is_no_content(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no folder dialogs/"):
        load_settings({"GOCUA_CONTENT": str(tmp_path)})


def test_the_settings_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        load_settings({}).port = 1  # type: ignore[misc]


def test_every_setting_has_a_line_of_help() -> None:
    assert [field.name for field in fields(Settings) if not field.metadata.get("help")] == []
