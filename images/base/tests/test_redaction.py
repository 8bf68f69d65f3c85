import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixcpt_store.redaction import redact_secrets

_ENVIRONMENT = {
    "HF_TOKEN": "x7Qq secret+of/the hub\n",
    "MLFLOW_TRACKING_PASSWORD": "opensesame",
    "TOKENIZER_FOLDER": "/store/models/llama-2",
    "HF_TOKEN_PATH": "/tmp/huggingface/token",
    "SERVER_KEY_PASSWORD": "-----BEGIN KEY-----\nMIIEvQIBADANBg\n",
    "PATH": "/usr/bin:/opt/mixcpt/bin",
}


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("token x7Qq secret+of/the hub refused", "token *** refused"),
        ("?token=x7Qq%20secret%2Bof%2Fthe%20hub", "?token=***"),
        ("login opensesame failed", "login *** failed"),
        ("line MIIEvQIBADANBg of the key", "line *** of the key"),
        ("token hf_aBcDeFgHiJkLmNoPqRsTuVwXyZaBcDeFgH.", "token ***."),
        ("hf_oauth_aBcDeFgHiJkLmNoPqRsT-123", "***"),
        ("Authorization: Bearer abc.def-123=", "Authorization: Bearer ***"),
        ("{'authorization': 'Basic dXNlcjpwYXNz'}", "{'authorization': 'Basic ***'}"),
        ("http://proxy-user:p4ss@proxy:3128 is away", "http://***@proxy:3128 is away"),
        (
            "https://cdn.example/a.parquet?X-Amz-Signature=0a1b&X-Amz-Date=2 (403)",
            "https://cdn.example/a.parquet?*** (403)",
        ),
        (
            "HTTPSConnectionPool(host='cdn.example'): Max retries exceeded with url: /a/b?sig=0a1b&x=2 (Caused by",
            "HTTPSConnectionPool(host='cdn.example'): Max retries exceeded with url: /a/b?*** (Caused by",
        ),
        ("eyJhbGciOi.eyJzdWIi.c2ln-_", "***"),
        ("password=hunter2, api_key: 'abcdef'", "password=***, api_key: '***'"),
        ("hf-token=abc", "hf-token=***"),
    ],
)
def test_secrets_are_replaced(text: str, kept: str) -> None:
    assert redact_secrets(text, _ENVIRONMENT) == kept


@pytest.mark.parametrize(
    "text",
    [
        "https://huggingface.co/datasets/a/b/resolve/1f0c/x.parquet: 404",
        "pad_token: <unk>, tokens: 4,096, tokenizer: /store/models/llama-2/tokenizer.json",
        'Traceback (most recent call last):\n  File "/opt/mixcpt/bin/x.py", line 7, in <module>',
        '  File "/opt/mixcpt/lib/transformers/hf_argparser.py", line 7, in parse_yaml_file',
        "hf_hub_download, hf_raise_for_status and hf_transfer of huggingface_hub",
        "FileNotFoundError: '/tmp/huggingface/token'",
        "use_auth_token=None, password: null, secret=False",
        "started 2026-11-29T10:00:00Z, sha256:0a1b2c3d4e5f60718293a4b5c6d7e8f9, checkpoint-500",
        "pad_token: </s>, eos_token='</s>', token: 123, max_tokens=4096",
        "is it 3? x=3",
        "basic English; a bearer of news",
    ],
)
def test_what_helps_to_find_a_cause_stays(text: str) -> None:
    assert redact_secrets(text, {**_ENVIRONMENT, "SHORT_TOKEN": "1"}) == text


@given(st.text(), st.text(min_size=6).filter(lambda secret: len(secret.strip()) >= 6), st.text())
def test_no_secret_of_the_environment_is_left(before: str, secret: str, after: str) -> None:
    redacted = redact_secrets(f"{before}{secret.strip()}{after}", {"HF_TOKEN": secret})
    assert secret.strip() not in redacted or secret.strip() in before + after
