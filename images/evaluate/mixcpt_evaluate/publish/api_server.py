"""A minimal Kubernetes API client: server-side apply of a ConfigMap, which is all that publishing needs."""

import http.client
import json
import os
import ssl
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mixcpt_store.errors import InputError, RetryableError

SERVICE_ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")
_FIELD_MANAGER = "mixcpt-publish"
_TIMEOUT_SECONDS = 30
# The object or its namespace is wrong, or the object is too large. Any other status may pass: a token is renewed, a
# server restarts.
_PERMANENT_STATUSES = (400, 403, 404, 413, 422)


@dataclass(frozen=True)
class ApiServer:
    """`context` is None for plain HTTP."""

    address: str
    token: str
    context: ssl.SSLContext | None

    def apply_config_map(self, config_map: dict[str, Any]) -> None:
        """Creates or updates the ConfigMap.

        Raises InputError with the server's message when the server rejects it, RetryableError when the server is
        busy or does not respond.
        """
        metadata = config_map["metadata"]
        path = f"/api/v1/namespaces/{metadata['namespace']}/configmaps/{metadata['name']}"
        request = urllib.request.Request(
            f"{self.address}{path}?fieldManager={_FIELD_MANAGER}&force=true",
            data=json.dumps(config_map, ensure_ascii=False).encode(),
            method="PATCH",
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": "application/apply-patch+yaml"},
        )
        try:
            urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS, context=self.context).close()
        except urllib.error.HTTPError as error:
            reason = error.read().decode(errors="replace")
            kind = InputError if error.code in _PERMANENT_STATUSES else RetryableError
            raise kind(f"{path}: the API server returned status {error.code}: {reason}") from error
        except (OSError, http.client.HTTPException) as error:
            raise RetryableError(f"{self.address}: the API server did not respond: {error}") from error


def find_cluster_api_server(service_account: Path = SERVICE_ACCOUNT) -> ApiServer:
    """Returns the API server of the cluster that this pod runs in, with the pod's service account.

    Raises InputError outside a pod or without a mounted service account.
    """
    token = service_account / "token"
    if "KUBERNETES_SERVICE_HOST" not in os.environ or not token.is_file():
        raise InputError(f"{token}: cannot be used; publishing needs a pod with a mounted service account")
    host, port = os.environ["KUBERNETES_SERVICE_HOST"], os.environ.get("KUBERNETES_SERVICE_PORT", "443")
    address = f"https://[{host}]:{port}" if ":" in host else f"https://{host}:{port}"
    context = ssl.create_default_context(cafile=str(service_account / "ca.crt"))
    return ApiServer(address, token.read_text(encoding="utf-8").strip(), context)
