"""Note who invites the bot: some at once, the rest when those are taken, for a sync shows an invitation only once."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from bot.channels.matrix.guards import GuardedClient
from bot.channels.matrix.http import call
from bot.channels.matrix.inbound import is_user
from bot.channels.matrix.rooms import Memory

log = logging.getLogger("bot.matrix")

INVITES = 100
"""Invitations that may wait at once (N18); the server holds the others, and is asked for them."""
AGAIN = 60.0
"""Seconds between two such questions: the answer holds everything that waits, however often it is asked for."""
MORE = "more invitations"
_GIVEN_UP = 10_000
_NOTHING = {"types": [], "limit": 1}
_FILTER = {
    "presence": _NOTHING,
    "account_data": _NOTHING,
    "room": {
        "timeline": _NOTHING,
        "state": {**_NOTHING, "lazy_load_members": True},
        "ephemeral": _NOTHING,
        "account_data": _NOTHING,
    },
}


class Invitations:
    """Hold back what is too much at once."""

    def __init__(self, client: GuardedClient, memory: Memory, allow: Sequence[str]) -> None:
        self._client = client
        self._memory = memory
        self._allow = allow
        self._given_up: dict[str, None] = {}
        self._asked_at = -AGAIN

    @property
    def more(self) -> bool:
        """Whether there were more than could wait."""
        return self._memory.get(MORE) is not None

    @property
    def wanted(self) -> bool:
        """Whether there is room again for those that could not wait."""
        return self.more and len(self._memory.named("invite")) <= INVITES // 2

    def note(self, invited: Mapping[str, Iterable[object]], now: datetime) -> int:
        """Note invitations, by their rooms and what the server shows of those; tells how many were by strangers."""
        me = self._client.user_id
        strangers = 0
        waiting = len(self._memory.named("invite"))
        for room, events in invited.items():
            invite = invitation(events, me)
            if invite is None or self._memory.get(f"invite {room}") is not None:
                continue
            by, direct = invite
            if not may_invite(by, me, self._allow):
                strangers += 1
                continue
            if waiting >= INVITES:
                if not self.more:
                    log.warning("more than %d invitations at once; the rest is taken after those", INVITES)
                self._memory.put(MORE, True)
                break
            waiting += 1
            self._given_up.pop(room, None)
            self._memory.put(f"invite {room}", {"by": by, "direct": direct, "at": int(now.timestamp() * 1000)})
        return strangers

    async def ask(self, now: datetime) -> float | None:
        """Ask the server for all that wait and note what there is room for; gives the seconds until to ask again.

        Raises what a network raises.
        """
        moment = asyncio.get_running_loop().time()
        if moment < self._asked_at + AGAIN:
            return self._asked_at + AGAIN - moment
        # Without a position, so that everything is shown; what else stands in the answer belongs to the real sync.
        asked = f"timeout=0&set_presence=offline&filter={quote(json.dumps(_FILTER), safe='')}"
        answer = await call(self._client, "GET", f"/_matrix/client/v3/sync?{asked}")
        if answer.status != 200:
            return answer.retry_after
        self._asked_at = moment
        self._memory.put(MORE, None)
        self.note({room: events for room, events in _shown(answer.body).items() if room not in self._given_up}, now)
        return None

    def gave_up(self, room: str) -> None:
        """Note that a room cannot be joined: the server goes on to show the invitation."""
        self._given_up[room] = None
        while len(self._given_up) > _GIVEN_UP:
            self._given_up.pop(next(iter(self._given_up)))


def _shown(body: dict[str, Any]) -> dict[str, list[object]]:
    rooms = body.get("rooms")
    invited = rooms.get("invite") if isinstance(rooms, dict) else None
    found: dict[str, list[object]] = {}
    for room, info in invited.items() if isinstance(invited, dict) else ():
        state = info.get("invite_state") if isinstance(info, dict) else None
        events = state.get("events") if isinstance(state, dict) else None
        found[room] = events if isinstance(events, list) else []
    return found


def invitation(events: Iterable[object], me: str) -> tuple[str, bool] | None:
    """Give who invited us and whether it is meant as a direct chat; None when it is no invitation of us."""
    for event in events:
        if not isinstance(event, dict) or event.get("type") != "m.room.member" or event.get("state_key") != me:
            continue
        content, sender = event.get("content"), event.get("sender")
        if not isinstance(content, dict) or content.get("membership") != "invite":
            continue
        if isinstance(sender, str) and is_user(sender):
            return sender, content.get("is_direct") is True
    return None


def may_invite(person: str, me: str, allow: Sequence[str]) -> bool:
    """Tell whether a person may invite the bot: they or their server are on the list, by default the bot's server.

    The whole Matrix id counts, never a display name (A03). `*` lets everybody.
    """
    server = person.partition(":")[2]
    if not allow:
        return server == me.partition(":")[2]
    return any(one in ("*", person) or (not one.startswith("@") and one == server) for one in allow)
