"""Texts that ask for what may never be asked for are caught; texts that warn, explain or instruct are not."""

import pytest

from bot.content.asks import asked_for
from bot.content.library import Library
from bot.content.texts import labels, lines

CODE, PASSCODE, PASSWORD, ANSWER = "mã OTP", "passcode", "mật khẩu", "câu trả lời bảo mật"
CARD_NUMBER, PHOTO, ACCOUNT = "số căn cước", "hình giấy tờ, gương mặt", "số tài khoản, số thẻ"
PHONE, PLACE, SCREEN, MONEY = "số điện thoại", "vị trí", "chia sẻ màn hình", "tiền"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Dạ {anh_chi} đọc mã OTP cho {em} nha.", CODE),
        ("Dạ {em} xin mã vừa tới máy nha.", CODE),
        ("Dạ mã OTP là gì vậy {anh_chi}?", CODE),
        ("{Anh_chi} gửi mã xác nhận qua đây giúp {em}.", CODE),
        ("Dạ {anh_chi} nhắn lại cho {em} mã gửi về máy nha.", CODE),
        ("Dạ cho {em} xin mã trong tin nhắn VNeID nha.", CODE),
        ("{Anh_chi} gõ mã OTP vào đây rồi bấm gửi.", CODE),
        ("Dạ {anh_chi} chụp màn hình có mã OTP gửi qua nha.", CODE),
        ("Dạ cho {em} biết passcode để {em} làm giùm.", PASSCODE),
        ("Dạ mã sáu số của {anh_chi} là gì ạ?", PASSCODE),
        ("Dạ {anh_chi} nói sáu số đó cho {em}.", PASSCODE),
        ("Dạ {anh_chi} gõ mật khẩu vô đây nha.", PASSWORD),
        ("Dạ cho {em} xin mật khẩu VNeID.", PASSWORD),
        ("Dạ {anh_chi} ghi mật khẩu trong khung chat này giúp {em}.", PASSWORD),
        ("{Anh_chi} cho {em} biết câu trả lời bảo mật nha.", ANSWER),
        ("Dạ {anh_chi} nhập số căn cước vào đây.", CARD_NUMBER),
        ("Dạ số CCCD của {anh_chi} là bao nhiêu ạ?", CARD_NUMBER),
        ("Dạ {anh_chi} gửi số định danh qua Zalo giúp {em}.", CARD_NUMBER),
        ("{Em} cần số căn cước của {anh_chi}, nhắn cho {em} nha.", CARD_NUMBER),
        ("Dạ {anh_chi} chụp hình căn cước gửi qua đây.", PHOTO),
        ("Dạ {anh_chi} gửi hình mặt trước căn cước nha.", PHOTO),
        ("Dạ {anh_chi} chụp hình gương mặt gửi cho {em}.", PHOTO),
        ("Dạ số tài khoản của {anh_chi} là gì?", ACCOUNT),
        ("Dạ {anh_chi} cho {em} xin số thẻ ngân hàng.", ACCOUNT),
        ("{Anh_chi} đọc ba số sau lưng thẻ cho {em}.", ACCOUNT),
        ("Dạ cho {em} xin số điện thoại của {anh_chi} ạ.", PHONE),
        ("Dạ {anh_chi} gửi vị trí cho {em} nha.", PLACE),
        ("Dạ {anh_chi} chia sẻ màn hình cho {em} coi.", SCREEN),
        ("Dạ {anh_chi} chuyển tiền phí qua số này.", MONEY),
        ("Dạ {anh_chi} đóng phí trước rồi {em} làm giùm.", MONEY),
        ("Dạ đừng lo. {Anh_chi} đọc mã OTP cho {em} nha.", CODE),
        ("Dạ {anh_chi} đừng đọc cho người lạ, đọc mã OTP cho {em} thôi.", CODE),
        ("DẠ ANH ĐỌC MÃ OTP CHO EM.", CODE),
        ("da anh doc ma otp cho em", CODE),
    ],
)
def test_what_asks_is_caught(text: str, what: str) -> None:
    assert asked_for(text) == what


