import { Agent, fetch as send, type RequestInit } from 'undici';

const MEBIBYTE = 1 << 20;

/** What a library hands to its transport. */
type Asked = { method?: string; headers?: Record<string, string>; body?: unknown; signal?: AbortSignal };

/**
 * A `fetch` for libraries that call one known server: TLS 1.2 or newer, no redirects, and a body of at most 1 MiB.
 * The caller's signal sets the deadline, which also holds for the body.
 */
export function smallFetch(userAgent: string) {
  const dispatcher = new Agent({ connect: { minVersion: 'TLSv1.2', rejectUnauthorized: true } });
  /** @throws {TypeError} if the server cannot be reached; an `Error` if the body is too long */
  return async (url: string, { method, headers, body, signal }: Asked): Promise<Response> => {
    const answer = await send(url, {
      dispatcher,
      redirect: 'manual',
      ...(method === undefined ? {} : { method }),
      headers: { ...headers, 'user-agent': userAgent },
      ...(body === undefined || body === null ? {} : { body: body as RequestInit['body'] & {} }),
      ...(signal === undefined ? {} : { signal }),
    });
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of answer.body ?? []) {
      const bytes = chunk as Uint8Array;
      size += bytes.length;
      if (size > MEBIBYTE) throw new Error('the answer is longer than 1 MiB');
      chunks.push(bytes);
    }
    const withBody = answer.status !== 204 && answer.status !== 304;
    return new Response(withBody ? Buffer.concat(chunks) : null, {
      status: answer.status,
      headers: [...answer.headers],
    });
  };
}
