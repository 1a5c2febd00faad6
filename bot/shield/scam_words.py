"""Words that scams are told in, by the part they play in the story: who, by what way, wants what, what was done.

From the families of trust section 1 and journeys 6.4. Written with their marks: a word typed without any is taken for
each of them, a word typed with other marks is another word ("họ" is not "hỗ"). Several phrases stand in one text,
with commas between. Shorthand ("ko", "ng") is written out before.
"""

from typing import Final

# they hold words of a story and mean something else: taken out before anything is looked for
NOTHING: Final = """
    bao nhiêu, bao lâu, bao giờ, báo lỗi, báo sai, báo hết hạn, nghe nói, nói chung, cho hỏi, xin hỏi, xin lỗi, xin
    chào, xin phép, cho xin, cho em xin, cho con xin, cho tôi xin, cho tui xin, xin link, họ tên, họ và tên, ngày
    sinh, hồ sơ, hộ nghèo, hộ khẩu ở, đổi mật khẩu, đổi điện thoại, đổi máy, dịch vụ công, dịch vụ của tôi, miễn phí,
    chi phí, học phí, mất phí không, mất tiền không, có mất tiền, có mất phí, sợ mất tiền, mất tiền hông, tốn tiền,
    người thật, gặp người, có người chỉ, có người giúp, có ai giúp, có ai chỉ, app kêu, điện thoại kêu, máy kêu, app
    bắt, app đòi, app xin, app hỏi, vneid bắt, vneid kêu, vneid hỏi, vneid đòi, lỡ bấm nhầm, lỡ nhập sai, lỡ nhập
    nhầm, lỡ xoá, lỡ tay, lỡ thoát, lỡ bấm đăng xuất, lỡ đăng xuất, lỡ đổi, lỡ mất, lỡ quên, lỡ gõ, lỡ làm mất, lỡ
    hẹn, lỡ tắt, lỡ bấm sai, lỡ chọn, lỡ cập nhật, lỡ đặt, lỡ cài nhầm, lỡ bấm từ chối, lỡ bấm bỏ qua, lỡ bấm thoát,
    lỡ điền sai, lỡ ghi sai, lỡ khai sai, lỡ liên kết, lỡ đăng ký, lỡ bấm huỷ, lỡ xài, lỡ gỡ, lỡ làm rớt, lỡ bấm lộn,
    lỡ nhập lộn, vay vốn, tổ công nghệ, tình nguyện, lương hưu đang, an sinh xã hội, an sinh, bảo hiểm y tế ở đâu,
    công an hẹn, không lừa, lựa chọn, tự động cập nhật, phường gọi là gì, gọi là gì, gọi là phường, gọi tên, giờ gọi,
    người dân, ngân hàng nào, gọi báo được, gọi điện báo được, gọi điện báo thay, gọi báo sự cố, gọi 1022, gọi 1900,
    khỏi xưng, có phải xưng, phải xưng, xưng hô, khỏi đóng tiền, có đóng tiền, quên đóng tiền, phải đóng tiền không,
    cài nhầm, gọi là, nhờ ai đó, mã lớp, đừng gọi, đổi thẻ, hỗ trợ, trang chủ, trang cá nhân, app dịch vụ công có,
    đường dây nóng, khoá sổ, cho mình link, cho link, trang nào, trang web là gì, trang web vneid là gì, thầy giáo
    hưu, cô giáo hưu, thầy giáo về hưu, tự nhiên nó, hướng dẫn bác, hướng dẫn tôi, hướng dẫn con, hướng dẫn em, con
    nói coi, có phải vậy, bảo mật, bảo hiểm tự nguyện, đóng bảo hiểm, làm ơn, người nhà, con ơi, thông báo, cuộc gọi
    nhỡ, gọi con, gọi cháu, giữ giùm, nhận giùm, lãnh giùm, giả sử, nói thiệt, nói thật, xin đăng ký, xin nghỉ, xin
    chỉ, xin cho, bác muốn, tiền mặt, bắt máy, nghe máy, gọi giờ nào, gọi số nào, có số nào, =đổi số, xin link tải,
    cho link tải, link tải ở đâu, link tải vneid, xin cấp, gọi hoài không, đổi số điện thoại, đổi số đt, đổi số đăng
    ký, ra công an họ nói, lỡ duyệt, bị mất tiền không, xin lại, cho tôi vay, cho tui vay, hối đi làm, cứ hối đi, con
    gái gửi link, con trai gửi link, bot gửi link, link của bot, gửi cái link của bot, kêu tải bản mới, nghi ngờ mình,
    cài nhầm app giả mạo, lấy dấu, lấy vân tay, lấy tay, nó im ru, xin học bổng, máy cho nhân viên, quét thẻ, ngân
    hàng hỏi căn cước, nghi ngờ cán bộ, bấm gọi, tờ rơi của phường, tờ giấy của phường, giấy của phường,
    tiếng hoa, bị lỡ rồi, link lớp
"""