@pytest.mark.parametrize(
    "text",
    [
        # warnings
        "Dạ mã OTP thì đừng đọc cho ai, kể cả {em} nha.",
        "Mã, mật khẩu, số giấy tờ thì đừng gửi cho ai, kể cả {em}.",
        "Mấy số đó đừng nhắn cho {em} nha.",
        "Không ai được kêu {anh_chi} đọc mã OTP hay mật khẩu.",
        "Dạ không ai cần mã OTP, mật khẩu, mã sáu số hay số thẻ của {anh_chi}: công an không, {em} cũng không.",
        'Có ai kêu {anh_chi} đọc mã thì bấm "Việc khác" rồi "Nghi bị lừa".',
        "Ai kêu đọc mã OTP thì {anh_chi} đừng đọc nha.",
        "Ba số bảo mật sau lưng thẻ thì đừng đọc cho ai nha.",
        "Ai đòi tiền để cập nhật là lừa nha {anh_chi}.",
        "Dạ dãy số {anh_chi} vừa gửi {em} không giữ lại.",
        "{Em} chưa lưu gì khi chưa được đồng ý, và không bao giờ hỏi mã, mật khẩu, số giấy tờ.",
        "Dạ {em} không giữ tin nhắn, hình hay giọng nói.",
        # what to do on one's own phone
        'Dạ {anh_chi} tự gõ vô máy 12 số căn cước, rồi số điện thoại đã khai với công an, xong bấm "Gửi yêu cầu".',
        'Dạ {anh_chi} coi tin nhắn, gõ mã OTP (đọc là ô-tê-pê) vô máy, bấm "Xác nhận".',
        "Mã xài chừng 3 phút, chỉ mình {anh_chi} biết thôi, đừng gửi cho ai, kể cả {em}.",
        "Dạ máy hỏi thì {anh_chi} tự đặt mật khẩu: 8 tới 20 ký tự, có chữ hoa, chữ thường, số, và dấu như @.",
        'Dạ ở "Thiết lập passcode", đọc là pát-cốt, là mã sáu số: {anh_chi} chọn số mình nhớ lâu.',
        'Dạ {nguoi_nha} tự gõ số căn cước với mật khẩu vô máy, rồi bấm "Đăng nhập".',
        "Câu trả lời đừng cho ai biết nha.",
        "Dạ {anh_chi} dò lại từng số một giúp {em}: đủ 12 số trên thẻ căn cước, rồi tới số điện thoại nha.",
        "Dạ {anh_chi} tự gõ số tài khoản của mình vô máy, đừng gửi cho ai nha.",
        "Số tài khoản chớ không phải số in trên thẻ.",
        "Dạ mình chọn lại: {anh_chi} quên mật khẩu đăng nhập, hay quên mã sáu số ạ?",
        "Dạ không biết mật khẩu thì mình đặt mật khẩu mới. {Em} chỉ {anh_chi} từng bước nha.",
        # what happens, where to go
        "Dạ trước giờ {anh_chi} có mở được VNeID bằng mã sáu số lần nào chưa ạ?",
        "Dạ SIM đứng tên {anh_chi}, giờ có gọi đi được không ạ? Mã xác nhận sẽ về SIM đó.",
        "Dạ {anh_chi} đã lăn tay, chụp hình ở công an để làm mức 2 chưa ạ?",
        "Dạ {anh_chi} lật thẻ ngân hàng lại, gọi đúng số in sau lưng thẻ.",
        "Dạ {anh_chi} đem thẻ căn cước gắn chip ra quầy ngân hàng nhờ họ coi giùm nha.",
        "Dạ {anh_chi} ra chỗ sáng đều, bỏ kính, khẩu trang, rồi nhìn thẳng vô máy giúp {em} nha.",
        "Dạ đòi quét thẻ: áp thẻ sát lưng máy, giữ yên 3 tới 5 giây.",
        "Dạ làm không mất phí nha.",
        "Việc này chỉ mở sẵn đường để nhận tiền, không có nghĩa là chắc có tiền.",
        "Dạ {anh_chi} xoá bớt hình và phim cũ không cần trong máy, rồi cài lại nha.",
        "Dạ theo đúng chữ trên màn hình của máy mình nha.",
        "Dạ {anh_chi} hỏi coi hồ sơ của mình đang ghi số điện thoại nào nha.",
        "Dạ {anh_chi} đọc chậm chữ trên máy cho {nguoi_nha} nghe, {nguoi_nha} ưng rồi mới bấm nha.",
        "Dạ từ chối vì sao, {anh_chi} coi giúp {em} nha.",
        "",
    ],
)
def test_what_does_not_ask_is_not_caught(text: str) -> None:
    assert asked_for(text) == ""


def test_no_text_of_the_project_asks(project: Library) -> None:
    texts = [(line.spot, line.text) for line in lines(project)] + list(labels(project))
    assert len(texts) > 500
    assert [(spot.file, spot.line, text) for spot, text in texts if asked_for(text)] == []
