"""Settings: read from the environment (`BATON_…`), documented in docs/reference/settings.md."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What a deployment chooses. Every part has an embedded default."""

    model_config = SettingsConfigDict(env_prefix="BATON_", extra="ignore")

    home: Path = Field(
        default=Path("baton-home"), description="Folder of the embedded store, the keys and the staff accounts."
    )
    log: str = Field(default="sqlite", description="`sqlite` for a file in the home folder, or a `postgresql://` URL.")
    wake: str = Field(default="local", description="`local`, or a `nats://` URL.")
    pool: Literal["inline", "processes", "ray"] = Field(default="inline", description="Where heavy work runs.")
    learn_every_s: float = Field(
        default=900,
        gt=0,
        description="Seconds between two looks back, in which policies are learned from all conversations.",
    )
    slow_tier: Literal["on", "off"] = Field(
        default="on",
        description="Whether turns whose words leave open what is wanted are asked of the transformer, in a process of its own (160 MB).",
    )
    llm_url: str = Field(
        default="",
        description="Address of a server that speaks OpenAI's chat API, such as `http://127.0.0.1:8080/v1`; empty: agents think without a model.",
    )
    llm_model: str = Field(default="", description="Name of the model there.")
    llm_key: SecretStr | None = Field(default=None, description="Its key, where it wants one.")
    llm_answer: Literal["auto", "schema", "text", "plain"] = Field(
        default="auto",
        description="`schema` where the server holds answers to a JSON Schema, `text` where it only reads one in the prompt, `plain` for a small model, which answers from articles and chooses nothing; `auto` is `plain` where the server tells of a model under 2 billion weights, else `schema`.",
    )
    llm_price_in: float | None = Field(
        default=None,
        ge=0,
        description="Money for a million tokens shown to the model; `0` where it costs nothing. Unset: no agent under a cost cap asks it.",
    )
    llm_price_out: float | None = Field(
        default=None, ge=0, description="Money for a million tokens of its answers; `0` where they cost nothing."
    )
    llm_fallbacks: SecretStr | None = Field(
        default=None,
        description="JSON list of further servers, tried in order: `url`, `model`, and optional `key`, `price_in`, `price_out`, `answer`.",
    )
    llm_timeout_s: float = Field(
        default=15, gt=0, description="Seconds until a model that has not answered is given up."
    )
    lanes: str = Field(
        default="0-63", description="Lanes this process works, such as `0-15`; empty for a web process that works none."
    )
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8000, description="Port to listen on.")
    root_key: SecretStr | None = Field(
        default=None, description="32 bytes as hex that wrap every key; made beside the key file if unset."
    )
    secret: SecretStr | None = Field(
        default=None, description="Signs chat tokens and forms; made in the home folder if unset."
    )
    widget_origins: str = Field(
        default="", description="Sites that may embed the widget, separated by commas; `*` for any."
    )
    site_secret: SecretStr | None = Field(
        default=None, description="Shared with the embedding site to verify who the customer is."
    )
    audit_every_s: float = Field(
        default=30, gt=0, description="Seconds between two signed heads of the log, where something was added."
    )
    audit_publish: str = Field(
        default="",
        description="Who keeps the signed heads outside the database, separated by commas: a file on another disk, an https address, `https://HOST/api/audit/witness` of another Baton.",
    )
    audit_token: SecretStr | None = Field(
        default=None, description="Bearer token for the addresses that signed heads are published to."
    )
    audit_key: SecretStr | None = Field(
        default=None, description="32 bytes as hex that sign the heads; made in the home folder if unset."
    )
    otel_export: str = Field(
        default="",
        description="Where OpenTelemetry goes (spans of conversations that end, results of evaluations, metrics): `jsonl:FILE`, or the address of a collector (OTLP over HTTP); empty: nowhere.",
    )
    otel_headers: SecretStr | None = Field(
        default=None,
        description="Headers for the collector, such as a key: `name=value`, separated by commas, values percent-encoded.",
    )
    otel_protocol: Literal["protobuf", "json"] = Field(
        default="protobuf", description="How the collector is spoken to; every one reads protobuf, some read JSON."
    )
    otel_content: Literal["off", "hidden"] = Field(
        default="off",
        description="Whether exported spans hold what was said: `off`, or `hidden`, with personal values hidden.",
    )
    oidc_issuer: str = Field(default="", description="OpenID Connect issuer for staff sign-in; empty turns it off.")
    oidc_client_id: str = Field(default="", description="Client id at the issuer.")
    oidc_client_secret: SecretStr | None = Field(default=None, description="Client secret at the issuer.")
    oidc_groups_claim: str = Field(
        default="groups", description="The claim of an ID token that names the person's groups."
    )
    public_url: str = Field(
        default="",
        description="Where people reach Baton, such as `https://baton.example.com`: the origin passkeys are bound to. By default `http://localhost` and the port.",
    )
    insecure_cookies: bool = Field(
        default=True, description="Cookies without Secure, for plain HTTP on 127.0.0.1. Set false behind TLS."
    )

    def owned(self) -> range:
        """The lanes this process works."""
        if not self.lanes:
            return range(0)
        first, _, last = self.lanes.partition("-")
        return range(int(first), int(last or first) + 1)
