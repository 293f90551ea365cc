"""A matrix-nio client that no stranger's event can stop, and that believes no state out of an encrypted payload.

matrix-nio 0.26 lets errors in malformed events rise out of `sync()` after the token has moved: anyone may send a
to-device message, so anyone could stop the bot and lose the rest of that response. And what stands in a Megolm payload
was written by a member, never checked by the server: a "membership" in there must not hand out room keys, and a "power
level" in there must not make an operator.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import nio
from nio.client.async_client import AsyncClient

from bot.channels.matrix.http import NETWORK_ERRORS
from bot.channels.matrix.malformed import readable_messages, readable_sync

log = logging.getLogger("bot.matrix")

ALLOWED = frozenset(
    {
        "m.room.message",
        "m.sticker",
        "m.reaction",
        *[f"{prefix}.poll.{part}" for prefix in ("m", "org.matrix.msc3381") for part in ("start", "response", "end")],
    }
)
"""What may arrive encrypted. Verification requests are `m.room.message` in rooms; everything else is ignored."""
_SALVAGE: dict[Any, Callable[[dict[str, Any]], dict[str, Any]]] = {
    nio.SyncResponse: readable_sync,
    nio.RoomMessagesResponse: readable_messages,
}


class GuardedClient(AsyncClient):
    """Be matrix-nio's client with every handler of strangers' events guarded."""

    _wrapped: object = None

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.unanswered: dict[str, float] = {}
        """People whose devices their server did not show, and when it was asked."""
        self.fallback_used = False
        """Whether the server said last that somebody used the device's fallback key."""
        self.keys_came = True
        """Whether room keys came that waiting messages were not tried with yet; after a crash nobody knows."""
        self.refused: Callable[[], None] = lambda: None
        """Called when the server does not accept the token; whatever was asked may be asked again."""

    async def send(self, *arguments: Any, **options: Any) -> Any:
        """Ask the server, and notice when it does not know the session any more."""
        response = await super().send(*arguments, **options)
        if response.status == 401:
            self.refused()
        return response

    async def parse_body(self, transport_response: Any) -> dict[Any, Any]:
        """Read the body of an answer; of a sync also the one thing that the library leaves out."""
        body: Any = await super().parse_body(transport_response)
        if not isinstance(body, dict):
            return {}
        unused = body.get("device_unused_fallback_key_types")
        if isinstance(unused, list):
            self.fallback_used = "signed_curve25519" not in unused
        return body

    async def create_matrix_response(
        self, response_class: Any, transport_response: Any, data: Any = None, save_to: Any = None
    ) -> Any:
        """Read an answer; of a sync and of older messages what can be read, where not everything can."""
        salvage = _SALVAGE.get(response_class)
        try:
            response = await super().create_matrix_response(response_class, transport_response, data, save_to)
            if salvage is None or transport_response.status != 200 or isinstance(response, response_class):
                return response
        except NETWORK_ERRORS:
            raise
        except Exception as error:
            if salvage is None:
                raise
            log.warning("an answer of the homeserver cannot be read as it is (%s)", type(error).__name__)
        # Read anew: what was read before may have been changed on the way.
        body = salvage(await self.parse_body(transport_response))
        response = response_class.from_dict(body, *(data or ()))
        response.transport_response = transport_response
        return response

    def load_store(self) -> None:
        """Open the key store and put the guard before the decryption of room events."""
        super().load_store()  # type: ignore[no-untyped-call]  # nio leaves a few returns open
        olm = self.olm
        if olm is None or self._wrapped is olm:
            return
        self._wrapped = olm
        inner: Callable[..., Any] = olm.decrypt_megolm_event

        def guarded(event: Any, room_id: str | None = None) -> Any:
            try:
                decrypted = inner(event, room_id)
            except nio.EncryptionError:
                raise
            except Exception as error:  # odd plaintext: TypeError, KeyError, RecursionError, AssertionError
                log.warning("a bad encrypted payload was ignored (%s)", type(error).__name__)
                raise nio.EncryptionError("bad payload") from error
            source = getattr(decrypted, "source", None)
            if not isinstance(source, dict) or "state_key" in source or source.get("type") not in ALLOWED:
                log.warning("an encrypted payload of a type that must not be encrypted was ignored")
                raise nio.EncryptionError("type not allowed in an encrypted payload")
            return decrypted

        setattr(olm, "decrypt_megolm_event", guarded)  # noqa: B010 - mypy refuses the assignment to a method

    def _handle_decrypt_to_device(self, to_device_event: Any) -> Any:
        decrypted = _safely(super()._handle_decrypt_to_device, to_device_event)
        if isinstance(decrypted, (nio.RoomKeyEvent, nio.ForwardedRoomKeyEvent)):
            self.keys_came = True  # noted here: a key is opened only once, however often the same sync is read
        return decrypted

    def _handle_timeline_event(self, event: Any, room_id: str, room: Any, encrypted_rooms: Any) -> Any:
        return _safely(super()._handle_timeline_event, event, room_id, room, encrypted_rooms)

    def _handle_joined_state(self, room_id: str, join_info: Any, encrypted_rooms: Any) -> None:
        _safely(super()._handle_joined_state, room_id, join_info, encrypted_rooms)

    def _handle_olm_events(self, response: Any) -> None:
        _safely(super()._handle_olm_events, response)

    async def _collect_key_requests(self) -> None:
        # Keys are never handed on: whoever should read was given the key when it was made. The queue would grow.
        if self.olm is not None:
            self.olm.received_key_requests.clear()


def _safely(handle: Callable[..., Any], *arguments: Any) -> Any:
    try:
        return handle(*arguments)
    except Exception as error:
        log.warning("a malformed event was ignored (%s)", type(error).__name__)
        return None
