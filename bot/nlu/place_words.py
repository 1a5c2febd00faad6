"""The words around the names of places: what makes a name a ward, a district, a street, or nothing at all."""

from typing import Final

from bot.core.text import fold

# what stands before the name of a ward, and the kind it means; "thị trấn" was one until July 2025
UNIT_KINDS: Final = {
    "phuong": "phường", "fuong": "phường", "phuog": "phường", "phg": "phường", "p": "phường", "ph": "phường",
    "f": "phường", "xa": "xã", "x": "xã", "dac khu": "đặc khu", "thi tran": "thị trấn", "tt": "thị trấn",
}  # fmt: skip

# kinds written in full, after which even a name with a slip is looked for
PLAIN_KINDS: Final = frozenset({"phường", "xã", "đặc khu", "thị trấn"})

DISTRICT_KINDS: Final = {
    "quan": "quận", "q": "quận", "qan": "quận", "wan": "quận", "qun": "quận", "huyen": "huyện", "h": "huyện",
    "thanh pho": "thành phố", "tp": "thành phố", "t p": "thành phố", "thi xa": "thị xã", "tx": "thị xã",
    "tinh": "tỉnh", "khu vuc": "", "ben quan": "quận",
}  # fmt: skip

# a kind's word with its marks: "quán", "xa xôi" and "huyền" are others
KIND_MARKS: Final = {"quan": "quận", "xa": "xã", "huyen": "huyện", "tinh": "tỉnh"}

# the city itself says nothing about the ward
CITY: Final = (
    "tp hcm", "tphcm", "tp ho chi minh", "thanh pho ho chi minh", "ho chi minh", "hcm", "tp sai gon",
    "thanh pho sai gon", "sg", "hcmc", "saigon",
)  # fmt: skip

# other provinces and towns: no slips of names here
ELSEWHERE: Final = tuple(
    fold(name)
    for name in (
        "Hà Nội", "Hải Phòng", "Đà Nẵng", "Cần Thơ", "Huế", "An Giang", "Bắc Giang", "Bắc Kạn", "Bạc Liêu", "Bắc Ninh",
        "Bến Tre", "Bình Định", "Bình Phước", "Bình Thuận", "Cà Mau", "Cao Bằng", "Đắk Lắk", "Đắk Nông", "Điện Biên",
        "Đồng Nai", "Đồng Tháp", "Gia Lai", "Hà Giang", "Hà Nam", "Hà Tĩnh", "Hải Dương", "Hậu Giang", "Hưng Yên",
        "Khánh Hòa", "Kiên Giang", "Kon Tum", "Lai Châu", "Lâm Đồng", "Lạng Sơn", "Lào Cai", "Long An", "Nam Định",
        "Nghệ An", "Ninh Bình", "Ninh Thuận", "Phú Yên", "Quảng Bình", "Quảng Nam", "Quảng Ngãi", "Quảng Ninh",
        "Quảng Trị", "Sóc Trăng", "Sơn La", "Tây Ninh", "Thái Bình", "Thái Nguyên", "Thanh Hóa", "Tiền Giang",
        "Trà Vinh", "Tuyên Quang", "Vĩnh Long", "Vĩnh Phúc", "Yên Bái", "Biên Hòa", "Đà Lạt", "Nha Trang", "Quy Nhơn",
        "Mỹ Tho", "Long Thành", "Phan Thiết", "Long Xuyên", "Rạch Giá", "Long Khánh", "Buôn Ma Thuột",
    )
)  # fmt: skip

# names that mean something else where no "phường" or "xã" stands before them: the city, a quarter of Quận 7
BETTER_KNOWN: Final = frozenset({"sai gon", "phu my hung"})

# provinces that joined the city
AREAS: Final = frozenset({"Bình Dương", "Bà Rịa–Vũng Tàu"})

# typed without marks these are everyday words ("gia đình", "đi ăn", "bạn có"), so they need a place's company
EVERYDAY: Final = frozenset(
    {
        "gia dinh", "di an", "ban co", "nha be", "can gio", "thoi an", "cho quan", "cat lai", "ba diem", "cu chi",
        "hoc mon", "dat do", "tay nam", "bay hien", "cho lon", "thanh an", "an long", "an lac", "phu an", "an phu",
        "tam long", "long son", "hoa loi", "hoa hoi", "tan hoa", "ba ria", "tan my", "binh tien",
        "an binh", "binh an", "tan an", "an dien", "thuan an", "long dien", "dong hoa", "hoa binh", "kim long",
        "ben cat", "tan son", "hoa hiep", "phu tho", "an hoi", "tan hung", "thai my", "long hoa", "phu hoa",
        "hoa phu", "binh minh", "da kao", "co giang", "cau kho", "tan quy", "phuoc an", "binh tho", "tan thanh",
        "an tay", "an son", "vinh phu", "chanh my", "dinh hoa", "lac an", "hoa long", "tan lap", "minh hoa",
        "long tam", "phuoc hiep", "binh ba", "da bac", "cu bi", "xa bang", "lang lon", "bau lam", "an dong",
        "binh hoa", "tan dinh", "long an", "thanh my", "an hoa", "phu cuong", "phu tan", "long binh", "an thanh",
        "tan tien", "hiep hoa", "ly nhon", "ben suc", "phu my", "phu loi", "dau tieng", "hiep thanh", "thanh phuoc",
    }
)  # fmt: skip

