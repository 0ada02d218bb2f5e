import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose';
import { originOf } from '../../support/visits/visitor.js';

type Grant = { nonce: string; challenge: string; redirectUri: string; maxAge: string | null };

export const clientId = 'EXAMPLEcompanyclient';
export const clientSecret = 'EXAMPLEcompanysecretEXAMPLEcompanysecret';

/**
 * A company's sign-in server that says what a test tells it to say, true or not. The person at it is `subject`.
 * `browser tests` use a real one; this one lies.
 */
export async function anIssuer(now: () => Date) {
  const made = () => generateKeyPair('RS256', { extractable: true });
  let keys = [await made()];
  const grants = new Map<string, Grant>();
  const calls: string[] = [];

  const says = {
    subject: 'subject-1',
    /** Instead of or in addition to the true claims; undefined leaves a claim out. */
    claims: {} as Record<string, unknown>,
    /** In the answer to the browser, instead of a code. */
    error: undefined as string | undefined,
    /** Added to the answer to the browser. */
    answer: {} as Record<string, string>,
    /** In the metadata. */
    metadata: {} as Record<string, unknown>,
    down: false as boolean | 'metadata' | 'token' | 'keys',
    unsigned: false,
    foreignKey: false,
    /** The code of another sign-in is given out. */
    code: undefined as string | undefined,
    /** Answers to the token call as they are. */
    token: undefined as { status: number; body: string } | undefined,
  };

  const send = (res: ServerResponse, body: unknown, status = 200) =>
    res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

  async function idToken({ nonce, maxAge }: Grant): Promise<string> {
    const seconds = Math.floor(Date.now() / 1000);
    const claims: JWTPayload = {
      iss: origin,
      aud: clientId,
      sub: says.subject,
      nonce,
      iat: seconds,
      exp: seconds + 300,
      ...(maxAge === null ? {} : { auth_time: Math.floor(now().getTime() / 1000) }),
      ...says.claims,
    };
    const given = Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
    if (says.unsigned) return new UnsecuredJWT(given).encode();
    const key = says.foreignKey ? await made() : keys[keys.length - 1];
    const kid = `key-${says.foreignKey ? 1 : keys.length}`;
    return new SignJWT(given).setProtectedHeader({ alg: 'RS256', kid }).sign(key?.privateKey ?? new Uint8Array());
  }

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<unknown> {
    const url = new URL(req.url ?? '/', origin);
    calls.push(url.pathname);
    const part = { '/.well-known/openid-configuration': 'metadata', '/token': 'token', '/jwks': 'keys' }[url.pathname];
    if (says.down === true || says.down === part) return send(res, { error: 'down' }, 503);
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        return send(res, {
          issuer: origin,
          authorization_endpoint: `${origin}/authorize`,
          token_endpoint: `${origin}/token`,
          jwks_uri: `${origin}/jwks`,
          response_types_supported: ['code'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['RS256'],
          code_challenge_methods_supported: ['S256'],
          ...says.metadata,
        });
      case '/jwks': {
        const published = keys.map(async ({ publicKey }, at) => ({
          ...(await exportJWK(publicKey)),
          kid: `key-${at + 1}`,
          alg: 'RS256',
          use: 'sig',
        }));
        return send(res, { keys: await Promise.all(published) });
      }
      case '/token': {
        const chunks: Buffer[] = [];
        for await (const chunk of req) chunks.push(chunk as Buffer);
        const form = new URLSearchParams(Buffer.concat(chunks).toString());
        const code = form.get('code') ?? '';
        const grant = grants.get(code);
        grants.delete(code);
        if (says.token)
          return res.writeHead(says.token.status, { 'content-type': 'application/json' }).end(says.token.body);
        const challenge = createHash('sha256')
          .update(form.get('code_verifier') ?? '')
          .digest('base64url');
        const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
        if (!grant || challenge !== grant.challenge || form.get('redirect_uri') !== grant.redirectUri)
          return send(res, { error: 'invalid_grant' }, 400);
        if (req.headers.authorization !== basic) return send(res, { error: 'invalid_client' }, 401);
        return send(res, { access_token: 'EXAMPLE', token_type: 'Bearer', id_token: await idToken(grant) });
      }
      default:
        return send(res, {}, 404);
    }
  }

  const server = createServer((req, res) => void answer(req, res));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = originOf(server);

  return {
    origin,
    says,
    calls,
    /** New tokens are signed with another key. */
    rotateKey: async () => void keys.push(await made()),
    /** The only keys are new ones, and none has been read. */
    replaceKeys: async () => void (keys = [await made()]),
    /** The person signs in at the address to which they were sent. @returns the path with which they come back */
    visit(location: string): string {
      const asked = new URL(location).searchParams;
      const code = randomBytes(16).toString('base64url');
      grants.set(code, {
        nonce: asked.get('nonce') ?? '',
        challenge: asked.get('code_challenge') ?? '',
        redirectUri: asked.get('redirect_uri') ?? '',
        maxAge: asked.get('max_age'),
      });
      const answered = new URLSearchParams({
        state: asked.get('state') ?? '',
        ...(says.error === undefined ? { code: says.code ?? code } : { error: says.error }),
        ...says.answer,
      });
      return `${new URL(asked.get('redirect_uri') ?? '').pathname}?${answered.toString()}`;
    },
    /** What was asked of the company. */
    asked: (location: string) => Object.fromEntries(new URL(location).searchParams),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export type Issuer = Awaited<ReturnType<typeof anIssuer>>;
