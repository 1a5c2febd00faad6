"""``python -m tests.stand_ins.zalo_bot --port 8093``: a Zalo Bot platform on this machine, to try the bot by hand."""

import time

from tests.stand_ins.serving import port_option, serve_by_hand
from tests.stand_ins.zalo_bot.app import TOKEN, StandIn, build_app

if __name__ == "__main__":
    port = port_option("Nền tảng Zalo Bot trên máy này, để chạy thử bằng tay.").parse_args().port
    stand_in = StandIn(clock=time.time, pace=1.0, loopback=True)
    serve_by_hand(build_app(stand_in), port, f"Bot API: {{address}}/bot<token>/, token để thử: {TOKEN}")
