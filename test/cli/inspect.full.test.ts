import { anAssertion } from '../support/assertions.js';
import { runScript } from '../support/processes/processes.js';

const latchkey = (args: string[], options: { stdin: string }) => runScript('src/cli.ts', { args, ...options });

describe('latchkey inspect as a process', () => {
  const jwt = anAssertion();

  it('SEC-23: prints one line with the documented keys in order, and no part of the JWT', async () => {
    const { code, stdout, stderr } = await latchkey(['inspect'], { stdin: `Bearer ${jwt}\n` });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(
      '{"outcome":"ok","code":"ok","repairs":["bearer_prefix"],"warnings":[],"expiresAt":null,"environment":"production","issuer":"https://platform.ringcentral.com"}',
    );
    for (const part of jwt.split('.')) expect(stdout).not.toContain(part.slice(0, 20));
  });

  it('exits 1 when it rejects a paste, and says when an expired JWT expired', async () => {
    const expired = anAssertion({ claims: { exp: 1_700_000_000 } });
    const { code, stdout, stderr } = await latchkey(['inspect', '--fingerprint'], { stdin: expired });
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    const result = JSON.parse(stdout) as Record<string, unknown>;
    expect(result).toMatchObject({ outcome: 'rejected', code: 'expired', expiresAt: '2023-11-14T22:13:20.000Z' });
    expect(Object.keys(result).slice(0, 7)).toEqual(
      'outcome code repairs warnings expiresAt environment issuer'.split(' '),
    );
    for (const part of expired.split('.')) expect(stdout).not.toContain(part.slice(0, 20));
  });

  it('exits 2 on unknown arguments, without repeating standard input', async () => {
    for (const args of [['inspect', '--environment', 'galaxy'], ['inspct']]) {
      const { code, stdout, stderr } = await latchkey(args, { stdin: jwt });
      expect({ args, code, stdout }).toEqual({ args, code: 2, stdout: '' });
      expect(stderr).not.toContain(jwt.slice(0, 20));
    }
  });
});