# words before a name that make it a place to live
LOCATIVE: Final = frozenset(
    {
        "o",
        "tai",
        "thuoc",
        "khu",
        "dia chi",
        "que",
        "phuong",
        "xa",
        "quan",
        "huyen",
        "ben",
        "duoi",
        "tren",
        "ve",
        "ngoai",
    }
)
LOCATIVE_MARKS: Final = {"o": "ở", "tai": "tại", "que": "quê", "ben": "bên", "xa": "xã", "ve": "về", "tren": "trên"}

# what goes with a place in a message that says nothing else
FILLERS: Final = frozenset(
    fold(
        """tôi tui con em cháu mình tao dạ thưa ở nhà thì là nha nhé ạ à nè đó hiện giờ đang sống cư trú tạm thường
        bên khu vực tp tphcm hcm thành phố hồ chí minh sài gòn cũ mới phường xã quận huyện p q x h thuộc địa chỉ của
        bác cô chú bà ông ngoại nội má ba anh chị ơi vậy đây này hả gần dưới trên ngoài trong trọ"""
    ).split()
)

# what follows is a street, a bridge, a hospital: a name of its own; or "công an", which is no An Đông
BEFORE_LANDMARK: Final = frozenset(
    {
        "duong",
        "cau",
        "hem",
        "truong",
        "chua",
        "ga",
        "vien",
        "san",
        "bay",
        "tho",
        "kcn",
        "ty",
        "thi",
        "cu",
        "hang",
        "dai",
        "trang",
        "cong",
    }
)

# words that follow "phường" and "xã" in any talk; with one letter changed they are still no names
PLAIN: Final = frozenset(
    fold(
        """bằng băng cả án thay vì làm giấy mình tên hay nào gì mấy cho không có rồi của ra đi đến tới trên trong để
        thì là và mà sẽ đã đang được bị cũng nhiều mới cũ này kia đó khác hỏi người bảo nói kêu xin nộp nhận lấy
        gọi báo hồi bữa hôm tháng năm ngày tiền giờ lại thằng con bà ông cô chú anh chị em tui tôi các những từng
        với hội tin trả lời"""
    ).split()
)

# "cũ", "hồi trước": the name is that of before July 2025
FORMER: Final = frozenset({"cu", "truoc", "xua"})

# between two places these words part them: each stands for itself
PARTED: Final = frozenset({"va", "hay", "hoac", "voi", "roi", "con", "qua", "sang", "khong", "ma", "nham", "len"})

# "phường 5, à không, phường 6": the place before was a slip of the tongue
TAKEN_BACK: Final = ("a khong", "khong phai", "nham", "lon", "y khong", "quen", "dung hon")

# names people shorten; those of two letters count after "quận" or an old ward's number only
SHORT_FORMS: Final = {
    "gv": "Gò Vấp", "gvap": "Gò Vấp", "bt": "Bình Thạnh", "bthanh": "Bình Thạnh", "bth": "Bình Thạnh",
    "btan": "Bình Tân", "btn": "Bình Tân", "tb": "Tân Bình", "tbinh": "Tân Bình", "tp": "Tân Phú", "tphu": "Tân Phú",
    "pn": "Phú Nhuận", "pnhuan": "Phú Nhuận", "td": "Thủ Đức", "tduc": "Thủ Đức", "hm": "Hóc Môn", "hmon": "Hóc Môn",
    "cc": "Củ Chi", "cchi": "Củ Chi", "nb": "Nhà Bè", "nbe": "Nhà Bè", "bc": "Bình Chánh", "bchanh": "Bình Chánh",
    "cg": "Cần Giờ", "cgio": "Cần Giờ", "tdm": "Thủ Dầu Một", "thu dau 1": "Thủ Dầu Một", "vt": "Vũng Tàu",
    "brvt": "Bà Rịa–Vũng Tàu", "bd": "Bình Dương",
}  # fmt: skip