STORY: Final[dict[str, str]] = {
    # ---- who ----
    "official": """công an, ca phường, ca quận, cảnh sát, cskv, csgt, c06, a05, viện kiểm sát, toà án, cán bộ, điều tra viên,
        bưu điện, điện lực, cơ quan thuế, bộ công an, khu vực, kiểm sát viên, cục cảnh sát, ca, uỷ ban, nhà nước, chính phủ""",
    "bank": "ngân hàng, nhân viên, nv, nhà mạng, tổng đài, vietcombank, agribank, bidv",
    "insurer": "bảo hiểm xã hội, bhxh, bên bảo hiểm, bảo hiểm, bhyt",
    "school": "giáo viên, cô giáo, thầy giáo, gv, chủ nhiệm, nhà trường, trường, phụ huynh, bên giáo dục",
    "stranger": """người lạ, số lạ, zalo lạ, đứa lạ, thằng lạ, nick lạ, có người, có ai, có thằng, có đứa, có ông, có anh,
        có chị, có cô, một người, mấy đứa, thằng đó, thằng cha, thằng nào, bọn nó, người ta, họ, tụi nó, một
        ông, đối tượng, kẻ gian, kẻ xấu, bên đó, có chỗ, người không quen, ông nào, anh nào, đứa nào, người đó,
        anh đó, ông đó, có mấy, bọn, mấy thằng, người nào, có cái ông, mấy người, có số, đầu số, anh ta, cuộc
        gọi lạ, người gọi, thanh niên, =cò, có một, thằng kia, bên kia, bọn chúng, tiệm điện thoại, ngoài tiệm,
        có tổng đài, có cuộc gọi, người hướng dẫn, bên cho vay,
        bà kia, ông kia, anh kia, chị kia, cô kia, đứa kia, con nhỏ, bà nào, chị nào, tên nào, có gã, có
        tay, cô nào""",
    "someone": """có người, có ai, có thằng, có đứa, có ông, số lạ, người lạ, có số, một người, người ta, họ, có anh, có
        mấy đứa, zalo lạ, có chị, có cô, có một, thằng cha, ông nào, anh nào, có bà, kẻ gian, tụi nó, bọn nó,
        mấy đứa, thằng đó, có chỗ, một ông, có ng, nhân viên, cậu thanh niên, anh =cò, người đó, đầu số, thằng
        lạ, có tổng đài, bọn, đứa nào, nick lạ, facebook lạ, sđt lạ, sdt lạ, số nào cứ, người trên zalo, người
        trên mạng, người trên facebook, người hướng dẫn, số lạ hoắc, đứa nào đó, có ba, cô nào, anh ta, ai đó,
        có ba kia, tự dưng có ông, đt lạ, thằng, bên ngân hàng,
        bà kia, ông kia, anh kia, chị kia, cô kia, đứa kia, con nhỏ, bà nào, chị nào, tên nào, có gã, có
        tay, bên kia, thằng kia, con nhỏ nào, cái bà, cái ông""",
    "it": "nó, =ảnh, =ổng, =bả, chúng nó",
    "app": "app, vneid, ứng dụng",
    "claims": """tự xưng, xưng là, mạo danh, giả danh, giả mạo, =giả làm, xưng danh, giả bộ, xưng bên, giả công an, công
        an giả, xưng công an, xưng cán bộ, xưng cô, nó xưng, họ xưng, người xưng, xưng giáo viên, xưng cảnh sát,
        giả ngân hàng, đóng giả, =tự nhận, tự nhận là, tự giới thiệu, công an dỏm, ngân hàng dỏm, nói bên công
        an, nói là công an, nói bên ngân hàng, nói là ngân hàng, nói bên bảo hiểm""",
    "family": """con tôi, con tui, con gái, con trai, thằng con, cháu nội, cháu ngoại, cháu, em tôi, em tui, người quen,
        bạn tôi, bạn em, bạn e, bạn, đứa cháu, sếp, người thân, bạn bè, bà con, em gái, em trai, đồng nghiệp, con mình""",
    # ---- by what way ----
    "calls": """gọi, gọi điện, gọi video, video call, call video, call, cuộc gọi, điện nói, điện thoại nói, điện báo,
        điện kêu, điện tới, trên điện thoại, người điện, qua điện thoại, bên kia nói, cuộc gọi tự động, =điện
        thoại nói, số nào gọi, gọi zalo, điện cho, gọi tự động,
        gọi hình, điện hỏi, điện lại, điện vô""",
    "writes": """nhắn tin, tin nhắn, sms, kết bạn, add zalo, inbox, nhắn mượn, nhắn xin, =nhắn hỏi, nhắn link, =nhắn kêu,
        zalo bảo, =zalo báo, add, email lạ, zalo kêu, nhắn gấp, =nhắn qua, =nhắn zalo, tn kêu, =nhắn, tin này,
        gửi tin, nhận tin đóng, nt bảo, nt báo, zalo mượn""",
    "zalo": "zalo, za lô, facebook, messenger, telegram, viber, tiktok, qua mạng, trên mạng",
    "online": "qua điện thoại, trên điện thoại, online, qua zalo, qua mạng, trên mạng, qua video, gọi video, điện thoại, zalo, tại nhà",
    "visits": "tới nhà, đến nhà, vô nhà, đi từng nhà, gõ cửa, từng nhà, mỗi nhà, vô hẻm",
    "adverts": "facebook, quảng cáo, trên mạng, qua mạng, online, uy tín, tiktok, giá rẻ, khỏi ra công an, không cần ra công an, không cần đi, bao đậu, trong ngày",
    # ---- wants ----
    "tells": """kêu, bảo, bắt, đòi, yêu cầu, nói, hướng dẫn, =mời, =dụ, đề nghị, xin, thúc, =ép, =rủ, hứa, buộc, =hẹn,
        hỏi mua, doạ, =hối, biểu, báo, đọc đúng, hăm, năn nỉ, mời vay, chửi, hỏi, =cần""",
    "orders": """bảo, bắt, =đòi, yêu cầu, =mời, =dụ, xin, =ép, =rủ, biểu, =hối, đề nghị, năn nỉ, hướng dẫn, buộc, thúc,
        mời vay, mời nâng, mời mở, bắt buộc, đòi phí, đòi otp, =nhờ, nhờ gửi, kêu""",
    "demands": """=đòi, xin, =ép, =dụ, hỏi mua, hỏi xin, bắt khai, hỏi mượn, đòi otp, đòi phí, đòi tiền, đòi mã, đòi căn
        cước""",
    "they_demand": """họ đòi, người ta đòi, ai đòi, người đòi, thằng đó đòi, tiệm đòi, =đòi giữ, công an đòi, ngân hàng đòi,
        bên đó đòi, họ xin, người ta xin, nó xin, người xin, có người xin, có ai đòi, họ năn nỉ xin, ai hỏi mã,
        ai đòi mã, ai xin mã, =rồi =đòi, họ cần, họ kêu gửi, họ nhờ""",
    "inquires": """hỏi mã, hỏi otp, hỏi mật khẩu, hỏi căn cước, hỏi thông tin, hỏi passcode, hỏi cccd, hỏi stk, hỏi tài
        khoản, hỏi ba số, hỏi số tài khoản, hỏi số căn cước, hỏi số thẻ, hỏi mã otp, hỏi mấy số,
        hỏi ngày sinh, hỏi tháng sinh, hỏi tên tuổi, hỏi nhà ở""",
    "gives": "đọc, cung cấp, gửi, đưa, khai, chia sẻ, nói, chuyển, cho, nhắn",
    "secrets": """otp, mã otp, mã xác nhận, mã xác thực, mật khẩu, passcode, mk, pass, mã pin, sáu số, 6 số, số tài khoản,
        stk, số thẻ, ba số sau, 3 số sau, ba số, cvv, số căn cước, số cccd, số định danh, mã định danh, số bảo
        hiểm, mã sms, cái mã, số sổ bảo hiểm, thông tin, mã số, căn cước, cccd, mấy số, 4 số cuối, thông tin
        ngân hàng, số cmnd, =mã""",
    "codes": """otp, mã otp, mã xác nhận, mã xác thực, mật khẩu, passcode, mk, pass, mã pin, sáu số, 6 số, cvv, ba số
        sau, 3 số sau, mã sms, cái mã, mấy số, số thẻ, 4 số cuối, =mã, mã đó, mã vừa, đọc mã, đưa mã, gửi mã,
        doi ma, xin mã, hỏi mã, ma gui""",
    "types": "gõ, nhập, điền, lớp",
    "tells_codes": "đọc, đưa, cung cấp, khai, nói, đọc lại, cho",
    "strong_codes": "otp, mã otp, passcode, mật khẩu, pass, mã pin, cvv, ba số sau, 3 số sau, số thẻ, sáu số, mã xác nhận",
    "photos": """hình căn cước, ảnh căn cước, hình cccd, ảnh cccd, căn cước, cccd, hai mặt, 2 mặt, mặt trước, khuôn mặt,
        hình thẻ, chân dung, khai sinh, giấy khai sinh, ảnh mặt, selfie, =mặt, sổ bhxh, gương mặt, giấy tờ, hình
        sổ, chụp hình, sổ bảo hiểm, màn hình vneid, chụp màn hình, clip quay mặt, quay mặt,
        hình chân dung, hộ khẩu, ảnh chân dung""",
    "shoots": """chụp, quay, gửi hình, gửi ảnh, xin hình, xin ảnh, quét khuôn mặt, quét mặt, soi mặt, xin chụp, chụp hình,
        đưa mặt, xoay mặt""",
    "sends": "gửi, gửi qua, đưa, up, nhắn, gởi",
    "pays": """đóng phí, nộp phí, đóng tiền, nộp tiền, chuyển tiền, chuyển khoản, đặt cọc, đóng lệ phí, nộp lệ phí, thu
        phí, thu tiền, đóng thuế, trả phí, đòi phí, đòi tiền, đóng trước, nộp trước, ck, phí, lệ phí, =cọc,
        =đóng, nộp, lấy, trả tiền, gửi tiền, =thu, xin phí, tiền, nạp tiền, lấy tiền, thu mỗi""",
    "fee": """đóng phí, nộp phí, đóng lệ phí, nộp lệ phí, thu phí, đóng thuế, đòi phí, đòi tiền, đóng trước, nộp trước,
        cọc trước, đóng 50k, đóng 100k, xin phí, phải cọc, đóng bảo hiểm khoản vay, đóng phạt, phí sáp nhập, đóng 100,
        đóng 500k, thu tiền, đặt cọc, đóng tiền, nộp tiền, đòi lệ phí, tiền cà phê, nạp tiền trước, phí cập nhật, phí hồ sơ,
        lệ phí tăng, nộp lệ phí, nộp phạt qua link""",
    "sum": "k, =ngàn, ngàn đồng, nghìn, triệu, tr, phần trăm, %, =trăm, tỷ, 10, 20, 100, 200, 300, 500",
    "borrows": """mượn tiền, =mượn, xin tiền, gửi tiền, chuyển tiền, chuyển khoản, vay tiền, viện phí, cần tiền, hỏi mượn,
        muon 5, muon 2,
        hỏi vay, xin viện phí, cần gấp, kẹt tiền""",
    "link": "link, đường link, đường dẫn, trang web lạ, cái link, http, https",
    "odd_pages": """trang giả, web giả, trang lạ, web lạ, link lạ, tên miền lạ, trang giả mạo, đuôi .com, đuôi chấm com,
        đuôi . com, link giả, đường link lạ, website lạ, đuôi .co, đuôi . co, app giả, trang vneid giả, link
        dởm, web dởm, google ra trang, tin nhắn lạ, bấm vào đây, trang giống hệt, giống hệt cổng, giống y vneid,
        app giống, link này là giả, trang không phải,
        y hệt cổng, y chang cổng, giống cổng, giống dịch vụ công, y chang dịch vụ công, y hệt dịch vụ
        công, y như dịch vụ công, y chang cong dich vu, giống trang dịch vụ công, giống web dịch vụ
        công, y chang vneid, y hệt vneid, giống hệt vneid, trang nhái, app nhái, web nhái, nhái vneid,
        nhái dịch vụ công, địa chỉ lạ, đường dẫn lạ, tên miền khác, địa chỉ web lạ, đuôi lạ, đuôi .top,
        đuôi .xyz, đuôi .net, app dởm, app dỏm,
        form lạ, biểu mẫu lạ""",
    "links": "link, đường link, đường dẫn, trang web, web, website, trang, tên miền, trang này",
    "press": "bấm vô, bấm link, click, truy cập, mở link, vô link, vô trang, nhập, điền, bấm, đăng nhập",
    "qr": """qr, mã qr, mã vuông, mã vuông vuông, cái mã vuông, quét mã, cái mã trước, mã trước cửa, quét cái mã, có
        mã quét, mã quét""",
    "own_qr": "lớp, trên thẻ, căn cước, học, trên căn cước",
    "paper": """tờ giấy, treo, tờ rơi, nhét, móc, tấm thẻ, thẻ phạt, giấy mời, trước cửa, ở cửa, trước cổng, cửa nhà,
        phiếu, cột điện, bưu phẩm, dưới cửa, tay nắm cửa, trước nhà, shipper, cổng nhà, giấy dán, dán, trước
        hẻm, căn hộ vi phạm, đơn hàng, mã quét, tấm giấy, kẹp, phát giấy, hộp quà lạ, bưu kiện lạ, thang máy""",
    "installs": """=cài, =tải, cài app, tải app, cài đặt, tải về, mở file, cài phần mềm, tải phần mềm, cài ứng dụng, tải
        ứng dụng, cài vneid, tải vneid, cài file, tải file, cài cái app, cài theo, tải cái app, tải vssid""",
    "trojans": """apk, trợ năng, accessibility, ultraview, ultraviewer, teamviewer, team viewer, anydesk, any desk, điều
        khiển từ xa, play protect, nguồn không xác định, file cài đặt, chia sẻ màn hình, màn hình cho họ, màn
        hình cho nó, ai điều khiển, tự động bấm, điều khiển máy, điều khiển điện thoại, bị điều khiển, ứng dụng
        lạ, app lạ, share màn hình, file lạ, từ file, file gửi, không phải ch play, chứ không ở ch play, ngoài
        ch play, phần mềm lạ, app giả, nó điều khiển, người ta điều khiển, tự chạy, tự nhảy, ngoài app store,
        app khác để quét, phần mềm ngoài, file nó gửi, file họ gửi, app dịch vụ công giả, app bắt cho phép điều
        khiển, đòi quyền trợ năng, cài từ link, tải từ link, vneid từ link, cái file, file vneid, app công an
        gửi, máy tự bấm, tự bấm tự, nó tự bấm, xin điều khiển, app cổ, đòi quyền đọc, đòi quyền truy cập, tắt
        bảo vệ, tự mở app, tự nhiên đen màn hình, tự chuyển tiền, xem màn hình, coi màn hình, chia màn hình, coi
        được màn hình, nguồn không rõ, app của họ, app nó gửi,
        a pê ka, a pe ca, a pờ ka, ây pi kây, a p k, tập tin lạ, tệp lạ, tệp cài đặt, tập tin cài đặt,
        làm từ xa, sửa từ xa, thao tác từ xa, đừng đụng vô điện thoại, đừng đụng vô máy, úp máy, máy úp,
        app người ta gửi, app người lạ, file người lạ, quyền trợ giúp,
        mở màn hình chia sẻ, mở chia sẻ màn hình""",
    "gifts": """nhận quà, trúng thưởng, quà tặng, tặng quà, phát quà, hoàn tiền, hoàn thuế, phát tiền, tri ân, nhận
        tiền, trúng xe, nhận trợ cấp, nhận 100k, nhận 400k, nhận 500k, nhận 100, nhận 400, nhận hỗ trợ, được
        tặng, cho quà, được quà, được 400, được 100, =quà, nhận là, hưởng trợ cấp, =trợ cấp, được hỗ trợ, nhận
        được 100, quà tết, quà 2, nhận 500, hỗ trợ 3, lo trợ cấp, trúng quà, trúng tiền, tặng nồi, tặng gạo,
        tặng tiền, được cho,
        mừng lễ, lì xì, quà lễ, lãnh quà, quà quốc khánh, tiền mừng, voucher, thẻ cào""",
    "prizes": "trúng thưởng, trúng xe, quay thưởng, quà tri ân, quà của chủ tịch, web nhận quà, trang nhận quà",
    "helps": """làm giùm, làm hộ, làm giúp, kích hoạt giùm, kích hoạt cho, làm thuê, thuê người, nhận làm, làm nhanh,
        trọn gói, bao làm, kích hoạt hộ, nhận liên kết, rút bảo hiểm một lần, rút bhxh, rút bảo hiểm, làm căn
        cước nhanh, làm cho lẹ, lãnh bảo hiểm, làm vneid giùm, làm mức 2 giùm, làm vneid hộ, nó làm cho, họ làm
        cho, nhận kích hoạt, nhận cài""",
    "tasks": "làm vneid, làm định danh, làm mức 2, kích hoạt mức 2, làm căn cước, vneid, mức 2, định danh",
    "offers": """dịch vụ, dv, nhận làm, bao làm, trọn gói, làm thuê, nhận liên kết, thuê người, quảng cáo, bao đậu, có
        chỗ, có đứa, có người nhận, nhận kích hoạt, rao làm, rao""",
    "loans": """cho vay, vay tiền, vay online, app vay, khoản vay, giải ngân, lãi suất, hạn mức, mở thẻ tín dụng, duyệt
        vay, nợ tiền, vay nhanh, lãi thấp, thiếu nợ, vay nợ, vay 10, vay 50, mời vay, vay 5, vay 20, vay 30, vay
        100, vay triệu, rủ vay, kêu vay, đi vay, vay trả góp, bắt vay, mời vay tiền""",
    "lures": """góp vốn, lời cao, đầu tư, làm nhiệm vụ, hoa hồng, tiền ảo, bôi xấu, chuyển nhầm tiền, kèm lãi, đòi trả
        lãi, app đòi nợ, việc nhẹ, cho thuê hình, mua tài khoản, cho thuê tài khoản, cho thuê sim, bán tài
        khoản, trại hè, cộng tác viên, giải ngân, sàn giao dịch, vay sẵn, không thế chấp, lãi thấp, lãi suất 0,
        không cần gặp mặt, =ăn chia, thuê tài khoản, họ mướn, coi danh bạ, chia sẻ mười người, đòi nợ mà, báo
        nợ, giấy báo nợ, mà tui không vay, dù không vay, khủng bố đòi nợ, cho thuê mỗi tháng, mở tài khoản cho
        thuê, sao họ biết, thu hồi sim, sim bị thu hồi, sắp bị thu hồi, trả góp qua zalo,
        rút một cục, lãnh một cục, chia phần, chia ba phần, chia 30, chia 50, ăn 30, ăn phần trăm, chia
        phần trăm, chia họ, chia nửa, cắt phần trăm, phí giải ngân, phí mở khoá, khoản vay bị treo,
        đâu có vay, có vay đâu""",
    "threats": """lệnh bắt, rửa tiền, doạ, bắt giam, truy nã, vụ án, ma tuý, khởi tố, dính líu, điều tra, phong toả, hăm
        bắt, hăm doạ, kê khai tài sản, bắt giữ, thiếu nợ, ra toà, lên toà, phạt nguội, trong sạch, bị bắt, lạm
        dụng, nợ bảo hiểm, nợ cước, bắt tôi, bắt tui, tai nạn, cấp cứu, bắt cóc, triệu tập, vi phạm, giấy toà, phạt tù, gian lận, hù, bị kiện, kiện ra, đòi nợ, báo nợ,
        còng tay, đi tù, ngồi tù, ở tù""",
    "terrors": """lệnh bắt, rửa tiền, doạ bắt, truy nã, khởi tố, dính líu, dính ma tuý, chứa ma tuý, liên quan ma tuý,
        phục vụ điều tra, hăm doạ, chứng minh trong sạch, kê khai tài sản, bắt giam, liên quan vụ án, bắt giữ bí
        mật, hăm bắt, giấy triệu tập, giay trieu tap, doạ đưa, doạ bôi xấu, doạ phạt, đừng cúp máy, đừng cúp,
        dung cup, đừng cho ai biết, đừng cho con cháu, không được nói với, đang giữ máy, vô khách sạn, ra chỗ
        vắng, doạ tôi, doạ tui, đang hối, cứ giục, giục gửi tiền, giục chuyển, họ =hối, nó =hối, đòi cầm, đòi
        giữ, họ hù, hù doạ, bêu tên, cứ hối, =rủ, bảo lãnh, tòa án gọi,
        nó hăm, họ hăm, ổng hăm, hăm nếu, hăm đưa, hăm khoá, nó hù, ổng hù, hù phạt, hù bắt, hù đưa, hù
        khoá, còng tay, xuống bắt, tới nhà bắt, bắt đi tù, giấy toà, trát toà, cúp máy là, không được
        cúp, không được nói cho, đừng nói cho ai, đừng nói với ai, đừng kể, cấm kể, cấm nói, không cho
        nói với, đừng nói con, không được kể, im trong phòng, ở yên trong phòng, trốn trong phòng, vô
        phòng đóng cửa, đóng cửa phòng, đường dây buôn người, đường dây ma tuý, đường dây rửa tiền, hàng
        cấm, gây tai nạn bỏ chạy, có lệnh bắt""",
    "pressures": """khoá, vô hiệu hoá, ngày cuối, gấp, hôm nay, 24h, chốt sổ, hết hạn, cắt, hai tiếng, hết hiệu lực, liền, là mất, trong ngày,
        chiều nay, là cắt, bị cắt, sắp bị khoá, là khoá,
        bữa nay, hạn chót, huỷ căn cước, nội trong, mất tiền già, cắt trợ cấp, cắt lương, không thôi""",
    "faults": """dữ liệu, bị sai, bị lỗi, đồng bộ, chuẩn hoá, cập nhật, xác thực lại, trùng với, xác minh, làm lại, xác thực,
        chưa cập nhật, vô hiệu hoá, sắp bị khoá, bị khoá, sai ngày sinh, thông tin của, sinh trắc học, update,
        sai một chữ, bị treo, bị lệch, không khớp, bị thiếu, sai tên, sai thông tin, thiếu thông tin, không đồng bộ""",
    "level_3": """mức 3, mức ba, mức độ 3, mức độ ba, level 3,
        mức 4, mức bốn, mức độ 4, định danh cấp 3, định danh cấp ba, định danh cấp 4, cấp độ 3, cấp độ 4""",
    "prints": "vân tay, dấu tay, lăn tay, dấu vân tay",
    "blurred": """mờ, nhoè, không rõ, lại, bị lỗi,
        không đọc được, mòn, hư, không khớp""",
    "merged": """sáp nhập, địa chỉ mới, cập nhật địa chỉ, cư trú, hộ khẩu, thường trú, phường mới, địa bàn mới, dân cư, sổ đỏ, đổi tên phường,
        nhân khẩu, đổi địa chỉ, nơi ở, lại địa chỉ, sáp nhập phường, sắp nhập phường, sửa địa chỉ, sửa giấy tờ,
        tách nhập phường, nhập phường, tách phường, chia phường, lên phường mới""",
    "fakes": """deepfake, giả giọng, giả mặt, giả tiếng, giả video, mặt lạ lạ, giọng kỳ, ai giả, mặt nó giật, mặt nó cứ
        giật, giả làm con, giả làm cháu, giả con, video giả, giọng giả, giống y chang thằng, giống con, giọng
        con, giả cháu, giả tiếng con, giả mặt con, đúng thằng cháu, giọng giống, giống y con, giống y chang con,
        giọng y như, giọng y chang, giọng y hệt, tiếng y như, tiếng y chang, giọng lạ lạ, mặt đơ, miệng không khớp, miệng nói không khớp, môi không khớp, tiếng không khớp, ghép mặt, ghép
        giọng, nhại giọng, giống giọng, mặt như robot, giọng như máy, tiếng như máy,
        mặt cứng đơ, mặt cứng đờ""",
    "ranks": """thiếu tá, thiếu uý, trung uý, thượng uý, đại uý, trung tá, thượng tá, đại tá, sắc phục, đồ công an, đồ
        cảnh sát, quân phục""",
    "exams": """điểm thi, đăng ký thi, xem điểm, tài khoản học sinh, học bạ, sổ liên lạc, đi thi, được thi, ma so hoc
        sinh, khai sinh""",
    "shortcuts": """khỏi xếp hàng, khỏi đi đâu, khỏi ra phường, khỏi lên phường, khỏi phải đi, quen trong phường, quen công
        an, quen trên phường, chạy giùm, chạy giấy, lo trọn gói, lo hết, lo giùm, lo từ a tới z, cửa
        sau, lót tay, làm lẹ""",
    "file": "tập tin, tệp, cái tệp, file",
    "all_told": "hết thông tin, đưa hết, khai hết, nói hết, cho hết, cung cấp hết, đọc hết, gửi hết",
    "obeys": "nghe lời, nghe theo lời, tin lời",
    "that_page": "trang đó luôn, vô đó luôn, trang đó rồi, link đó rồi, web đó rồi, trang kia rồi, vô link rồi",
    "cuts": """không là, huỷ căn cước, mất tiền già, cắt trợ cấp, cắt lương, là khoá, là cắt, là huỷ,
        cắt hộ khẩu, xoá hộ khẩu, mất hộ khẩu, mất trợ cấp""",
    "hush": "giữ bí mật, phải bí mật",
    "fronts": "đứng tên giùm, đứng tên hộ, đứng tên dùm",
    "more": "đòi thêm, đóng thêm, nộp thêm, chuyển thêm, gửi thêm tiền",
    "collects": "thu căn cước, gom căn cước, thu cccd, gom cccd, gom giấy tờ, thu giấy tờ",
    # ---- asks ----
    "lies": """lừa đảo, lừa gạt, scam, bị lừa, phải lừa, lừa tiền, là lừa, bị gạt, lừa không, chiêu lừa, lừa hả, dỏm,
        lừa người, lừa đó, gạt người, nghi lừa, lừa tôi, lừa tui, có lừa, lừa hông, kiểu lừa, giống lừa, lừa,
        đáng ngờ, gạt tiền, đáng nghi, lừa quá, lừa hong, nghi nghi, ngờ ngợ, kẻ gian gọi, luwaf, bị gài, giăng
        bẫy, nguy không, dụ dỗ, =gài""",
    "doubts": """thật hay giả, có thật không, thật không, tin được không, có tin được, có đúng không, an toàn không, an
        toàn, thật hả, thiệt không, có nên, bấm được không, có bấm được, phải công an không, thật giả, có đúng,
        có thật, đúng hông, có đúng hông, uy tín, có phải của, đưa không, tin không, có cho không, mở được
        không, quét được không, bấm không, thật ạ, có thiệt, thiệt hông, đáng tin, không ổn, thấy sai, cho được
        không, có đọc không, thiệt hay giả, vô được không, có vô được, có phải công an, nghi ngờ, phải làm sao,
        k thật, có phải giả, phải trang giả, giả không, công an thật, có phải lừa""",
    "authentic": """thật hay giả, có thật không, thật không, tin được không, có tin được, an toàn không, thật hả, thiệt
        không, thật giả, có thật, đáng tin, thiệt hay giả, có phải của, có phải giả, giả không, không ổn, thấy
        sai, có bấm được, bấm được không, công an thật, có phải công an thật, là thật, có thiệt, có phải của
        công an, mở được không, giả hay thật, uy tín, giả hả, là giả, lạ quá, lạ lắm, thấy lạ, ghê quá, tin nổi,
        đúng của, lạ hoắc, có sao không, có phải bọn""",
    "bot": "bot, chatbot, con bot, bạn là ai, em là ai, mày là ai, trợ lý",
    # ---- was done ----
    "slips": "lỡ, trót, nhỡ dại, lỡ dại, lở",
    "then_": "rồi, xong, mất rồi, hết rồi, hết trơn, hết luôn",
    "already": "đã, hôm qua, hồi nãy, vừa, mới, hôm kia",
    "losses": """bị mất tiền, mất tiền rồi, mất hết tiền, mất sạch, bay sạch, rút sạch, nó rút hết, họ rút hết, rút hết
        tiền của, lấy hết, bị hack, chiếm quyền, bị chiếm mất, zalo bị chiếm, người khác chiếm, bị mất nick,
        tiền mất hết, bị lừa mất, bị lừa rồi, bị gạt hết, bị gạt rồi, chặn zalo, chặn số, mất trắng, mới bị lừa,
        mới bị gạt, lỡ bị lừa, đã bị lừa, bay hết, bay màu, bị rút, mất nick, bị đánh cắp, tiền bay, chuyển tiền
        đi hết, nó biến mất, tiền mất rồi, bốc hơi, cuỗm, người ta điều khiển, dính bẫy, sập bẫy, vừa bị lừa, bị
        gạt tiền, bị dụ, lấy mất, bị vay, bị quẹt, không rút ra được, không rút được, bị lừa lấy, tài khoản còn
        số không, mất tiền trong, máy tự chạy, tự bấm tự chạy, nợ trên trời, bị tụi nó lừa, lỡ rồi, làm theo nó,
        làm theo họ, sau khi bấm link, nó đăng nhập vneid, nó đã vào, no da vao, rồi bị chặn, lấy luôn thông
        tin, có khoản vay tên, vay nợ đứng tên, mất 50 triệu, mất 20 triệu, làm theo xong, bị lừa 5, bị lừa 10,
        bị lừa 20, bị gạt 5, mới mất tiền, vừa mất tiền, dt bị điều khiển, máy bị điều khiển, bị điều khiển từ
        xa, đi vay tiền rồi, cài vô máy mất tiền, lỡ tin, nó chặn số, nó chặn zalo, nó chặn tui, bị chặn luôn,
        tự nhiên mất tiền, mất tích, lấy tiền rồi, lỡ làm theo, lỡ nghe, nghe lời nó, nghe lời họ, nghe lời công
        an, chiếm đoạt, sau khi mở file, thẻ mất hết, tài khoản mất hết, tiền mất, bằng giấy tờ của, bị chiếm
        zalo, lỡ bán, bị gạt mất, mất mấy triệu, mới bị lấy, bị trừ, báo trừ, thấy mất tiền, mất sạch tiền, tiền
        bay mất, bị lừa thì, sợ quá nên chuyển, doạ quá nên, y lời nó, y lời họ, y theo nó, theo lời nó, bị nó
        gạt, bị nó lừa, bị họ lừa, nó gạt lấy, nó im luôn, nó đi mất, nó trốn, nó lặn, họ chặn, rút không được,
        nó vô được tài khoản, vô được tài khoản của, bị lừa chuyển, chuyển tiền của tôi, nó khoá máy, khoá máy
        tôi, nghe lời tụi, rút tiền đưa hết, app đó điện thoại bị,
        tắt máy luôn, biến mất luôn, nghe nó dụ, nghe họ dụ, tin lời nó, tin lời họ, nghe theo nó, nghe
        theo họ, bị đòi nợ, máy tự bấm,
        cho người lạ mượn, cho họ mượn, cho nó mượn, cho người ta mượn,
        bị dắt mũi, bị lùa, bị thao túng""",
    "deeds": """đọc, chuyển, gửi, cài, bấm, click, đưa, nhập, đóng, nộp, đặt cọc, quét, quay, chụp, cung cấp, làm theo,
        nói, điền, đăng nhập, kết bạn, mở, tải, nghe, bật, khai, ck, tin, vay, chia sẻ, nghe lời, truy cập, nạp,
        cho, đưa điện thoại, rút""",
    "moves": "chuyển, gửi, đưa, đóng, nộp, trả, ck, cọc, đặt cọc, rút",
    "them": """cho nó, cho họ, cho người ta, cho người lạ, cho thằng, cho người đó, cho bọn, cho người xưng, cho đứa,
        của nó, theo nó, lời nó, cho bên, cho nhân viên, cho anh đó, cho ông đó, cho mấy đứa, cho tụi nó, của
        họ, theo họ, lời họ, lời công an, người ta kêu, cho app vay, cho người khác, cho kẻ, cho ông, cho người
        gọi, cho bà đó, cho cô đó, cho người làm, cho người tự xưng, trang giả, web giả, trang đó, link đó,
        trang lạ, link lạ, app lạ, app đó, file nó, file họ, theo anh hướng dẫn, công an giả, giọng giả, trang
        giả mạo, app nó gửi, app họ gửi, gửi nó, gửi họ, đưa nó, đưa họ, cho một người, app công an gửi, cho
        dua, cho ng, cho người hướng dẫn, cho người trên, họ đưa, nó đưa, họ gửi xong, nó chỉ, cho công an giả,
        cho thằng bạn, cho bà bảo hiểm, cho ông công an, cho đứa giả, của người lạ, người lạ chụp, ông công an
        dỏm, công an dỏm,
        =cho =ổng, =cho =bả, cho bà kia, cho ông kia, cho anh kia, cho cô kia, cho chị kia, đưa ổng,
        theo ổng, lời ổng, lời bả, cho mấy người, cho con nhỏ, cho gã, cho cô nào, cho bà nào,
        cho =tụi, lời bà, lời ông, lời anh kia, lời người lạ""",
    "remits": """chuyển tiền, chuyển khoản, gửi tiền, đóng phí, nộp phí, đóng tiền, nộp tiền, đặt cọc, nộp lệ phí, đóng
        lệ phí, ck, nạp tiền, chuyển mất, gửi hết tiền, chuyển hết tiền""",
    "slip_marked": "=lỡ, =trót",
    "lost": "mất tiền, trừ tiền, bị trừ, mất 5 triệu",
    "reads": "đọc, đọc lại, đưa, cung cấp, khai",
    "reads_code": """đọc mã, đưa mã, đọc otp, đọc cái mã, đọc mấy số, cho mã, cung cấp mã, đọc sáu số, đọc số, đọc lại mã,
        đưa otp, cung cấp otp, đọc passcode, đưa mật khẩu, đưa passcode, đọc mật khẩu, nói mã, cho mật khẩu, gửi
        mã cho, gửi otp cho, gửi mã otp cho""",
    "begs": """xin otp, xin passcode, xin mật khẩu, xin mã otp, đòi otp, đòi mã otp, xin cái mã, xin mã xác nhận, đòi
        mã xác nhận""",
    "where": "ở đâu, lại, mới, nhập, chỗ nào",
    "takes": """=lấy, lấy 50, lấy 100, lấy 150, lấy 200, lấy 300, lấy 500, lấy phí, =thu, thu mỗi, đòi, giá, bao, lấy
        tiền, lay, thu tiền""",
    "withdraw": "rút tiền, rút hết tiền, rút sạch tiền",
    "returns": "trả máy, trả điện thoại, =trả lại",
    "raises": """tăng lương, lương hưu tăng, nâng lương, tăng lương hưu, hoàn tiền, hưởng trợ cấp, học bổng, được 1
        triệu, được 2 triệu, lãnh thêm, hỗ trợ 2 triệu""",
    "rights": "cho phép hết, mấy cái quyền, cho hết quyền, cấp quyền hết, các quyền",
    "off_store": """ngoài kho ứng dụng, đừng lên ch play, không cần ch play, khỏi lên ch play, chứ đừng, trang khác, không
        qua ch play, khỏi vô ch play, không có trên ch play, ở ngoài ch play, tải ngoài, tải ở ngoài""",
    "alarms": """cảnh giác, đề phòng, phòng lừa, tránh bị lừa, mấy cuộc gọi, cuộc gọi làm, nghi ngờ, khả nghi, đáng sợ,
        bắt chước giọng, bắt chước tiếng""",
    "gone": "mất, bay, bốc hơi, tiêu, hao",
    "big_sum": "triệu, tr, tỷ, chục triệu, triệu bạc",
    "may": "được không, có nên, có được, dc không, duoc khong",
    "card_codes": "cvv, cvc, ba số sau, 3 số sau, ba số, số thẻ",
}  # fmt: skip
