import { RECEIPT } from '../receipts/receipt-format.js';
import type { Texts } from '../texts/texts.js';
import type { EndedCredential, Outcome } from './disconnection-types.js';
import { resultOf, resultOfAll } from './result.js';

export type ReceiptFacts = {
  outcome: Outcome;
  madeAt: Date;
  /** The host of the portal. */
  portal: string;
  isvName: string;
  tenantRef: string;
  /** The public keys of those who sign; none if it is unsigned. */
  vkeys: readonly string[];
  t: Texts;
};

/** Names come from people: one line, without control characters. */
const plain = (text: string): string => text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();

/**
 * The text of a receipt: lines `name: value`, which programs read and which stay as they are in every language, then
 * sentences for people. Contains ids and times, no name of a person, and nothing by which anyone could test a JWT.
 */
export function receiptText({ outcome, madeAt, portal, isvName, tenantRef, vkeys, t }: ReceiptFacts): string {
  const { disconnection, credentials } = outcome;
  const { id, tenantId, at, by, accountId, sessionsEndBy } = disconnection;
  const sum = (of: 'revoked' | 'notRevoked') => credentials.reduce((total, one) => total + one[of], 0);
  const [sessionsRevoked, sessionsNotRevoked] = [sum('revoked'), sum('notRevoked')];
  const result = resultOfAll(outcome);
  const texts = t.disconnection.receipt;
  const lines = [
    RECEIPT,
    `receipt: ${id}`,
    `portal: ${portal}`,
    `isv: ${plain(isvName)}`,
    `tenant: ${tenantId}`,
    `tenant-ref: ${plain(tenantRef)}`,
    ...(accountId === null ? [] : [`ringcentral-account: ${plain(accountId)}`]),
    `disconnected-at: ${at.toISOString()}`,
    `disconnected-by: ${by}`,
    ...credentials.map(credentialLine),
    `sessions-revoked: ${sessionsRevoked}`,
    `sessions-not-revoked: ${sessionsNotRevoked}`,
    // A session that was late may have been revoked since.
    ...(sessionsEndBy === null || sessionsNotRevoked === 0 ? [] : [`sessions-end-by: ${sessionsEndBy.toISOString()}`]),
    `result: ${result}`,
    `made-at: ${madeAt.toISOString()}`,
    `signed: ${vkeys.length > 0 ? 'yes' : 'no'}`,
    ...vkeys.map((vkey) => `key: ${vkey}`),
  ];
  const isv = plain(isvName);
  const sentences = [
    texts.ended({ isv }),
    ...texts.results[result]({ isv }),
    ...(sessionsRevoked > 0 ? [texts.revoked(sessionsRevoked)] : []),
    ...(sessionsNotRevoked > 0 ? [texts.notRevoked(sessionsNotRevoked)] : []),
    texts.faxes,
    vkeys.length > 0 ? texts.signed : texts.unsigned,
  ];
  return `${lines.join('\n')}\n\n${sentences.map(plain).join('\n')}\n`;
}

function credentialLine(ended: EndedCredential): string {
  const { was, credential } = ended;
  const { id, method, destroyedAt, destroyedBecause, retirement } = credential;
  const result = resultOf(ended);
  const time = (name: string, at: Date | null | undefined) => (at ? [`${name}=${at.toISOString()}`] : []);
  return [
    `credential: ${id}`,
    `method=${method}`,
    `was=${was}`,
    ...time('said-deleted', retirement?.saidDeleted?.at),
    ...time('refused-since', retirement?.refusedSince),
    ...time('other-jwt-accepted', retirement?.appWorkedAt),
    ...(result === 'proved_dead' ? time('proved-dead', retirement?.provedDeadAt) : []),
    ...time('destroyed', destroyedAt),
    ...(destroyedBecause === null ? [] : [`because=${destroyedBecause}`]),
    `result=${result}`,
  ].join(' ');
}
