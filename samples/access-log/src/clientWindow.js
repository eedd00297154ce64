/**
 * The distinct clients of the last `windowSeconds`. At most `maxClients` are kept, the latest ones, so that
 * no flood of addresses fills the memory.
 */
export class ClientWindow {
  #lastSeen = new Map();
  #windowMilliseconds;
  #maxClients;
  #now;

  constructor({ windowSeconds, maxClients, now = Date.now }) {
    this.#windowMilliseconds = windowSeconds * 1000;
    this.#maxClients = maxClients;
    this.#now = now;
  }

  add(client) {
    // A Map keeps the order of insertion: removed and put back, the client moves to the young end.
    this.#lastSeen.delete(client);
    this.#lastSeen.set(client, this.#now());
    if (this.#lastSeen.size > this.#maxClients) {
      const [oldest] = this.#lastSeen.keys();
      this.#lastSeen.delete(oldest);
    }
  }

  get size() {
    const start = this.#now() - this.#windowMilliseconds;
    for (const [client, seen] of this.#lastSeen) {
      if (seen > start) {
        break;
      }
      this.#lastSeen.delete(client);
    }
    return this.#lastSeen.size;
  }
}
