// A person with an independent Matrix client (Rust crypto) that talks only to devices their owner has signed.
// One JSON object per line: commands on stdin, what happened on stdout.
import { createInterface } from "node:readline";
import * as sdk from "matrix-js-sdk";
import { OnlySignedDevicesIsolationMode } from "matrix-js-sdk/lib/crypto-api/index.js";
import { logger } from "matrix-js-sdk/lib/logger.js";

// Debian's Node 20 lacks the one thing the SDK wants of Node 22.
Promise.withResolvers ??= () => {
    let resolve, reject;
    const promise = new Promise((yes, no) => ([resolve, reject] = [yes, no]));
    return { promise, resolve, reject };
};

const quiet = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, getChild() { return quiet; } };
for (const level of ["trace", "debug", "info", "warn", "error", "log"]) console[level] = () => {};
logger.setLevel?.("silent");

const say = (what) => process.stdout.write(JSON.stringify(what) + "\n");
// "first" makes the account's identity; a "second" device is given its secrets (`secrets`, `sign`).
const [, , baseUrl, user, password, which] = process.argv;

const login = await sdk.createClient({ baseUrl, logger: quiet }).loginRequest({
    type: "m.login.password", identifier: { type: "m.id.user", user }, password,
});
const client = sdk.createClient({
    baseUrl, userId: login.user_id, deviceId: login.device_id, accessToken: login.access_token, logger: quiet,
    cryptoCallbacks: { getSecretStorageKey: async () => null },
});
await client.initRustCrypto({ useIndexedDB: false });
const crypto = client.getCrypto();
crypto.setDeviceIsolationMode(new OnlySignedDevicesIsolationMode());
if (which !== "second") await crypto.bootstrapCrossSigning({
    setupNewCrossSigning: true,
    authUploadDeviceSigningKeys: async (ask) => {
        try {
            return await ask(null);
        } catch (error) {
            const session = error.data?.session;
            return await ask({
                type: "m.login.password", identifier: { type: "m.id.user", user }, password, session,
            });
        }
    },
});

async function show(event) {
    if (event.getSender() === login.user_id || event.isState()) return;
    if (event.isBeingDecrypted()) await event.getDecryptionPromise();
    const failed = event.isDecryptionFailure();
    const encrypted = event.isEncrypted();
    const trust = encrypted && !failed ? await crypto.getEncryptionInfoForEvent(event) : null;
    say({
        event: event.getId(), room: event.getRoomId(), sender: event.getSender(), type: event.getType(), encrypted, failed,
        reason: failed ? event.decryptionFailureReason ?? "unknown" : null,
        shield: trust ? trust.shieldColour : null, why: trust ? trust.shieldReason : null,
        content: failed ? {} : event.getContent(),
    });
}
client.on("Room.timeline", (event, room, toStart) => {
    if (!toStart && event.getType() !== "m.room.member") show(event).catch((error) => say({ error: String(error) }));
});
client.on("Event.decrypted", (event) => show(event).catch((error) => say({ error: String(error) })));

const commands = {
    async direct({ bot }) {
        const made = await client.createRoom({
            is_direct: true, invite: [bot], preset: "trusted_private_chat",
            initial_state: [{ type: "m.room.encryption", state_key: "", content: { algorithm: "m.megolm.v1.aes-sha2" } }],
        });
        return { room: made.room_id };
    },
    async say({ room, text }) {
        const sent = await client.sendTextMessage(room, text);
        return { sent: sent.event_id };
    },
    async react({ room, target, key }) {
        const sent = await client.sendEvent(room, "m.reaction", {
            "m.relates_to": { rel_type: "m.annotation", event_id: target, key },
        });
        return { sent: sent.event_id };
    },
    async secrets() {
        return { bundle: await crypto.exportSecretsBundle() };
    },
    async sign({ bundle }) {
        await crypto.userHasCrossSigningKeys(login.user_id, true);
        await crypto.importSecretsBundle(bundle);
        await crypto.crossSignDevice(login.device_id);
        return {};
    },
    async trust({ bot }) {
        const devices = (await crypto.getUserDeviceInfo([bot], true)).get(bot) ?? new Map();
        const signed = [];
        for (const id of devices.keys()) {
            const status = await crypto.getDeviceVerificationStatus(bot, id);
            signed.push({ device: id, signed: status?.signedByOwner ?? false });
        }
        return { devices: signed };
    },
    // The polls as the SDK itself understood them: what it could not take for a poll is not among them.
    async polls({ room }) {
        const polls = [...(client.getRoom(room)?.polls.values() ?? [])];
        return {
            polls: polls.map(({ pollId, pollEvent }) => ({
                id: pollId, question: pollEvent.question.text, most: pollEvent.maxSelections,
                answers: pollEvent.answers.map((one) => ({ id: one.id, text: one.text })),
            })),
        };
    },
    async vote({ room, target, answer }) {
        const sent = await client.sendEvent(room, "org.matrix.msc3381.poll.response", {
            "m.relates_to": { rel_type: "m.reference", event_id: target },
            "org.matrix.msc3381.poll.response": { answers: [answer] },
        });
        return { sent: sent.event_id };
    },
    async members({ room }) {
        return { members: client.getRoom(room)?.getJoinedMembers().map((one) => one.userId) ?? [] };
    },
};

await client.startClient({ initialSyncLimit: 50 });
await new Promise((done) => client.once("sync", done));
say({ ready: true, device: login.device_id });
for await (const line of createInterface({ input: process.stdin })) {
    const { id, do: name, ...rest } = JSON.parse(line);
    try {
        say({ id, ...(await commands[name](rest)) });
    } catch (error) {
        say({ id, error: String(error) });
    }
}
process.exit(0);
