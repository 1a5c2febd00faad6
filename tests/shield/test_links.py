"""Links: a host is on the list or it is not, however its look-alikes are written (T42)."""

import pytest

from bot.shield.links import OFFICIAL, decoded, find_links, verdict_of

# other people's hosts that look like ours
LIKE = (
    "vneid.com",
    "vneid.co",
    "vneid.vn",
    "vneid.com.vn",
    "vneid.net",
    "vneid.org",
    "vneid.top",
    "vneid.xyz",
    "vneid.cc",
    "vneid.vip",
    "vneid.online",
    "vneid.site",
    "vneid.info",
    "vneid.app",
    "vneid.io",
    "vneid-gov.vn",
    "vneid-gov.com",
    "vneid.gov.com",
    "vneid.gov.vn.com",
    "vneid.gov.vn.co",
    "vneid.gov.vn.net",
    "vneid.gov.vn.xac-thuc.top",
    "vneid.gov.vn-xacthuc.com",
    "vneid.gov.vn.vn",
    "vneid.gov.vn.info",
    "www.vneid.com",
    "www.vneid.gov.vn.top",
    "xvneid.gov.vn",
    "vneidd.gov.vn",
    "vnneid.gov.vn",
    "vneld.gov.vn",
    "vne1d.gov.vn",
    "vneid.g0v.vn",
    "vneid.gov.vm.com",
    "vneid.gov-vn.com",
    "vneid.govn.vn",
    "vneidgov.vn",
    "vneidgovvn.com",
    "gov.vn.vneid.com",
    "gov.vneid.vn",
    "dichvucong-gov.com",
    "dichvucong.gov.com",
    "dichvucong.gov.vn.co",
    "dichvucongquocgia.com",
    "dvc-gov.vn",
    "bocongan.cc",
    "bocongan-gov.vn",
    "congan.vip",
    "capnhat-vneid.com",
    "kichhoat-vneid.net",
    "xacthuc-vneid.top",
    "vneid-muc2.com",
    "vneid-muc3.online",
    "dinhdanh-gov.site",
    "cancuoc.online",
    "cccd-gov.com",
    "bhxh-gov.com",
    "vssid.net",
    "congdanso-hcm.site",
    "ansinhxahoi.top",
    "nhanqua-vneid.xyz",
    "qua100k.click",
    "bit.ly",
    "t.me",
    "gov.vn",
    "vneid.apk.com",
    "m.vneid.com",
    "secure.vneid.cc",
    "login-vneid.gov.vn.top",
    "vneid.gov.vn.tk",
    "vneid_gov.vn",
    "v-neid.com",
    "vn-eid.com",
    "vneid2.com",
    "vneid24h.com",
    "vneidvn.com",
    "vneid.gov.ru",
    "vneid.gov.cn",
)

# the ways a link is written; each must give the host of LIKE
WAYS = ("{}", "http://{}/", "https://{}:8443/dang-nhap?x=1", "vào {} nha con")

