import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
  type X509Certificate,
} from '@peculiar/x509';

export type KeyAndCertificate = { key: string; cert: string };
type Keys = webcrypto.CryptoKeyPair;
type Issuer = { certificate: X509Certificate; keys: Keys };
type Wanted = { names: string[]; from: Date; to: Date };

const DAY_MS = 86_400_000;
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const signingAlgorithm = { name: 'ECDSA', hash: 'SHA-256' };

const newKeys = () => webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);

async function pemOf(keys: Keys): Promise<string> {
  const bytes = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  return `-----BEGIN PRIVATE KEY-----\n${(bytes.match(/.{1,64}/g) ?? []).join('\n')}\n-----END PRIVATE KEY-----\n`;
}

const serial = () => Buffer.from([1, ...webcrypto.getRandomValues(new Uint8Array(8))]).toString('hex');

async function anAuthority(name: string): Promise<Issuer> {
  const keys = await newKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: `CN=${name}`,
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + 30 * DAY_MS),
    signingAlgorithm,
    keys,
    extensions: [new BasicConstraintsExtension(true, 0, true), new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true)],
  });
  return { certificate, keys };
}

/** @param issuer null for a self-signed certificate */
async function aCertificate({ names, from, to }: Wanted, issuer: Issuer | null): Promise<KeyAndCertificate> {
  const keys = await newKeys();
  const described = {
    serialNumber: serial(),
    notBefore: from,
    notAfter: to,
    signingAlgorithm,
    extensions: [
      new SubjectAlternativeNameExtension(
        names.map((value) => ({ type: /^[\d.]+$/.test(value) ? ('ip' as const) : ('dns' as const), value })),
      ),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
    ],
  };
  const name = 'CN=RingCentral emulator';
  const certificate = await (issuer
    ? X509CertificateGenerator.create({
        ...described,
        subject: name,
        issuer: issuer.certificate.subject,
        publicKey: keys.publicKey,
        signingKey: issuer.keys.privateKey,
      })
    : X509CertificateGenerator.createSelfSigned({ ...described, name, keys }));
  return { key: await pemOf(keys), cert: certificate.toString('pem') };
}

/**
 * Creates certificates for one run, valid by the machine's clock: a good one for `localhost` and 127.0.0.1, and
 * several that no client may accept. Only clients that are given the authority trust it.
 */
export async function makeCertificates() {
  const [authority, unknown] = await Promise.all([anAuthority('Emulator CA'), anAuthority('Unknown CA')]);
  const here = ['localhost', '127.0.0.1'];
  const week = { from: new Date(Date.now() - DAY_MS), to: new Date(Date.now() + 7 * DAY_MS) };
  const past = { from: new Date(Date.now() - 9 * DAY_MS), to: new Date(Date.now() - 2 * DAY_MS) };
  const [good, expired, wrong_host, self_signed, unknown_issuer] = await Promise.all([
    aCertificate({ names: here, ...week }, authority),
    aCertificate({ names: here, ...past }, authority),
    aCertificate({ names: ['elsewhere.example'], ...week }, authority),
    aCertificate({ names: here, ...week }, null),
    aCertificate({ names: here, ...week }, unknown),
  ]);
  return { authority: authority.certificate.toString('pem'), good, expired, wrong_host, self_signed, unknown_issuer };
}
