"""Every text of the trainers' bot. It speaks to staff, in Vietnamese; of residents it says seat numbers (T24, T28)."""

# ---- who is let in ----

STRANGER = (
    "Dạ, bot này dành cho người dạy lớp của chiến dịch. Nếu mình là người dạy: vào trang /desk, mở mục Tài khoản của "
    "tôi, lấy mã nối Telegram."
)
WRONG_CODE = (
    "Dạ mã này không dùng được: gõ nhầm, đã dùng rồi, hoặc quá 30 phút. Mình lấy mã mới ở trang /desk, mục Tài khoản "
    "của tôi. Thử nhiều lần thì chờ 10 phút."
)
TIED = "Dạ nối xong rồi. Từ giờ mình dẫn lớp được ở đây. Máy nào nối trước đó thì hết dẫn được."
TROUBLE = "Dạ máy đang trục trặc, chưa làm được. Mình bấm lại giúp sau một chút."

# ---- what can be done ----

HELP = (
    "Dạ ở đây mình dẫn lớp bằng nút bấm, hay gõ chữ, có dấu hay không cũng được:\n"
    "mở lớp · tiếp · lùi · nhắc lại · ai vướng · cả lớp · không máy 5 · xác nhận 3 7 12 · mã lớp · các lớp · "
    "kết thúc\n\n"
    "Telegram đặt máy ở nước ngoài: chỉ nói số ghế, đừng gõ tên, số điện thoại hay giấy tờ của ai."
)
NOT_UNDERSTOOD = 'Dạ chưa hiểu. Gõ "giúp" để coi gõ được gì.'
NO_CLASS = "Dạ mình chưa có lớp nào đang mở."
WHICH_CLASS = "Dạ lớp nào?"
CLASS_GONE = "Dạ lớp này đã xong, hoặc mình không còn dẫn lớp đó."
NOT_YET = "Dạ lớp này bắt đầu lúc {at}; từ {doors} mới vô lớp được."

# ---- opening ----

WHICH_LESSON = "Dạ mở lớp bài nào?"
WHICH_LENGTH = "Dạ {lesson}: buổi ngắn hay buổi dài?"
WHICH_WARD = "Dạ lớp ở phường, xã nào? Gõ tên hay mã phường, xã của mình."
WARD_UNKNOWN = 'Dạ chưa ra phường, xã đó trong phần của mình. Gõ lại tên hay mã giúp; thôi không mở thì gõ "thôi".'
WHICH_VENUE = "Dạ học ở đâu? Gõ nơi học, ví dụ: nhà văn hoá khu phố 3. Không cần ghi thì bấm nút."
VENUE_REFUSED = "Dạ chỗ này chỉ ghi nơi học, không ghi số điện thoại, giấy tờ hay mã. Mình gõ lại giúp."
STOPPED = "Dạ thôi, chưa mở lớp nào."
OPENED = "Dạ lớp đã mở: {lesson}{venue}."
CODE = (
    "Mã lớp: {code}\n"
    'Bà con mở Zalo hay Telegram của Gõ Cửa, gõ "vào lớp {code}". Không có Zalo thì lấy máy quét hình này.\n'
    "Màn chiếu: {projector}"
)

# ---- leading ----

PART = "Phần {number}/{count}: {title} ({minutes} phút)"
SAY = "Đọc cho bà con:\n{text}"
PAUSE = "Nghỉ. {text}"
DO = "Bà con làm: {text}"
PLAY = "Đóng vai:"
TRICK = "Kẻ gian: {text}"
ANSWER = "Cả lớp: {text}"
ASK = "Hỏi: {ask}\nĐáp đúng: {answer}"
REACHED = "Bước này đang tới máy của {seats} ghế."
LAST_PART = "Dạ đây là phần cuối rồi."
FIRST_PART = "Dạ đây là phần đầu rồi."
ALREADY = "Dạ lớp đang ở phần này rồi."
NOT_BEGUN = "Dạ lớp chưa bắt đầu. Bấm phần đầu để bắt đầu."
AGAIN = "Dạ đã nhắc lại bước này trên các máy đang ở đó."
NOTHING_TO_REPEAT = "Dạ phần này không có bước nào trên máy để nhắc."

