"""The fixed texts of the web pages, in Vietnamese; ``locales/`` has them in other languages."""

WORDS = {
    "what": "máy trả lời tự động",
    "scam": "Nghi bị lừa?",
    "other_language": "English",
    "sizes": "Cỡ chữ",
    "size_0": "Chữ thường",
    "size_1": "Chữ lớn",
    "size_2": "Chữ rất lớn",
    "chat": "Cuộc trò chuyện",
    "busy": "Chờ một chút nha…",
    "type": "Gõ tin nhắn",
    "send": "Gửi",
    "warning": (
        "Đây không phải trang của công an, thành phố hay ngân hàng. "
        "Đừng gõ mã OTP, mật khẩu, số căn cước hay số thẻ vào đây."
    ),
    "check_phrase": "Câu dò, phải giống trên giấy và áp phích:",
    "hear": "Nghe",
    "look": "Cách hiện chữ",
    "elder": "Chữ to, nói chậm",
    "usual": "Như bình thường",
    "other_answers": "Cần chuyện khác",
    "voice": "Đọc to",
    "read_again": "Đọc lại",
    "hush": "Im",
    "no_voice": (
        "Máy này chưa có giọng đọc tiếng Việt nên không đọc to được. Chữ ở đây to sẵn, mình đọc từ từ nha; "
        "có ai kế bên thì nhờ đọc giùm."
    ),
    "to_the_chat": "Về trang trò chuyện",
    # said by the script
    "stop_hearing": "Dừng đọc",
    "sent": "Đã gửi: ",
    "send_again": "Gửi lại",
    "open_again": "Mở lại trang",
    "offline": 'Mạng đang chập chờn, tin này chưa chắc đã tới. Chờ một chút rồi bấm "Gửi lại".',
    # pages instead of the chat
    "not_found": "Trang này không có",
    "not_found_text": "Có thể địa chỉ bị gõ nhầm. Mời quay về trang trò chuyện, chỗ đang làm vẫn còn.",
    "wrong_way": "Trang này không mở kiểu đó",
    "wrong_way_text": "Mời quay về trang trò chuyện, chỗ đang làm vẫn còn.",
    "failed": "Máy đang trục trặc",
    "failed_text": "Không phải tại mình đâu. Chỗ đang làm vẫn còn nguyên; mời thử lại sau vài phút.",
    "elsewhere": "Tin này không gửi từ trang Gõ Cửa",
    "elsewhere_text": "Để an toàn, máy không nhận. Mời mở trang trò chuyện rồi gõ lại.",
    "no_session": "Máy chưa nhớ được cuộc trò chuyện",
    "no_session_text": (
        "Mời mở lại trang trò chuyện. Nếu vẫn thấy dòng này, nhờ người nhà bật cookie của trình duyệt."
    ),
    "not_a_form": "Máy chưa đọc được tin này",
    "not_a_form_text": "Mời về trang trò chuyện rồi gõ lại, hoặc bấm một nút.",
    "too_long": "Tin này dài quá",
    "too_long_text": "Máy đọc chưa hết. Mời gõ ngắn lại, hoặc bấm một nút bên dưới.",
}