ODD = (
    # user-info: what stands before "@" is nobody's host
    "https://vneid.gov.vn@evil.com",
    "https://vneid.gov.vn@evil.com/vneid.gov.vn",
    "http://vneid.gov.vn:80@evil.top",
    "https://vneid.gov.vn%20@evil.com/",
    "vneid.gov.vn@evil.com",
    "vneid.gov.vn:443@evil.com/x",
    "https://a@b@evil.com/",
    "https://vneid.gov.vn\\@evil.com",
    "vneid.gov.vn\\@evil.com",
    "https://user:vneid.gov.vn@evil.com/",
    # ports and paths
    "https://evil.com:443/vneid.gov.vn",
    "evil.com/vneid.gov.vn",
    "evil.com?vneid.gov.vn",
    "evil.com#vneid.gov.vn",
    "http://evil.com/?u=https://vneid.gov.vn",
    "https://evil.com\\vneid.gov.vn",
    "//evil.com/vneid.gov.vn",
    "https:///evil.com/vneid.gov.vn",
    "https://vneid.gov.vn&evil.com",
    "https://vneid.gov.vn%2eevil.com",
    "https://vneid.gov.vn%00.evil.com",
    "https://vneid%2egov%2evn/",
    "https://vneid.gov.vn,evil.com/",
    "https://vneid..gov.vn/",
    "https://.vneid.gov.vn/",
    # coded and foreign letters
    "xn--vnid-cpa.gov.vn",
    "https://xn--vneid-.gov.vn",
    "https://xn--vnid-4ve.gov.vn/",
    "xn--80ak6aa92e.com",
    "vnеid.gov.vn",
    "vneіd.gov.vn",
    "νneid.gov.vn",
    "vnéid.gov.vn",
    "vnẹid.gov.vn",
    "vneıd.gov.vn",
    "vneid.gоv.vn",
    "vneid.gov.νn",
    "https://vnеid.gov.vn/",
    "ｖｎｅｉｄ．ｇｏｖ．ｖｎ",
    "https://ｖneid.gov.vn",
    "vneid。gov。vn",
    "vneid․gov․vn.com",
    # invisible letters
    "vne\u200bid.gov.vn",
    "vneid\u200d.gov.vn",
    "vneid.gov\u2060.vn",
    "https://vne\u00adid.gov.vn/",
    "vneid.gov.vn\u200b.com",
    "\u202evneid.gov.vn.com",
    # dots written otherwise
    "vneid[.]com",
    "vneid(.)com",
    "vneid {.} com.vn",
    "vneid . gov . vn . com",
    "vneid chấm com",
    "vneid cham gov cham com",
    "vneid [dot] com [dot] vn",
    "hxxp://vneid.com",
    "http : //vneid.com",
    "HTTP://VNEID.COM",
    "https:vneid.com/",
    # numbers for hosts
    "http://3232235777/",
    "http://192.168.1.1/vneid",
    "192.168.1.1/vneid.gov.vn",
    "http://0x7f000001/",
)

OURS = (
    "vneid.gov.vn",
    "https://vneid.gov.vn",
    "HTTPS://VNEID.GOV.VN/",
    "https://vneid.gov.vn:443/huong-dan?x=1#a",
    "vneid.gov.vn.",
    "www.vneid.gov.vn",
    "dangky.vneid.gov.vn",
    "vneid . gov . vn",
    "vneid chấm gov chấm vn",
    "vneid[.]gov[.]vn",
    "(vneid.gov.vn)",
    "vneid.gov.vn/@evil.com",
    "https://ai@vneid.gov.vn/",
)

NONE = (
    "dạ.co ai không",
    "xong rồi.bấm gì nữa",
    "TP.HCM",
    "P.14 Q.10",
    "bản 2.2.6",
    "2.500.000",
    "gọi 1900.0368",
    "v.v...",
    "con ơi. Vậy là sao",
    "ngày 21.11.2026",
    "ok.em làm rồi",
    "",
    "...",
    "bacmau@gmail.com",
    "69/2024/NĐ-CP",
)


def test_there_are_enough_look_alikes() -> None:
    assert len(LIKE) * len(WAYS) + len(ODD) >= 200


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("host", LIKE)
def test_a_look_alike_is_found_and_not_listed(host: str, way: str) -> None:
    links = find_links(way.format(host))
    assert [(link.host, link.verdict) for link in links] == [(host.replace(".", "[.]"), "not_listed")]


@pytest.mark.parametrize("text", ODD)
def test_an_odd_way_of_writing_is_never_official(text: str) -> None:
    links = find_links(text)
    assert links
    assert {link.verdict for link in links} == {"not_listed"}


@pytest.mark.parametrize("text", OURS)
def test_an_official_host_is_known(text: str) -> None:
    assert [link.verdict for link in find_links(text)] == ["official"]


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_link(text: str) -> None:
    assert find_links(text) == ()


@pytest.mark.parametrize("text", [*LIKE, *ODD, *OURS])
def test_no_host_can_be_pressed(text: str) -> None:
    for link in find_links(text):
        assert "." not in link.host.replace("[.]", "")
        assert 0 <= link.start < link.end <= len(text)


def test_the_list_is_handed_in() -> None:
    assert verdict_of("dichvucong.gov.vn", OFFICIAL) == "not_listed"
    assert verdict_of("dichvucong.gov.vn", {"dichvucong.gov.vn"}) == "official"
    assert [link.verdict for link in find_links("vneid.gov.vn", official=())] == ["not_listed"]


def test_a_coded_label_is_read() -> None:
    assert decoded("XN--VNID-CPA.gov.vn.") == "vnéid.gov.vn"


def test_a_link_stands_where_it_was_written() -> None:
    text = "con coi https://vneid.com.vn/a nha"
    (link,) = find_links(text)
    assert text[link.start : link.end] == "https://vneid.com.vn/a"
