import { realSurroundings, type Fetch } from '../../client/surroundings.js';

/** While the portal is away, how often that is said. */
const SAID_EVERY_MS = 60_000;

type PortalWatchParts = {
  /** The address of the portal. */
  url: string;
  /** Milliseconds of a clock that no one sets. */
  clock: () => number;
  /** Until when the run waits for the portal, as a text. */
  until: (hasAnswered: boolean) => string;
  say: (line: string) => void;
  fetch?: Fetch;
};

/**
 * Watches the calls to the portal. Says why the run waits when the portal is away: at once, and then every minute. An
 * answer that is not the portal's own, such as a proxy's 502, is none.
 */
export function portalWatch({ url, clock, until, say, fetch: send = realSurroundings.fetch }: PortalWatchParts) {
  const { origin } = new URL(url);
  let hasAnswered = false;
  let saidAt = -Infinity;
  const missing = `the portal at ${origin} cannot be reached: check LATCHKEY_URL, the network, and that the portal runs`;
  let why = missing;

  function isAway(reason: string): void {
    why = reason;
    if (clock() - saidAt < SAID_EVERY_MS) return;
    saidAt = clock();
    say(`${why}; trying until ${until(hasAnswered)}`);
  }

  const watched: Fetch = async (address, init) => {
    try {
      const answer = await send(address, init);
      const isOwn = answer.status < 500 || answer.headers.get('content-type')?.startsWith('application/problem+json');
      if (isOwn) hasAnswered = true;
      if (answer.status < 500 || (isOwn && address.endsWith('/access-token'))) saidAt = -Infinity;
      else isAway(`the portal at ${origin} answers ${answer.status}: look at its log, and at its proxy`);
      return answer;
    } catch (error) {
      isAway(missing);
      throw error;
    }
  };
  return {
    fetch: watched,
    /** Whether the portal itself has answered a call. */
    hasAnswered: (): boolean => hasAnswered,
    /** Why the last call that failed had no answer. */
    why: (): string => why,
  };
}
