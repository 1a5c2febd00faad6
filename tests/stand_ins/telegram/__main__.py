"""``python -m tests.stand_ins.telegram --port 8091``: a Telegram on this machine, to try the bot by hand."""

from tests.stand_ins.serving import port_option, serve_by_hand
from tests.stand_ins.telegram.app import TOKEN, build_app

if __name__ == "__main__":
    parser = port_option("Telegram trên máy này, để chạy thử bằng tay.")
    parser.add_argument(
        "--pace", type=float, default=1.0, help="1: nghỉ giữa các lần thử như thật; 0.01: nhanh gấp trăm"
    )
    parser.add_argument("--factor", type=float, default=1.0, help="nhân với giới hạn thật; 0 là không giới hạn")
    given = parser.parse_args()
    app = build_app(pace=given.pace, factor=given.factor)
    serve_by_hand(app, given.port, f"Bot API: {{address}}/bot<token>/\ntoken: {TOKEN}")
