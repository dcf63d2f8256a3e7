"""The OAuth front door: the device flow, revocation, introspection, metadata (RFC 8628, 7009, 7662, 8414).

A request is a form; empty is absent, unknown fields are ignored, one given twice is an error. An answer is JSON, and
so is a refusal (RFC 6749, 5.2): ``{"error": code, "error_description": sentence and next step}``.

POST /oauth/device_authorization, without a credential
    client_id (any name; ``vshell`` is ours), scope (``node:UUID:r`` and the like, for a narrower token), and of our own:
    client_name (the program), host (what the terminal says it is), name (of the token), terminal_key (base64url, an
    Ed25519 public key), project.
    200: device_code, user_code ``XXXX-XXXX``, verification_uri, expires_in 300, interval 5 (seconds). There is no
    verification_uri_complete: a link that holds the code is what phishing sends.
    400: invalid_request, invalid_scope, unauthorized_client (the flow is switched off); 429 slow_down, Retry-After.
POST /oauth/token, without a credential
    grant_type ``urn:ietf:params:oauth:grant-type:device_code``, device_code, client_id (the one that began).
    200: access_token (the device token's whole string), token_type ``Bearer``, token_id, approved_by; and where there
    is something to say: expires_in (seconds; it ends), scope, dc (this server's data centre), project.
    400: authorization_pending, slow_down (with the ``interval`` to keep from now on), access_denied (the description
    says who denied, or why nothing is given: the quota, an approver who may not any more, another data centre),
    expired_token, invalid_grant, invalid_request, unsupported_grant_type.
POST /oauth/revoke, without a credential: the token is the proof
    token, token_type_hint (ignored), client_id (if given, it must be the one that the token was made for).
    200 and nothing else, also for what is no token. 400: invalid_request, invalid_client.
POST /oauth/introspect, with a credential of the native API
    token, token_type_hint (ignored). 200: active, and of a live token of the caller's own, or of anybody's with view on
    Security: scope, client_id, username, token_type, exp, iat, sub, iss, jti (the id), kind, dc, project. Anything else
    is ``{"active": false}``. Nothing of this is a use of the token. 401: invalid_token.
GET /.well-known/oauth-authorization-server: the metadata.
"""
