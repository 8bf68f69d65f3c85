"""A minimal Kubernetes API client: server-side apply of a ConfigMap, which is all that publishing needs."""

import http.client
import json
import os
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mixcpt_evaluate.publish.api_response import ApiResponse, build_rejection, check_success
from mixcpt_store.errors import InputError, RetryableError
from mixcpt_store.presence import is_file

SERVICE_ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")
_FIELD_MANAGER = "mixcpt-publish"
_TIMEOUT_SECONDS = 30
# Statuses of a busy or restarting server, and of a token that has expired: the kubelet renews its file.
_TEMPORARY_STATUSES = (401, 408, 409, 429, 500, 502, 503, 504)
_ATTEMPTS = 4
_FIRST_DELAY_SECONDS = 0.5
_MAX_DELAY_SECONDS = 15.0


@dataclass(frozen=True)
class ApiServer:
    """`context` is None for plain HTTP. `token_file` is read again for each request, in place of `token`."""

    address: str
    token: str
    context: ssl.SSLContext | None
    token_file: Path | None = None
    sleep: Callable[[float], None] = time.sleep

    def apply_config_map(self, config_map: dict[str, Any]) -> None:
        """Creates or updates the ConfigMap, in at most four attempts.

        Raises InputError with the server's message when the server rejects it, RetryableError when the server stays
        busy, does not respond, or is not a Kubernetes API server.
        """
        metadata = config_map["metadata"]
        path = f"/api/v1/namespaces/{metadata['namespace']}/configmaps/{metadata['name']}"
        body = json.dumps(config_map, ensure_ascii=False).encode()
        delay = _FIRST_DELAY_SECONDS
        for attempt in range(1, _ATTEMPTS + 1):
            response = self._send(path, body)
            if response.status not in _TEMPORARY_STATUSES or attempt == _ATTEMPTS:
                break
            self.sleep(min(max(delay, response.retry_after or 0.0), _MAX_DELAY_SECONDS))
            delay *= 2
        if response.status >= 300:
            raise build_rejection(response, path, metadata["namespace"])
        check_success(response, f"{self.address}{path}")

    def _send(self, path: str, body: bytes) -> ApiResponse:
        request = urllib.request.Request(
            f"{self.address}{path}?fieldManager={_FIELD_MANAGER}&force=true",
            data=body,
            method="PATCH",
            headers={"Authorization": f"Bearer {self._read_token()}", "Content-Type": "application/apply-patch+yaml"},
        )
        try:
            try:
                answer = urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS, context=self.context)
            except urllib.error.HTTPError as error:
                answer = error
            with answer:
                content = answer.read().decode(errors="replace")
                return ApiResponse(answer.status, content, answer.headers.get("Retry-After"))
        except (OSError, http.client.HTTPException) as error:
            raise self._build_connection_error(error) from error

    def _read_token(self) -> str:
        return _read_token_file(self.token_file) if self.token_file else self.token

    def _build_connection_error(self, error: Exception) -> InputError | RetryableError:
        if isinstance(getattr(error, "reason", error), ssl.SSLCertVerificationError):
            return InputError(
                f"{self.address}: the certificate of the API server is not signed by the service account's ca.crt "
                f"({error}); KUBERNETES_SERVICE_HOST may name another server"
            )
        return RetryableError(f"{self.address}: the API server did not respond: {error}")


def find_cluster_api_server(service_account: Path = SERVICE_ACCOUNT) -> ApiServer:
    """Returns the API server of the cluster that this pod runs in, with the pod's service account.

    Raises InputError outside a pod or without a mounted service account.
    """
    token = service_account / "token"
    if "KUBERNETES_SERVICE_HOST" not in os.environ or not is_file(token):
        raise InputError(f"{token}: cannot be used; publishing needs a pod with a mounted service account")
    host, port = os.environ["KUBERNETES_SERVICE_HOST"], os.environ.get("KUBERNETES_SERVICE_PORT", "443")
    address = f"https://[{host}]:{port}" if ":" in host else f"https://{host}:{port}"
    authority = service_account / "ca.crt"
    try:
        context = ssl.create_default_context(cafile=str(authority))
    except OSError as error:
        raise InputError(f"{authority}: cannot be used as the cluster's certificate authority: {error}") from error
    return ApiServer(address, _read_token_file(token), context, token_file=token)


def _read_token_file(path: Path) -> str:
    """Raises RetryableError for a token that cannot be sent, as while its file is replaced."""
    try:
        token = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise RetryableError(f"{path}: the service account's token cannot be read: {error}") from error
    if not token or not token.isprintable() or " " in token:
        raise RetryableError(f"{path}: holds no token of a service account")
    return token