BOARD = "{title}\n{part}\n{seats} ghế, {without_phone} người không máy"
DONE = "Qua bước này rồi: {done} · đang làm: {here}"
LEFT = "Còn {part} phút phần này, {lesson} phút cả buổi"
OVERTIME = "quá {minutes}"
PHONES = "iPhone {iphone} · Android {android} · chưa rõ {unknown}"
NEEDS_HELP = "Cần giúp: {seats} ghế"
STANDING = "{step}: {seats}"
HERE = "{step}: {seats} (đang dạy)"

NOBODY_STUCK = "Dạ chưa ghế nào xin giúp."
STUCK = "Ghế {seat}{phone} · {step}\n{symptom}"
REMEDY = "→ {text}"
MORE_STUCK = "Và các ghế: {seats}"

HOW_MANY = "Dạ mấy người không đem máy, hay ngồi coi chung? Bấm số, hoặc gõ: không máy 12"
COUNTED = "Dạ ghi {count} người không máy."

WHICH_SEATS = (
    "Dạ {task}: ghế nào mình đã thấy tận mắt trên máy là xong? Gõ số ghế, ví dụ: 3 7 12. Có nút là ghế máy đã báo xong."
)
NO_TASK = "Dạ bài này không có việc nào để xác nhận."
CONFIRMED_SO_FAR = "Đã xác nhận: {seats}."
SURE = "Dạ ghế {seats}: mình đã thấy tận mắt trên máy là xong?"
NOT_SAID = "Máy chưa báo xong: ghế {seats}."
TOO_MANY = "Dạ mỗi lần {most} ghế thôi; gõ lại ít hơn giúp."
TAKEN = "Dạ {task}: đã ghi ghế {seats}."
TAKEN_BACK = "Dạ {task}: đã rút lại ghế {seats}."
NOBODY_THERE = "Không có ai đang làm việc này ở ghế {seats}."
SHARED = "Dạ máy này có mấy người. Ghế {seat}: người nào?"
CONFIRMING_OVER = "Dạ hết giờ xác nhận cho lớp này rồi."

ASK_END = "Dạ kết thúc lớp này? Mã lớp hết xài; bà con giữ nguyên chỗ đang làm."
ENDED = "Dạ lớp kết thúc. Cảm ơn mình nhiều. {seats} ghế, {without_phone} người không máy."

# ---- what is told unasked ----

SOON = "Dạ nhắc mình: {at} hôm nay có lớp {lesson}{venue}. Mã lớp {code}."
MORNING = "Dạ chào buổi sáng."
TODAY = "Hôm nay mình có:"
TODAY_CLASS = "{at} {lesson}{venue}"
BEFORE = "{lesson}: {seats} ghế. Còn xác nhận ghế đã làm xong được tới {until}."

# ---- buttons ----

B_OPEN = "Mở lớp"
B_CLASSES = "Các lớp của mình"
B_HELP = "Coi gõ được gì"
B_START = "Bắt đầu: {title}"
B_NEXT = "Tiếp: {title}"
B_BACK = "Phần trước"
B_AGAIN = "Nhắc lại bước"
B_STUCK = "Ai vướng"
B_BOARD = "Cả lớp tới đâu"
B_WITHOUT = "Người không máy"
B_CONFIRM = "Xác nhận ghế"
B_CODE = "Mã lớp, màn chiếu"
B_END = "Kết thúc lớp"
B_YES_END = "Kết thúc"
B_NO = "Chưa"
B_SEEN = "Đã thấy"
B_SEEN_TASK = "Đã thấy: {task}"
B_TAKE_BACK = "Rút lại ghế {seats}"
B_SEAT = "Ghế {seat}"
B_TYPES = "Người bấm máy"
B_HELPED = "Người đi chung {number}"
B_NO_VENUE = "Không ghi nơi học"
LENGTHS = {"short": "Buổi ngắn, {minutes} phút", "long": "Buổi dài, {minutes} phút"}

PHONE_KINDS = {"iphone": ", iPhone", "android": ", Android"}
