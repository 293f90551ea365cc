"""The Matrix channel: `inbound` and `outbound` are pure, `client` talks to the homeserver, `crypto` keeps the keys."""
