"""``python -m tests.stand_ins.provider --port 8094``: a provider of sign-ins here, to try the console by hand."""

from tests.stand_ins.provider.app import CLIENT, MFA, SECRET, StandIn, build_app
from tests.stand_ins.serving import port_option, serve_by_hand

if __name__ == "__main__":
    given = port_option("Nơi đăng nhập của thành phố (OpenID Connect) trên máy này, để chạy thử bằng tay.").parse_args()
    told = {
        "GOCUA_OIDC_ISSUER": "{address}",
        "GOCUA_OIDC_CLIENT_ID": CLIENT,
        "oidc_client_secret": SECRET,
        "GOCUA_OIDC_SECOND_FACTOR": MFA,
    }
    serve_by_hand(build_app(StandIn()), given.port, "\n".join(f"{name}: {value}" for name, value in told.items()))
