"""A server of OAuth 2 tokens, over HTTP: its metadata, and each request that is made of it.

Authlib makes the requests. Here is what it leaves to its caller: only TLS (or this machine), no redirects (they would
carry a secret elsewhere), one deadline, answers of a bounded length, and errors without a token in them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from ticketctl.channels import secrets
from ticketctl.channels.redaction import Redactor
from ticketctl.channels.time_limit import within
from ticketctl.domain.settings.hosts import is_safe
from ticketctl.domain.settings.oauth import PROVIDERS, Endpoints, Granted, OAuth, endpoints, granted, is_token
from ticketctl.domain.text.one_line import one_line
from ticketctl.errors import ChannelFailed, MissingExtra, NextStep, Steps

LONGEST = 1_000_000  # bytes of an answer; one of tokens has some 2,000
SECONDS = 30.0  # for one request, the look-up of the host name included
DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"


class Declined(ChannelFailed):
    """The server understood, and says no. `word` is its own for it (RFC 6749, 5.2; RFC 8628, 3.5); "" where it says
    yes, and gives what is not a token."""

    def __init__(self, text: str, word: str, *, code: str = "", next_step: Steps = None, **facts: object) -> None:
        super().__init__(text, code=code, next_step=next_step, **facts)
        self.word = word


class Issuer:
    """`name` is the source's; `at` are the endpoints, found out at login. Raises ChannelFailed, Declined where the
    server says no, MissingExtra without Authlib."""

    def __init__(self, name: str, oauth: OAuth, at: Endpoints, environ: Mapping[str, str]) -> None:
        self.at = at
        self._name = name
        self._oauth = oauth
        self._secret = _secret(name, oauth, environ)

    def refresh(self, refresh_token: str, now: datetime, keep: Callable[[str], object]) -> Granted:
        """`keep` hears of a new refresh token before anything else in the answer is looked at: the old one may be good
        no more, whatever is wrong with the rest."""
        ask = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        answer = self._posted(self.at.token, ask)
        fresh = answer.get("refresh_token")
        if is_token(fresh) and fresh != refresh_token:
            keep(fresh)
        return self._granted(answer, now, ask)

    def exchange(self, code: str, verifier: str, redirect: str, now: datetime) -> Granted:
        """The code that came with the redirect, for tokens."""
        ask = {"grant_type": "authorization_code", "code": code, "code_verifier": verifier, "redirect_uri": redirect}
        return self._granted(self._posted(self.at.token, ask), now, ask)

    def poll(self, device_code: str, now: datetime) -> Granted:
        """Whether the person has agreed; raises Declined("authorization_pending") while they have not."""
        ask = {"grant_type": DEVICE_CODE, "device_code": device_code}
        return self._granted(self._posted(self.at.token, ask), now, ask)

    def begin_device(self) -> Mapping[str, Any]:
        """A device_code for us and a user_code for the person (RFC 8628, 3.2)."""
        ask = {"scope": " ".join(self._oauth.asked)}
        answer = self._posted(self.at.device, ask)
        self._heed(answer, self.at.device, ask)
        return answer

    def authorization_url(self, redirect: str, state: str, verifier: str, user: str) -> str:
        """Where the person agrees, with a challenge that only `verifier` answers (RFC 7636)."""
        given = PROVIDERS[self._oauth.provider].extra if self._oauth.provider else ()
        hint = {"login_hint": user} if "@" in user else {}
        client = self._client(redirect_uri=redirect, scope=" ".join(self._oauth.asked), code_challenge_method="S256")
        url: str
        url, _ = client.create_authorization_url(
            self.at.authorization, state=state, code_verifier=verifier, **dict(given), **hint
        )
        return url

    def _client(self, **more: Any) -> Any:
        method = ("client_secret_post" if self.at.posts_secret else "client_secret_basic") if self._secret else "none"
        return _session()(
            client_id=self._oauth.client_id,
            client_secret=self._secret or None,
            token_endpoint_auth_method=method,
            default_timeout=SECONDS,
            **more,
        )

    def _posted(self, url: str, form: Mapping[str, str]) -> Mapping[str, Any]:
        """The JSON object of the answer, in which nothing has been looked at yet."""

        def ask() -> Mapping[str, Any]:
            client = self._client()
            _bound(client)
            auth = client.client_auth(client.token_endpoint_auth_method)
            answer = client.post(url, data=dict(form), auth=auth, headers=_HEADERS, **_PLAIN)
            if answer.status_code >= 500:
                answer.raise_for_status()
            return _object(answer.json())

        with _telling(self._name, _host(url), self._redactor(form)):
            return within(SECONDS, ask)

    def _granted(self, answer: Mapping[str, Any], now: datetime, sent: Mapping[str, str]) -> Granted:
        self._heed(answer, self.at.token, sent)
        try:
            return granted(answer, now)
        except ValueError as error:
            raise Declined(
                "{name}: {host}: {reason}",
                "",
                code="token_invalid",
                name=self._name,
                host=_host(self.at.token),
                reason=error,
            ) from None

    def _heed(self, answer: Mapping[str, Any], url: str, sent: Mapping[str, str]) -> None:
        """Raises Declined where the server says no."""
        if "error" not in answer:
            return
        redactor = self._redactor(sent)
        code, told = redactor.told(answer["error"]), redactor.told(answer.get("error_description") or "")
        raise Declined(
            "{name}: {host} says: {told}{in_brackets}",
            code,
            code="login_declined",
            name=self._name,
            host=_host(url),
            told=told or code,
            in_brackets=f" ({code})" if told else "",
        )

    def _redactor(self, sent: Mapping[str, str]) -> Redactor:
        secrets_sent = (value for key, value in sent.items() if key not in ("grant_type", "scope", "redirect_uri"))
        return Redactor(self._secret, *secrets_sent)


_PLAIN: Mapping[str, Any] = {"allow_redirects": False}
_HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity"}


def discover(name: str, oauth: OAuth) -> Endpoints:
    """Of a known provider without asking; else from the issuer's metadata (OpenID Connect Discovery, or RFC 8414).
    Raises ChannelFailed where it has none, is another issuer, or would have us send secrets in clear."""
    if oauth.provider:
        return endpoints(oauth)
    issuer = oauth.issuer.rstrip("/")
    parts = urlsplit(issuer)
    places = (
        f"{issuer}/.well-known/openid-configuration",
        f"{parts.scheme}://{parts.netloc}/.well-known/oauth-authorization-server{parts.path}",
    )
    with _telling(name, _host(issuer), Redactor()):
        told = within(SECONDS, lambda: _metadata(places))
    if str(told.get("issuer", "")).rstrip("/") != issuer:
        raise ChannelFailed(
            "{name}: {issuer} calls itself {itself}; write that as `issuer:`",
            code="issuer_named_otherwise",
            name=name,
            issuer=issuer,
            itself=one_line(repr(told.get("issuer"))),
        )
    methods = told.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    found = Endpoints(
        token=_endpoint(name, told, "token_endpoint"),
        device=_endpoint(name, told, "device_authorization_endpoint"),
        authorization=_endpoint(name, told, "authorization_endpoint"),
        issuer=issuer,
        posts_secret="client_secret_basic" not in methods,
    )
    if not found.token:
        raise ChannelFailed(
            "{name}: {issuer} names no token_endpoint, so nobody can log in there",
            code="no_token_endpoint",
            name=name,
            issuer=issuer,
        )
    return found


def _metadata(places: tuple[str, ...]) -> Mapping[str, Any]:
    session = _requests().Session()
    _bound(session)
    for place in places:
        answer = session.get(place, timeout=SECONDS, headers=_HEADERS, **_PLAIN)
        if answer.status_code == 200:
            return _object(answer.json())
    raise ValueError(f"it has no metadata ({' or '.join(places)})")


def _endpoint(name: str, told: Mapping[str, Any], key: str) -> str:
    url = told.get(key) or ""
    if not isinstance(url, str) or (url and not is_safe(url)):
        raise ChannelFailed(
            "{name}: the issuer's {key} is not an https:// address, so no token is asked for there",
            code="endpoint_not_https",
            name=name,
            key=key,
        )
    return url


def _object(answer: object) -> Mapping[str, Any]:
    if not isinstance(answer, dict):
        raise ValueError("its answer is no JSON object")
    return answer


def _secret(name: str, oauth: OAuth, environ: Mapping[str, str]) -> str:
    command = oauth.client_secret_command
    return secrets.run_command(name, "client_secret_command", command, environ) if command else ""


@contextmanager
def _telling(name: str, host: str, redactor: Redactor) -> Iterator[None]:
    """What goes wrong, as one line without what was sent. `from None` throughout: exceptions hold the request."""
    requests = _requests()
    where = f"{name}: {host}"
    try:
        yield
    except TimeoutError:
        raise ChannelFailed(
            "{where} did not answer within {seconds:g} s; the next try may",
            code="issuer_too_slow",
            where=where,
            seconds=SECONDS,
        ) from None
    except requests.exceptions.JSONDecodeError:
        raise ChannelFailed(
            "{where}: its answer is not JSON: is that the address of the issuer?", code="issuer_no_json", where=where
        ) from None
    except requests.exceptions.SSLError:
        raise ChannelFailed(
            "{where}: its certificate is not to be trusted", code="issuer_certificate", where=where
        ) from None
    except requests.RequestException as error:
        status = getattr(error.response, "status_code", 0)
        told = f"answered {status}" if status else f"cannot be reached ({type(error).__name__})"
        raise ChannelFailed(
            "{where} {told}; the next try may go better", code="issuer_unreachable", where=where, told=told
        ) from None
    except (ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError) as error:
        told = redactor.told(error) if isinstance(error, ValueError) else type(error).__name__
        raise ChannelFailed(
            "{where}: its answer makes no sense: {told}", code="issuer_senseless", where=where, told=told
        ) from None


def _host(url: str) -> str:
    return urlsplit(url).netloc


# --- the library, imported when a token is asked for and not before ---


def _session() -> Any:
    try:
        from authlib.integrations.requests_client import OAuth2Session
    except ImportError:
        raise _without() from None
    return OAuth2Session


def _requests() -> Any:
    try:
        import requests
    except ImportError:
        raise _without() from None
    return requests


def _bound(session: Any) -> None:
    for scheme in ("https://", "http://"):
        session.mount(scheme, _bounded())


def _bounded() -> Any:
    """A transport that reads no more than an answer of tokens may have."""
    from requests.adapters import HTTPAdapter

    class Bounded(HTTPAdapter):
        def send(self, *given: Any, **more: Any) -> Any:
            answer = super().send(*given, **{**more, "stream": True})
            with closing(answer):
                content = b""
                while len(content) <= LONGEST and (more_of_it := answer.raw.read(65_536, decode_content=False)):
                    content += more_of_it
            if len(content) > LONGEST:
                raise ValueError(f"it is longer than {LONGEST:,} bytes")
            answer._content = content
            return answer

    return Bounded()


def _without() -> MissingExtra:
    return MissingExtra(
        "`oauth:` needs the extra [oauth]", code="no_oauth_extra", next_step=NextStep("install", more="oauth")
    )
