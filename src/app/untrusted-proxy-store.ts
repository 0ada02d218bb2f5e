import { iso, type Knex } from '../platform/database/database.js';

type Row = { trusted: string; seen_at: string };

/** All SQL on `untrusted_proxies`: one row for each TRUST_PROXY that did not name the sender of a proxy header. */
export const untrustedProxyStore = (db: Knex, trustProxy: readonly string[]) => ({
  add: (at: Date) =>
    db<Row>('untrusted_proxies')
      .insert({ trusted: trustProxy.join(' '), seen_at: iso(at) })
      .onConflict('trusted')
      .merge(),
  /** When a process with this TRUST_PROXY last saw one. */
  async seenAt(): Promise<string | undefined> {
    return (
      await db<Row>('untrusted_proxies')
        .where({ trusted: trustProxy.join(' ') })
        .first()
    )?.seen_at;
  },
});
