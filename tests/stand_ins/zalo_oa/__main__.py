"""``python -m tests.stand_ins.zalo_oa --port 8092``: a Zalo Official Account here, to try the bot by hand."""

from tests.stand_ins.clocks import MovableClock
from tests.stand_ins.serving import port_option, serve_by_hand
from tests.stand_ins.zalo_oa.app import ACCOUNT, StandIn, build_app

if __name__ == "__main__":
    parser = port_option("Zalo Official Account trên máy này, để chạy thử bằng tay.")
    parser.add_argument("--webhook", default="", help="nơi nhận sự kiện, ví dụ http://127.0.0.1:8080/webhooks/zalo-oa")
    parser.add_argument(
        "--pace", type=float, default=1.0, help="1: nghỉ giữa các lần thử như thật; 0.01: nhanh gấp trăm"
    )
    parser.add_argument("--rate", type=int, default=100, help="số lần gọi mỗi phút; 0 là không giới hạn")
    given = parser.parse_args()
    stand_in = StandIn(clock=MovableClock(), pace=given.pace, rate=given.rate)
    stand_in.events.webhook = given.webhook
    pair = stand_in.grants.give()
    told = {
        "app id": ACCOUNT.app_id,
        "app secret": ACCOUNT.app_secret,
        "OA id": ACCOUNT.oa_id,
        "OA secret key": ACCOUNT.oa_secret,
        "access token": pair.access,
        "refresh token": pair.refresh,
    }
    serve_by_hand(build_app(stand_in), given.port, "\n".join(f"{name}: {value}" for name, value in told.items()))
