"use strict";
// Runs the emulator `telegram-test-api` on a free port, and makes its answers ones that python-telegram-bot can read.
//
// Standard output: `port NUMBER` once it listens, then `refused METHOD` for each call of a method that the emulator
// does not have. It ends when its standard input does.

const TelegramServer = require("telegram-test-api");

const POLL_MS = 50;

// What the emulator answers otherwise than https://core.telegram.org/bots/api says.
const REPAIRS = {
  // A required field of CallbackQuery is left out.
  getUpdates: (updates) =>
    updates.map(({ callback_query, ...update }) =>
      callback_query ? { ...update, callback_query: { ...callback_query, chat_instance: "1" } } : update,
    ),
  // A required field of User is left out.
  getMe: (user) => ({ ...user, is_bot: true }),
  // The date is given in milliseconds, and these options as the JSON text that they came as.
  sendMessage: (message) => ({
    ...message,
    date: Math.floor(message.date / 1000),
    link_preview_options: JSON.parse(message.link_preview_options || "{}"),
  }),
};

function repaired(method, result) {
  if (result === null) return true; // so do all that return nothing, editMessageText among them
  return REPAIRS[method] ? REPAIRS[method](result) : result;
}

const emulator = new TelegramServer({ host: "127.0.0.1", storeTimeout: 3600 });
emulator.config.port = 0; // given to the constructor, 0 would become 9000

const { response } = emulator.webServer;
const { json } = response;
response.json = function (body) {
  const [, method] = this.req.path.match(/^\/bot[^/]+\/(\w+)$/) || [];
  if (method && this.statusCode >= 500) console.log(`refused ${method}`);
  if (method && body.ok) body = { ...body, result: repaired(method, body.result) };
  // The emulator answers at once although the bot asks it to wait; unslowed, the bot would ask again without a pause.
  if (method === "getUpdates" && !body.result.length) setTimeout(() => json.call(this, body), POLL_MS);
  else json.call(this, body);
  return this;
};

process.stdin.resume().on("end", () => process.exit(0));
emulator.start().then(() => console.log(`port ${emulator.server.address().port}`));
