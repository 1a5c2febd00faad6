"""The doors to the city's provider of sign-ins and back: in with its account, or to show it once more who one is."""

import datetime as dt
import time
from collections.abc import Callable

from fastapi import Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from bot.accounts.errand import Errand, came_back, set_out
from bot.accounts.provider import Provider, ProviderAway, ProviderError, Told
from bot.accounts.signing_in import SigningIn
from bot.web.callers import Refusals, client_address
from bot.web.desk.pages import DeskPages
from bot.web.desk.visit import DeskCookie, Door, GoToError, RefusedError, Visit, own_page

_RETURN = "/desk/provider/return"

# characters of what a provider gives back; some write whole tokens into a code
_STATE, _CODE = 400, 4000


class ProviderDoors:
    """Both wait for another machine, so neither keeps a thread. Without a provider they are closed."""

    def __init__(
        self,
        provider: Provider | None,
        signing_in: SigningIn,
        pages: DeskPages,
        cookie: DeskCookie,
        *,
        public_url: str,
        proxies: int,
        now: Callable[[], dt.datetime],
    ) -> None:
        self._provider = provider
        self._signing_in = signing_in
        self._pages = pages
        self._cookie = cookie
        self._public_url = public_url.rstrip("/")
        self._proxies = proxies
        self._now = now
        self._refusals = Refusals(time.monotonic)

    def doors(self) -> tuple[Door, ...]:
        return (
            Door("GET", "/desk/provider", None, self.leave),
            Door("GET", _RETURN, None, self.come_back),
        )

    async def leave(self, visit: Visit) -> Response:
        """Nothing is stored: the way back is known by this browser's cookie."""
        provider, again = self._there(), _is_signed_in(visit)
        if again and not visit.account.identity:
            raise GoToError("/desk")
        errand = set_out(visit.token, own_page(visit.asked("next")), self._now())
        try:
            address = await provider.address(errand, self._redirect(visit), again=again)
        except ProviderAway as error:
            return await run_in_threadpool(self._failed, visit, error.why)
        return RedirectResponse(address, status_code=303)

    async def come_back(self, visit: Visit) -> Response:
        """Signs in by GET: that this browser set out is what its state proves, as a form's key does elsewhere."""
        provider = self._there()
        errand = came_back(visit.token, visit.asked("state", most=_STATE), self._now())
        if errand is None or visit.asked("iss") not in ("", provider.registration.issuer):
            return await run_in_threadpool(self._failed, visit, "provider_state")
        if "code" not in visit.request.query_params:
            return await run_in_threadpool(self._failed, visit, "provider_refused")
        try:
            told = await provider.told(errand, self._redirect(visit), visit.asked("code", most=_CODE))
        except ProviderError as error:
            return await run_in_threadpool(self._failed, visit, error.why)
        return await run_in_threadpool(self._entered, visit, errand, told)

    # ---- inside ----

    def _there(self) -> Provider:
        if self._provider is None:
            raise RefusedError(404, "not_found")
        return self._provider

    def _redirect(self, visit: Visit) -> str:
        """Where the provider leads back to; it knows that address and takes no other."""
        return (self._public_url or str(visit.request.base_url).rstrip("/")) + _RETURN

    def _entered(self, visit: Visit, errand: Errand, told: Told) -> Response:
        if visit.session is not None and _is_signed_in(visit):
            if self._signing_in.confirm_by_provider(visit.session, told, errand):
                raise GoToError(errand.back)
            raise RefusedError(403, "provider_confirm")
        if token := self._signing_in.provider(told, visit.token):
            return self._cookie.lead_to(errand.back if told.second_factor else "/desk/second-factor", token)
        self._refuse(visit)
        heading = visit.words["provider_unknown"]
        return self._pages.page(visit, "not_listed.html", heading, status=403, subject=told.subject)

    def _failed(self, visit: Visit, why: str) -> Response:
        self._refuse(visit)
        self._signing_in.note_provider(why)
        if why == "provider_away":
            return self._pages.notice(visit, 503, why)
        return self._pages.notice(visit, 422, "provider_again")

    def _refuse(self, visit: Visit) -> None:
        if self._refusals.add(client_address(visit.request, self._proxies)):
            raise RefusedError(429, "too_often")


def _is_signed_in(visit: Visit) -> bool:
    return visit.session is not None and visit.session.stage == "full"
