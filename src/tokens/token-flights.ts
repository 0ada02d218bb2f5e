import type { Knex } from '../platform/database/database.js';
import type { World } from '../platform/world.js';
import { tokenFlightStore, type Later, type TokenKind, type Told } from './token-flight-store.js';

/** Whose token a flight requests. `scopes` is empty for all that the portal requests. */
export type FlightOf = { tenantId: string; credentialId: string; scopes: string };

/** Why no token was minted, and how long the others are told so without asking RingCentral again. */
export type Landed = { later: Later | null; forMs: number };

type Deps = { db: Knex; world: Pick<World, 'now' | 'newId' | 'wait'> };

/** A process that leads a flight and dies holds up the others no longer than this. */
const LEASE_MS = 12_000;
const RENEW_EVERY_MS = 4_000;
/** Long enough for two waits for the auth budget and two calls. A flight that lasts longer is given up. */
const FLIGHT_MS = 60_000;
const LOOK_MS = 150;

export const kindOf = (scopes: string): TokenKind => (scopes === '' ? 'full' : 'narrower');

/**
 * One mint for all who wait for a token, in this process and in the others. A flight belongs to no caller: it goes on
 * when the first one stops waiting.
 */
export const tokenFlights = ({ db, world }: Deps) => {
  const flying = new Map<string, Promise<Later | null>>();
  const inMs = (ms: number) => new Date(world.now().getTime() + ms);

  /**
   * Joins the flight that is under way, or starts one.
   *
   * @param mint asks RingCentral; called by the process that leads the flight
   * @returns null if there is, or may be, a token now: the caller looks again
   */
  function join(of: FlightOf, mint: () => Promise<Landed>): Promise<Later | null> {
    const key = JSON.stringify([of.tenantId, of.credentialId, of.scopes]);
    const known = flying.get(key);
    if (known) return known;
    const over = new AbortController();
    const tooLong = world.wait(FLIGHT_MS, over.signal).then(() => null);
    const flight = Promise.race([fly(of, mint), tooLong]).finally(() => {
      over.abort();
      flying.delete(key);
    });
    flying.set(key, flight);
    return flight;
  }

  async function fly(of: FlightOf, mint: () => Promise<Landed>): Promise<Later | null> {
    const flights = tokenFlightStore(db).forTenant(of.tenantId, kindOf(of.scopes));
    const me = world.newId();
    const before = await flights.find(world.now());
    if (concerns(before.told, of) && before.told.toldUntil > world.now()) return before.told.later;
    if (!(await flights.take(me, world.now(), inMs(LEASE_MS)))) return ended(flights, of);
    const over = new AbortController();
    const renewing = renewed(flights, me, over.signal);
    let landed: Landed = { later: null, forMs: 0 };
    try {
      landed = await mint();
      return landed.later;
    } finally {
      over.abort();
      await renewing;
      const { later, forMs } = landed;
      const { credentialId, scopes } = of;
      await flights.finish(me, later && { later, toldUntil: inMs(forMs), credentialId, scopes });
    }
  }

  type Flights = ReturnType<ReturnType<typeof tokenFlightStore>['forTenant']>;

  /** Waits for the flight of another process, or of another credential or scopes. */
  async function ended(flights: Flights, of: FlightOf): Promise<Later | null> {
    const { number } = await flights.find(world.now());
    for (;;) {
      await world.wait(LOOK_MS);
      const flight = await flights.find(world.now());
      if (flight.number !== number) return null;
      if (!flight.isUnderWay) return concerns(flight.told, of) ? flight.told.later : null;
    }
  }

  /** Renews the lease while the flight is under way, but not beyond its deadline. */
  async function renewed(flights: Flights, me: string, over: AbortSignal): Promise<void> {
    const deadline = inMs(FLIGHT_MS);
    for (;;) {
      await world.wait(RENEW_EVERY_MS, over);
      if (over.aborted || world.now() >= deadline) return;
      // If the database fails now, the next renewal may still be in time.
      await flights.renew(me, inMs(LEASE_MS)).catch(() => undefined);
    }
  }

  return { join };
};

const concerns = (told: Told | null, { credentialId, scopes }: FlightOf): told is Told =>
  told !== null && told.credentialId === credentialId && told.scopes === scopes;
