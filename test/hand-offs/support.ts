import type { TestPortal } from '../support/portal.js';
import type { Answer, Visitor } from '../support/visits/visitor.js';

/** Makes a link on the guide's page, as the button does. */
export async function makeLink(member: Visitor, tenantId: string): Promise<{ path: string; page: Answer }> {
  await member.get(`/tenants/${tenantId}/guide`);
  const page = await member.follow(await member.post(`/tenants/${tenantId}/hand-offs`));
  const url = /readonly[^>]*>\n(http[^<]+\/hand-offs\/[\w-]{43})<\/textarea>/.exec(page.text)?.[1];
  if (!url) throw new Error('the page shows no link');
  return { path: new URL(url).pathname, page };
}

/** A person without an account opens the link and continues. */
export async function openLink(test: TestPortal, path: string, visitor = test.visitor()) {
  await visitor.get(path);
  const opened = await visitor.post(path);
  const base = /^(\/hand-offs\/[^/]+)\/guide$/.exec(opened.headers.location ?? '')?.[1];
  if (opened.status !== 303 || !base) throw new Error(`the link was not opened: ${opened.status}`);
  return { visitor, base };
}

/** Makes a link and opens it. */
export async function aVisit(test: TestPortal, member: Visitor, tenantId: string, visitor?: Visitor) {
  const { path } = await makeLink(member, tenantId);
  return { path, ...(await openLink(test, path, visitor)) };
}

export async function pasteAt(visitor: Visitor, base: string, assertion: string): Promise<Answer> {
  await visitor.get(`${base}/credentials/new`);
  return visitor.post(`${base}/credentials`, { assertion });
}

/** The state of each link on its tenant's page, newest first. */
export async function statesShown(member: Visitor, tenantId: string): Promise<string[]> {
  const { text } = await member.get(`/tenants/${tenantId}/hand-offs`);
  return [...text.matchAll(/<span class="badge[^"]*">([^<]*)</g)].map(([, state = '']) => state);
}

/** Revokes the newest open link, as the button does. */
export async function endLink(member: Visitor, tenantId: string): Promise<Answer> {
  const { text } = await member.get(`/tenants/${tenantId}/hand-offs`);
  const path = /action="(\/tenants\/[^"]*\/revocation)"/.exec(text)?.[1];
  if (!path) throw new Error('there is no link to end');
  return member.post(path);
}
