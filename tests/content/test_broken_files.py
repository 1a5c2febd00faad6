# ruff: noqa: E501 - a message stays on one line, so that it can be searched for
"""What ``gocua check`` says to an author: one small mistake a case, and the exact words that answer it."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.content.small_content import SMALL, copy_of_small, problems, spoil

CAI, GIUP, MENU = "dialogs/cai_app.yml", "dialogs/giup.yml", "dialogs/menu.yml"
PHRASES, WORDS = "dialogs/phrases.yml", "dialogs/plain_words.yml"
HOTLINES, HOSTS = "knowledge/hotlines.yml", "knowledge/hosts.yml"
ARTICLE, PICTURE = "knowledge/hoi_dap/mat_phi.md", "knowledge/pictures/kho.yml"

# what else is said where the menu, or the only number of the list, cannot be used
NO_MENU = (
    'dialogs:1: thiếu tệp "menu.yml".',
    'dialogs/cai_app.yml:25: bước "kiem_tra" trỏ tới "menu.chon", không có cuộc trò chuyện "menu".',
    'dialogs/chao.yml:7: bước "bat_dau" trỏ tới "menu.chon", không có cuộc trò chuyện "menu".',
    'dialogs/giup.yml:15: bước "xoa" nút "Xoá hết" mang nghĩa "agree" nên cần "goto" hoặc "call".',
    'dialogs/giup.yml:21: bước "xoa" trỏ tới "menu.chon", không có cuộc trò chuyện "menu".',
)
NO_1022 = (
    'dialogs/cai_app.yml:30: trục trặc "khong_tai_duoc" nhắc số "1022", chưa có trong knowledge/hotlines.yml.',
    'dialogs/giup.yml:4: bước "ghi" nhắc số "1022", chưa có trong knowledge/hotlines.yml.',
    'knowledge/pictures/goi.yml:1: nhắc số "1022", chưa có trong knowledge/hotlines.yml.',
)


@dataclass(frozen=True)
class Case:
    """``spoil`` changes the copy of the small content; ``said`` is all that is then to be said."""

    label: str
    spoil: Callable[[Path], None]
    said: tuple[str, ...]


def edit(label: str, file: str, old: str, new: str, *said: str) -> Case:
    return Case(label, lambda root: spoil(root, file, old, new), said)


def write(label: str, file: str, text: str | bytes, *said: str) -> Case:
    written = text if isinstance(text, bytes) else text.encode()
    return Case(label, lambda root: _write(root / file, written), said)


def remove(label: str, file: str, *said: str) -> Case:
    return Case(label, lambda root: (root / file).unlink(), said)


def _write(path: Path, written: bytes) -> None:
    path.write_bytes(written)


CASES = (
    # ---- words and names that do not exist ----
    edit(
        "an unknown word in a step",
        CAI,
        'picture: "kho"\n    stuck',
        'pictur: "kho"\n    stuck',
        'dialogs/cai_app.yml:12: bước "tai" là bước có số mà chưa có hình ("picture").',
        'dialogs/cai_app.yml:17: bước "tai" có chữ "pictur" không dùng được ở đây. Ý bạn là "picture"?',
    ),
    edit(
        "an unknown word in a file",
        CAI,
        "task:",
        "tassk:",
        'dialogs/cai_app.yml:2: có chữ "tassk" không dùng được ở đây. Ý bạn là "task"?',
        'dialogs/cai_app.yml:24: bước "kiem_tra" "complete" chỉ dùng trong tệp có "task".',
    ),
    edit(
        "an unknown word in a choice",
        MENU,
        'means: "scam_report"',
        'mean: "scam_report"',
        'dialogs/menu.yml:9: bước "chon" có chữ "mean" không dùng được ở đây. Ý bạn là "means"?',
    ),
    edit(
        "an unknown step",
        CAI,
        'goto: "tai"',
        'goto: "tay"',
        'dialogs/cai_app.yml:28: bước "kiem_tra" trỏ tới "tay", không có bước này. Ý bạn là "tai"?',
    ),
    edit(
        "an unknown step of another dialog",
        CAI,
        'goto: "menu.chon"',
        'goto: "menu.chonn"',
        'dialogs/cai_app.yml:25: bước "kiem_tra" trỏ tới "chonn", không có bước này. Ý bạn là "chon"?',
    ),
    edit(
        "an unknown dialog",
        CAI,
        'call: "noi_den"',
        'call: "noi_denn"',
        'dialogs/cai_app.yml:38: trục trặc "khong_tai_duoc" trỏ tới "noi_denn", không có cuộc trò chuyện "noi_denn". Ý bạn là "noi_den"?',
    ),
    edit(
        "an unknown dialog with a step",
        CAI,
        'goto: "menu.chon"',
        'goto: "menuu.chon"',
        'dialogs/cai_app.yml:25: bước "kiem_tra" trỏ tới "menuu.chon", không có cuộc trò chuyện "menuu". Ý bạn là "menu"?',
    ),
    edit(
        "an unknown picture",
        CAI,
        'picture: "goi"',
        'picture: "goii"',
        'dialogs/cai_app.yml:30: trục trặc "khong_tai_duoc" cần hình "goii", không có hình này. Ý bạn là "goi"?',
    ),
    edit(
        "an unknown meaning",
        MENU,
        'means: "scam_report"',
        'means: "scam_reprot"',
        'dialogs/menu.yml:3: bước "chon" nút "Nghi bị lừa" mang nghĩa "scam_reprot", không ai hiểu. Ý bạn là "scam_report"?',
    ),
    edit(
        "an unknown article",
        MENU,
        'means: "scam_report"',
        'means: "faq/mat_phii"',
        'dialogs/menu.yml:3: bước "chon" nút "Nghi bị lừa" mang nghĩa "faq/mat_phii", không ai hiểu. Ý bạn là "faq/mat_phi"?',
    ),
    edit(
        "an unknown step that answers a meaning",
        GIUP,
        'human: "ghi"',
        'human: "gi"',
        'dialogs:1: chưa có tệp nào trả lời nghĩa "human" (hears).',
        'dialogs/giup.yml:2: trỏ tới "gi", không có bước này. Ý bạn là "ghi"?',
        'dialogs/giup.yml:8: bước "lua_dao" nút "Gặp người thật" mang nghĩa "human", không ai hiểu.',
        'dialogs/viec_khac.yml:4: bước "hoi" nút "Gặp người thật" mang nghĩa "human", không ai hiểu.',
        'dialogs/plain_words.yml:1: nghĩa "human" không ai hiểu.',
    ),
    edit(
        "a plain word of an unknown meaning",
        "dialogs/plain_words.yml",
        "done:",
        "dones:",
        'dialogs/plain_words.yml:1: nghĩa "dones" không ai hiểu. Ý bạn là "done"?',
    ),
    edit(
        "a symptom named twice",
        CAI,
        'stuck: ["khong_tai_duoc"]',
        'stuck: ["khong_tai_duoc", "khong_tai_duoc"]',
        'dialogs/cai_app.yml:12: bước "tai" nhắc trục trặc "khong_tai_duoc" hai lần.',
    ),
    edit(
        "a label the engine has already",
        CAI,
        'label: "Máy khác"',
        'label: "Việc khác"',
        'dialogs/cai_app.yml:4: bước "hoi_may" nút "Việc khác" trùng với nút có sẵn "Việc khác".',
        'dialogs/cai_app.yml:4: bước "hoi_may": không gặp được người thật trong hai lần bấm.',
        'dialogs/cai_app.yml:4: bước "hoi_may": không tới được chỗ nghi bị lừa trong hai lần bấm.',
    ),
    edit(
        "a name with marks",
        CAI,
        "  kiem_tra:\n",
        "  kiểm tra:\n",
        'dialogs/cai_app.yml:19: tên "kiểm tra" chỉ được có chữ thường không dấu, số và gạch dưới.',
    ),
    edit(
        "an unknown effect",
        GIUP,
        'do: "hand_over"',
        'do: "handover"',
        'dialogs/giup.yml:5: bước "ghi" không có việc ghi "handover". Ý bạn là "hand_over"?',
    ),
    edit(
        "an effect without its purpose",
        GIUP,
        'do: ["decline: progress", "decline: count"]',
        'do: "decline"',
        'dialogs/giup.yml:26: bước "ngung" "decline" chưa đúng; viết "decline: progress", "decline: count".',
    ),
    edit(
        "complete where there is no task",
        GIUP,
        'do: "hand_over"',
        'do: "complete"',
        'dialogs/giup.yml:5: bước "ghi" "complete" chỉ dùng trong tệp có "task".',
    ),
    edit(
        "an unknown condition",
        CAI,
        'if: "phone_unknown"',
        'if: "phone_unkown"',
        'dialogs/cai_app.yml:5: bước "hoi_may" không có điều kiện "phone_unkown". Ý bạn là "phone_unknown"?',
    ),
    edit(
        "an unknown slot",
        CAI,
        '{phone: "iphone"}',
        '{fone: "iphone"}',
        'dialogs/cai_app.yml:9: bước "hoi_may" không có chỗ nhớ "fone". Ý bạn là "phone"?',
    ),
    edit(
        "an unknown value of a slot",
        CAI,
        '{phone: "iphone"}',
        '{phone: "iphon"}',
        'dialogs/cai_app.yml:9: bước "hoi_may" "phone" không nhận "iphon". Ý bạn là "iphone"?',
    ),
    edit(
        "an unknown symptom",
        CAI,
        'stuck: ["khong_tai_duoc"]',
        'stuck: ["khong_tai_duocc", "khong_tai_duoc"]',
        'dialogs/cai_app.yml:18: bước "tai" nhắc trục trặc "khong_tai_duocc", không có trục trặc này. Ý bạn là "khong_tai_duoc"?',
    ),
    edit(
        "an unknown task",
        CAI,
        '"digital_citizen_app"',
        '"digital_citizen"',
        'dialogs/cai_app.yml:2: không có việc "digital_citizen". Ý bạn là "digital_citizen_app"?',
        'dialogs/cai_app.yml:24: bước "kiem_tra" "complete" chỉ dùng trong tệp có "task".',
    ),
    edit(
        "an unknown placeholder",
        MENU,
        "{anh_chi} muốn",
        "{anh_chj} muốn",
        'dialogs/menu.yml:3: bước "chon" có chữ thay thế {anh_chj} không có thật. Ý bạn là "anh_chi"?',
    ),
    edit(
        "an unknown phrase",
        PHRASES,
        "  lost:",
        '  lots: "Dạ…"\n  lost:',
        'dialogs/phrases.yml:44: câu "lots" không ai dùng. Ý bạn là "lost"?',
    ),
    edit(
        "an unknown kind of plain words",
        WORDS,
        "  within:",
        "  withn:",
        'dialogs/plain_words.yml:3: nghĩa "human" có chữ "withn" không dùng được ở đây. Ý bạn là "within"?',
    ),
    # ---- what is there twice, or not at all ----
    edit(
        "a repeated step",
        GIUP,
        "  xung_ho:\n",
        '  xoa:\n    say: "Dạ."\n  xung_ho:\n',
        'dialogs/giup.yml:29: "xoa" bị lặp lại; chỗ đầu ở dòng 15.',
    ),
    edit(
        "a repeated word",
        CAI,
        'title: "Tải app"',
        'title: "Tải app"\n    title: "Tải"',
        'dialogs/cai_app.yml:14: bước "tai" "title" bị lặp lại; chỗ đầu ở dòng 13.',
    ),
    edit(
        "a repeated choice",
        CAI,
        'label: "Máy khác"',
        'label: "IPHONE"',
        'dialogs/cai_app.yml:10: bước "hoi_may" nút "IPHONE" bị lặp lại.',
    ),
    edit(
        "a meaning two dialogs hear",
        "dialogs/viec_khac.yml",
        '{more: "hoi"}',
        '{more: "hoi", human: "hoi"}',
        'dialogs/giup.yml:4: bước "ghi" không có lối nào dẫn tới.',
        'dialogs/viec_khac.yml:1: nghĩa "human" đã do tệp "giup" trả lời.',
    ),
    edit(
        "a meaning nobody hears",
        GIUP,
        ', privacy: "la_ai"',
        "",
        'dialogs:1: chưa có tệp nào trả lời nghĩa "privacy" (hears).',
    ),
    edit(
        "a missing phrase", PHRASES, '  lost: "Dạ mình về đầu nha."\n', "", 'dialogs/phrases.yml:1: thiếu câu "lost".'
    ),
    edit(
        "an empty phrase",
        PHRASES,
        '  lost: "Dạ mình về đầu nha."\n',
        '  lost: ""\n',
        'dialogs/phrases.yml:1: thiếu câu "lost".',
    ),
    edit("a missing title", MENU, 'title: "Chọn việc"\n', "", 'dialogs/menu.yml:1: thiếu "title".'),
    edit(
        "a choice without a label",
        CAI,
        '- label: "Chỉ chỗ giúp"\n            call',
        "- call",
        'dialogs/cai_app.yml:37: trục trặc "khong_tai_duoc" có một nút thiếu "label".',
    ),
    edit(
        "a symptom without a remedy",
        CAI,
        "symptoms:\n",
        'symptoms:\n  la_lam:\n    label: "Máy lạ lắm"\n',
        'dialogs/cai_app.yml:31: trục trặc "la_lam" chưa có cách thử nào ("try").',
    ),
    remove("no menu", MENU, *NO_MENU),
    # ---- ways ----
    edit(
        "a step nothing leads to",
        GIUP,
        "  la_ai:\n",
        '  mo_coi:\n    say: "Dạ."\n    goto: "return"\n  la_ai:\n',
        'dialogs/giup.yml:47: bước "mo_coi" không có lối nào dẫn tới.',
    ),
    edit(
        "a symptom no step names",
        CAI,
        "symptoms:\n",
        'symptoms:\n  la_lam:\n    label: "Máy lạ lắm"\n    try:\n      - say: "Dạ."\n',
        'dialogs/cai_app.yml:30: trục trặc "la_lam" không bước nào nhắc tới.',
    ),
    edit(
        "a journey without complete",
        CAI,
        '        do: "complete"\n',
        "",
        'dialogs/cai_app.yml:1: không đường nào đi tới "complete" của việc "digital_citizen_app".',
    ),
    edit(
        "a numbered step without a picture",
        CAI,
        '    picture: "kho"\n    stuck',
        "    stuck",
        'dialogs/cai_app.yml:12: bước "tai" là bước có số mà chưa có hình ("picture").',
    ),
    edit(
        "a numbered step without stuck",
        CAI,
        '    stuck: ["khong_tai_duoc"]\n',
        "",
        'dialogs/cai_app.yml:12: bước "tai" là bước có số mà chưa có trục trặc nào ("stuck") cho nút "Chưa được".',
        'dialogs/cai_app.yml:29: trục trặc "khong_tai_duoc" không bước nào nhắc tới.',
        'dialogs/noi_den.yml:3: bước "hoi" không có lối nào dẫn tới.',
    ),
    edit(
        "a place without a way on",
        "dialogs/noi_den.yml",
        'goto: "return"',
        'goto: "hoi"',
        'dialogs/noi_den.yml:3: bước "hoi": không có lối đi tiếp.',
    ),
    edit(
        "no way to help against scams",
        "dialogs/viec_khac.yml",
        '      - label: "Nghi bị lừa"\n        means: "scam_report"\n',
        "",
        'dialogs/cai_app.yml:4: bước "hoi_may": không gặp được người thật trong hai lần bấm.',
        'dialogs/cai_app.yml:4: bước "hoi_may": không tới được chỗ nghi bị lừa trong hai lần bấm.',
        'dialogs/cai_app.yml:12: bước "tai" (trục trặc "khong_tai_duoc"): không gặp được người thật trong hai lần bấm.',
        'dialogs/cai_app.yml:12: bước "tai" (trục trặc "khong_tai_duoc"): không tới được chỗ nghi bị lừa trong hai lần bấm.',
        'dialogs/cai_app.yml:12: bước "tai": không gặp được người thật trong hai lần bấm.',
        'dialogs/cai_app.yml:12: bước "tai": không tới được chỗ nghi bị lừa trong hai lần bấm.',
        'dialogs/noi_den.yml:3: bước "hoi": không gặp được người thật trong hai lần bấm.',
        'dialogs/noi_den.yml:3: bước "hoi": không tới được chỗ nghi bị lừa trong hai lần bấm.',
    ),
    edit(
        "a question without answers",
        "dialogs/noi_den.yml",
        '    choose:\n      - label: "Dạ rõ rồi"\n        goto: "return"\n',
        "",
        'dialogs/noi_den.yml:4: bước "hoi" có "ask" mà không có "choose": người ta không biết bấm gì.',
    ),
    edit(
        "answers without a question",
        GIUP,
        'ask: "Dạ mình gọi nhau sao ạ?"',
        'say: "Dạ mình gọi nhau sao ạ?"',
        'dialogs/giup.yml:30: bước "xung_ho" có "choose" thì lời hỏi viết ở "ask".',
    ),
    edit(
        "a waiting step that goes on",
        CAI,
        'title: "Tải app"',
        'title: "Tải app"\n    goto: "kiem_tra"',
        'dialogs/cai_app.yml:13: bước "tai" chờ người ta bấm, nên "goto", "call", "do" phải nằm trong từng nút.',
    ),
    edit(
        "both goto and call",
        CAI,
        'call: "noi_den"',
        'call: "noi_den"\n            goto: "tai"',
        'dialogs/cai_app.yml:37: trục trặc "khong_tai_duoc" nút "Chỉ chỗ giúp" có cả "goto" lẫn "call"; chỉ cần một.',
        'dialogs/cai_app.yml:39: trục trặc "khong_tai_duoc" trỏ tới "tai", không có bước này.',
    ),
    edit(
        "stuck at a step without a number",
        CAI,
        'title: "Tải app"\n    say:',
        "ask:",
        'dialogs/cai_app.yml:13: bước "tai" có "ask" mà không có "choose": người ta không biết bấm gì.',
        'dialogs/cai_app.yml:17: bước "tai" có "stuck" thì phải có "title" (bước có số).',
    ),
    edit(
        "an agreement that leads nowhere",
        GIUP,
        '        do: "forget"\n        goto: "menu.chon"\n',
        '        do: "forget"\n',
        'dialogs/giup.yml:15: bước "xoa" nút "Xoá hết" mang nghĩa "agree" nên cần "goto" hoặc "call".',
    ),
    # ---- texts ----
    edit(
        "a label too long",
        CAI,
        '"Máy báo không tải được"',
        '"Máy báo không tải được app này về máy của tôi"',
        'dialogs/cai_app.yml:30: trục trặc "khong_tai_duoc" nút "Máy báo không tải được app này về máy của tôi" dài 45 chữ cái, tối đa 35.',
    ),
    edit(
        "a label with a placeholder",
        MENU,
        '"Cài app"',
        '"Cài app cho {anh_chi}"',
        'dialogs/menu.yml:3: bước "chon" nút "Cài app cho {anh_chi}" không được có chữ thay thế.',
    ),
    edit(
        "a text too long",
        MENU,
        "muốn làm gì ạ?",
        "muốn làm gì ạ? " + "Nghe nha. " * 200,
        'dialogs/menu.yml:3: bước "chon" lời dài 2027 chữ cái, tối đa 2000.',
    ),
    edit(
        "words for a voice that the rules say by themselves",
        MENU,
        'ask: "Dạ {anh_chi} muốn làm gì ạ?"',
        'ask: "Dạ {anh_chi} muốn làm gì ạ?"\n    speech: "Dạ {anh_chi} muốn làm gì ạ?"',
        'dialogs/menu.yml:5: bước "chon" "speech" y như máy tự đọc, không cần ghi.',
    ),
    edit(
        "words for a voice that ask for a code",
        MENU,
        'ask: "Dạ {anh_chi} muốn làm gì ạ?"',
        'ask: "Dạ {anh_chi} muốn làm gì ạ?"\n    speech: "Dạ {anh_chi} đọc mã OTP cho em nha."',
        'dialogs/menu.yml:3: bước "chon" hỏi xin thứ không bao giờ được hỏi (mã OTP).',
    ),
    edit(
        "a lone bracket",
        MENU,
        "{anh_chi} muốn",
        "{anh_chi muốn",
        'dialogs/menu.yml:3: bước "chon" có dấu "{" hoặc "}" lẻ.',
    ),
    edit(
        "a text that asks for an OTP",
        CAI,
        "bật Wi-Fi lên nha",
        "đọc mã OTP cho {em} nha",
        'dialogs/cai_app.yml:30: trục trặc "khong_tai_duoc" hỏi xin thứ không bao giờ được hỏi (mã OTP).',
    ),
    edit(
        "a text that asks for an ID",
        CAI,
        "bật Wi-Fi lên nha",
        "gửi số căn cước qua đây nha",
        'dialogs/cai_app.yml:30: trục trặc "khong_tai_duoc" hỏi xin thứ không bao giờ được hỏi (số căn cước).',
    ),
    edit(
        "a text that asks for an account number",
        CAI,
        "app mở được chưa {anh_chi}?",
        "số tài khoản của {anh_chi} là gì?",
        'dialogs/cai_app.yml:19: bước "kiem_tra" hỏi xin thứ không bao giờ được hỏi (số tài khoản, số thẻ).',
    ),
    edit(
        "a label that asks for a card",
        MENU,
        '"Cài app"',
        '"Gửi hình căn cước"',
        'dialogs/menu.yml:3: bước "chon" hỏi xin thứ không bao giờ được hỏi (hình giấy tờ, gương mặt).',
    ),
    edit(
        "a phone number not listed",
        CAI,
        "gọi 1022",
        "gọi 1900 1234",
        'dialogs/cai_app.yml:30: trục trặc "khong_tai_duoc" nhắc số "1900 1234", chưa có trong knowledge/hotlines.yml.',
    ),
    edit(
        "a short number not listed",
        CAI,
        "gọi 1022",
        "gọi 1023",
        'dialogs/cai_app.yml:30: trục trặc "khong_tai_duoc" nhắc số "1023", chưa có trong knowledge/hotlines.yml. Ý bạn là "1022"?',
    ),
    edit(
        "a host not listed",
        CAI,
        "vneid.gov.vn",
        "vneid.com.vn",
        'dialogs/cai_app.yml:30: trục trặc "khong_tai_duoc" nhắc trang "vneid.com.vn", chưa có trong knowledge/hosts.yml. Ý bạn là "vneid.gov.vn"?',
    ),
    edit(
        "a link without a lock",
        CAI,
        "vneid.gov.vn",
        "http://vneid.gov.vn",
        'dialogs/cai_app.yml:30: trục trặc "khong_tai_duoc" trang "vneid.gov.vn" phải là https.',
    ),
    edit(
        "an installation file",
        CAI,
        "mở trang vneid.gov.vn",
        "cài tệp vneid.apk",
        'dialogs/cai_app.yml:30: trục trặc "khong_tai_duoc" nhắc tệp cài đặt .apk; chỉ được chỉ tới App Store, CH Play.',
    ),
    # ---- lists and knowledge ----
    edit(
        "a number not checked for long",
        HOTLINES,
        "2026-11-01",
        "2026-08-16",
        'knowledge/hotlines.yml:3: "1022" kiểm tra lần cuối 2026-08-16, đã quá 90 ngày.',
    ),
    edit(
        "a host not checked for long",
        HOSTS,
        "2026-11-01",
        "2026-08-16",
        'knowledge/hosts.yml:3: "vneid.gov.vn" kiểm tra lần cuối 2026-08-16, đã quá 90 ngày.',
    ),
    edit(
        "a day that is none",
        HOTLINES,
        "2026-11-01",
        "1/11/2026",
        *NO_1022,
        'knowledge/hotlines.yml:3: mục "1022": ngày "1/11/2026" phải viết dạng 2026-11-01.',
    ),
    edit(
        "a number nobody is sure of",
        HOTLINES,
        '"H"',
        '"L"',
        *NO_1022,
        'knowledge/hotlines.yml:3: mục "1022" chưa đủ chắc (confidence phải là H hoặc M) nên không được nói với người dân.',
    ),
    edit(
        "a number without a source",
        HOTLINES,
        '    source: "C9"\n',
        "",
        *NO_1022,
        'knowledge/hotlines.yml:3: mục "1022" thiếu "source".',
    ),
    edit(
        "an article to be looked at again",
        ARTICLE,
        "2027-02-01",
        "2026-11-14",
        "knowledge/hoi_dap/mat_phi.md:6: đã quá ngày phải xem lại (2026-11-14).",
    ),
    edit(
        "an article without an owner",
        ARTICLE,
        'owner: "biên tập"\n',
        "",
        'knowledge/hoi_dap/mat_phi.md:1: thiếu "owner".',
    ),
    write(
        "an article without its head",
        ARTICLE,
        "Dạ không mất phí.\n",
        'knowledge/hoi_dap/mat_phi.md:1: bài phải mở đầu bằng phần ghi chú giữa hai dòng "---".',
    ),
    # ---- files ----
    edit(
        "loose marks",
        MENU,
        "Chọn việc",
        unicodedata.normalize("NFD", "Chọn việc"),
        "dialogs/menu.yml:1: có chữ tổ hợp dấu rời (chưa NFC). Gõ lại dòng này, hoặc lưu tệp dạng NFC.",
    ),
    edit(
        "YAML that does not parse",
        MENU,
        '"Dạ {anh_chi} muốn làm gì ạ?"',
        "Dạ: {anh_chi} muốn làm gì ạ?",
        *NO_MENU,
        "dialogs/menu.yml:4: YAML không đọc được gần chỗ này (mapping values are not allowed in this context). Câu chữ cần đặt trong dấu ngoặc kép.",
    ),
    write(
        "not UTF-8",
        MENU,
        (SMALL / MENU).read_text(encoding="utf-8").encode("utf-16"),
        *NO_MENU,
        "dialogs/menu.yml:1: tệp không phải UTF-8. Lưu lại bằng UTF-8 giúp nhé.",
    ),
    write("an empty file", MENU, "", *NO_MENU, "dialogs/menu.yml:1: tệp trống."),
    write("a file of comments", MENU, "# để sau\n", *NO_MENU, "dialogs/menu.yml:1: tệp trống."),
    write(
        "a file that is a list",
        MENU,
        "- a\n- b\n",
        *NO_MENU,
        "dialogs/menu.yml:1: tệp phải gồm các dòng dạng chữ: giá trị.",
    ),
    write(
        "a control character",
        MENU,
        'title: "Chọn\x07"\n',
        *NO_MENU,
        "dialogs/menu.yml:1: tệp có ký tự điều khiển lạ, YAML không đọc được.",
    ),
    write(
        "a file with nothing to say",
        "dialogs/trong.yml",
        'title: "Trống"\n',
        'dialogs/trong.yml:1: tệp cần có "steps", "symptoms" hoặc "phrases".',
    ),
    edit(
        "a broken picture file",
        PICTURE,
        'press: "true"',
        'pres: "true"',
        'dialogs/cai_app.yml:12: bước "tai" cần hình "kho", không có hình này.',
        'knowledge/pictures/kho.yml:5: hình "kho": có chữ "pres" không dùng được ở đây. Ý bạn là "press"?',
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
def test_a_mistake_is_said_with_its_place(case: Case, tmp_path: Path) -> None:
    root = copy_of_small(tmp_path)
    case.spoil(root)
    assert sorted(problems(root)) == sorted(case.said)
