import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { version as ownVersion } from '../platform/version.js';
import type { OnCall } from '../ringcentral/clients/counted-call.js';

/** What is read from the database at each scrape: each name once, with its only label. No label names a tenant. */
const gaugeTable = {
  connections: {
    name: 'latchkey_connections',
    help: 'Tenants by the state of their connection. The same in every process.',
    labelNames: ['state'],
  },
  authBudgetRemaining: {
    name: 'latchkey_auth_budget_remaining',
    help: "Calls of RingCentral's token endpoint that may still be sent in this window. The same in every process.",
    labelNames: ['environment'],
  },
  outboxOldestSeconds: {
    name: 'latchkey_outbox_oldest_seconds',
    help: 'Age of the oldest message that is not delivered yet; 0 without one. The same in every process.',
    labelNames: [],
  },
  webhookOldestSeconds: {
    name: 'latchkey_webhook_oldest_seconds',
    help: 'Age of the oldest event that an endpoint in use has not received yet; 0 without one. The same in every process.',
    labelNames: [],
  },
  faxesPending: {
    name: 'latchkey_faxes_pending',
    help: 'Listed faxes whose documents RingCentral did not have ready at the last run. The same in every process.',
    labelNames: [],
  },
  mailboxesFilling: {
    name: 'latchkey_mailboxes_filling',
    help: 'Mailboxes with 150 messages or more at the last run. The same in every process.',
    labelNames: [],
  },
  faxPullLastSuccess: {
    name: 'latchkey_fax_pull_last_success_timestamp_seconds',
    help: 'Up to when faxes were fetched on every line of a tenant, of the tenant that was fetched last. Missing before the first. The same in every process.',
    labelNames: [],
  },
} as const;
type GaugeKey = keyof typeof gaugeTable;

/** The values of one gauge by the value of its label; a number for a gauge without a label; undefined: no value. */
export type Reading = number | ReadonlyMap<string, number> | undefined;
/** How a capability reads its gauges. The readings are cheap: maintained counters and the first row of an index. */
export type Gauges = Partial<Record<GaugeKey, () => Promise<Reading>>>;

/** `later`: the same request may succeed later. `no_audit`: no row of the audit could be written, so no token left. */
export type TokenOutcome = 'issued' | 'refused' | 'later' | 'no_audit';
/** `ringcentral`: the token was requested for this answer; `kept`: it was there. */
export type TokenSource = 'ringcentral' | 'kept' | 'none';
export type CheckOutcome = 'asked' | 'not_asked' | 'no_room' | 'failed';

/** `failed`: it is sent again later. `gave_up`: it is not. */
export type WebhookOutcome = 'delivered' | 'failed' | 'gave_up';

/** Counts what this process does. */
export type Recorder = {
  /** A request was sent to RingCentral. */
  ringCentralCall: OnCall;
  /** A job that asked for a token is answered. */
  token: (outcome: TokenOutcome, source: TokenSource) => void;
  /** A claimed check ended. */
  check: (outcome: CheckOutcome, seconds: number) => void;
  /** An event was sent to an endpoint, and the result is committed. Tests are not counted. */
  webhook: (outcome: WebhookOutcome) => void;
};

/** From a check that needs no call to one that waits for the auth budget. */
const CHECK_BUCKETS_S = [0.1, 0.5, 1, 2, 5, 10, 20, 60];

/** The only file that imports the library. Each portal has its own registry. */
export function createMetrics(version = ownVersion) {
  const registers = [new Registry()];
  const [registry] = registers as [Registry];
  const calls = new Counter({
    name: 'latchkey_ringcentral_requests_total',
    help: 'Requests that this process sent to RingCentral.',
    labelNames: ['call', 'outcome'],
    registers,
  });
  const tokens = new Counter({
    name: 'latchkey_tokens_issued_total',
    help: 'Answers of this process to jobs that asked for an access token.',
    labelNames: ['outcome', 'source'],
    registers,
  });
  const checks = new Histogram({
    name: 'latchkey_check_seconds',
    help: 'How long the checks of this process took, with their wait for the auth budget.',
    labelNames: ['outcome'],
    buckets: CHECK_BUCKETS_S,
    registers,
  });
  const webhooks = new Counter({
    name: 'latchkey_webhook_deliveries_total',
    help: 'Requests of this process that sent an event to an endpoint.',
    labelNames: ['outcome'],
    registers,
  });
  const up = new Gauge({
    name: 'latchkey_database_up',
    help: '1 if the gauges of this scrape could be read from the database; else 0, and they are missing.',
    registers,
  });
  new Gauge({
    name: 'latchkey_build_info',
    help: 'The version of this process.',
    labelNames: ['version'],
    registers,
  }).set({ version }, 1);
  const gauges = new Map(
    Object.entries(gaugeTable).map(([key, spec]) => [key, new Gauge({ ...spec, registers })] as const),
  );

  /** Replaces all values of a gauge at once. */
  function show(key: string, reading: Reading): void {
    const gauge = gauges.get(key);
    const [label] = gaugeTable[key as GaugeKey].labelNames;
    if (label === undefined) gauge?.remove();
    else gauge?.reset();
    if (typeof reading === 'number') gauge?.set(reading);
    else for (const [value, count] of reading ?? []) gauge?.set(label === undefined ? {} : { [label]: value }, count);
  }

  const recorder: Recorder = {
    ringCentralCall: (call, outcome) => calls.inc({ call, outcome }),
    token: (outcome, source) => tokens.inc({ outcome, source }),
    check: (outcome, seconds) => checks.observe({ outcome }, seconds),
    webhook: (outcome) => webhooks.inc({ outcome }),
  };
  return {
    recorder,
    contentType: registry.contentType,
    /** One scrape. While the database cannot be read, only what this process counted is in it. */
    async text(readers: readonly Gauges[]): Promise<string> {
      const entries = readers.flatMap((own) => Object.entries(own));
      const readings = await Promise.all(entries.map(async ([key, read]) => [key, await read()] as const)).catch(
        () => null,
      );
      const known = new Map(readings);
      for (const key of gauges.keys()) show(key, known.get(key));
      up.set(readings ? 1 : 0);
      return registry.metrics();
    },
  };
}

export type Metrics = ReturnType<typeof createMetrics>;
