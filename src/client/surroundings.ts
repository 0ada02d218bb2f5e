/* The effects of the client, here only. Each can be replaced, so a test needs no network and no waiting. */

/** The part of `fetch` that the client uses. */
export type Fetch = (
  url: string,
  init: {
    method: string;
    headers: Record<string, string>;
    body?: string;
    redirect: 'error';
    /** An `AbortSignal`; not named, because the types of this package use no library. */
    signal: object;
  },
) => Promise<{ status: number; headers: { get: (name: string) => string | null }; text: () => Promise<string> }>;

export type Surroundings = {
  fetch: Fetch;
  /** Milliseconds since 1970. */
  now: () => number;
  /** From 0 up to 1. */
  random: () => number;
  wait: (milliseconds: number) => Promise<void>;
  newId: () => string;
};

/* eslint-disable no-restricted-globals, no-restricted-properties -- the client runs in the programs of others */
export const realSurroundings: Surroundings = {
  fetch: (url, init) => fetch(url, { ...init, signal: init.signal as AbortSignal }),
  now: () => Date.now(),
  random: () => Math.random(),
  wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  newId: () => crypto.randomUUID(),
};
/* eslint-enable no-restricted-globals, no-restricted-properties */

/** The SHA-256 of a text, in hex. */
export async function sha256(text: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
