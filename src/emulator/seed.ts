import type { Control } from './control.js';
import type { Account, App, Extension } from './world/world-types.js';

export type Clinic = {
  account: Account;
  /** super admin: may use the console and manage other people's credentials */
  admin: Extension;
  /** the service user that the guide recommends: a custom role that can read every mailbox */
  serviceUser: Extension;
  /** a Standard user: no console access and no mailbox but their own */
  receptionist: Extension;
  faxLines: Extension[];
};

export const clinicNames = {
  riverside: 'Riverside Family Clinic',
  northgate: 'Northgate Pediatrics',
  harbor: 'Harbor Dental Group',
  lakeside: 'Lakeside Orthopedics',
  cedar: 'Cedar Hill Imaging',
  summit: 'Summit Eye Care',
} as const;
export type ClinicKey = keyof typeof clinicNames;

export type ExampleWorld = {
  isv: Account;
  /** the ISV's public app, which the portal and the jobs use */
  app: App;
  /** its app with which people sign in; returns them to a portal on this machine with the usual port */
  signInApp: App;
  clinics: Record<ClinicKey, Clinic>;
};

const people: Record<ClinicKey, [admin: string, receptionist: string]> = {
  riverside: ['Ana Ruiz', 'Tom Weller'],
  northgate: ['Priya Nair', 'Jo Lambert'],
  harbor: ['Marcus Boyd', 'Lena Ortiz'],
  lakeside: ['Grace Kim', 'Paul Haas'],
  cedar: ['Omar Said', 'Ruth Bell'],
  summit: ['Iris Novak', 'Sam Doyle'],
};
const faxLineNames = ['Front Desk Fax', 'Referrals Fax', 'Lab Results Fax'];
const senders = ['Example Lab', 'Example Hospital', 'Example Pharmacy'];
const hour = 3_600_000;

const mailName = (name: string) => name.toLowerCase().replace(/[^a-z]+/g, '.');

/** Accounts are 37439510, 37439520, and so on. The ids are fixed so that documents can refer to them. */
function seedClinic(control: Control, key: ClinicKey, index: number): Clinic {
  const accountId = String(37439510 + index * 10);
  const companyName = clinicNames[key];
  const phone = (line: number) => `+1650555${String(100 + index * 10 + line).padStart(4, '0')}`;
  const account = control.addAccount({ id: accountId, companyName, mainNumber: phone(0) });
  const firstUser = 63304567004 + index * 100;
  const person = (name: string) => {
    const [firstName = '', lastName = ''] = name.split(' ');
    return { accountId, name, firstName, lastName, email: `${mailName(name)}@${key}.example` };
  };
  const [adminName, receptionistName] = people[key];
  const service = { ...person('Fax Integration'), email: `it@${key}.example` };
  return {
    account,
    // The first user of an account has the account's id (seen at RingCentral).
    admin: control.addExtension({
      ...person(adminName),
      id: accountId,
      extensionNumber: '101',
      role: 'super_admin',
      phoneNumber: phone(0),
    }),
    serviceUser: control.addExtension({
      ...service,
      id: String(firstUser),
      extensionNumber: '901',
      role: 'fax_integration',
      phoneNumber: phone(1),
    }),
    receptionist: control.addExtension({
      ...person(receptionistName),
      id: String(firstUser + 1),
      extensionNumber: '102',
      phoneNumber: phone(2),
    }),
    faxLines: faxLineNames.slice(0, 2 + (index % 2)).map((name, line) =>
      control.addExtension({
        ...person(name),
        name,
        id: String(firstUser + 2 + line),
        extensionNumber: String(201 + line),
        type: 'FaxUser',
        phoneNumber: phone(3 + line),
      }),
    ),
  };
}

/** Adds a few synthetic faxes a day for the last five days, so that a job has something to fetch. */
function seedFaxes(control: Control, faxLines: Extension[]): void {
  const now = control.now().getTime();
  faxLines.forEach(({ id: extensionId }, line) => {
    for (let back = 0; back < 10; back += 1) {
      control.addMessage({
        extensionId,
        createdAt: new Date(now - (back * 12 + line * 2 + 1) * hour),
        pages: 1 + ((back + line) % 4),
        readStatus: back < 3 ? 'Unread' : 'Read',
        from: { phoneNumber: `+1213555${String(100 + back).padStart(4, '0')}`, name: senders[back % 3] ?? '' },
      });
    }
  });
}

/**
 * The data of the demo and of `npm run emulator`: one ISV with its two apps, and six clinics with people, fax lines
 * and faxes.
 */
export function seedExample(control: Control): ExampleWorld {
  const isv = control.addAccount({ id: '20000001', companyName: 'Example Health Records' });
  const app = control.addApp({
    clientId: 'EXAMPLEclientId_000001',
    secret: 'EXAMPLEsecretEXAMPLEsecretEXAMPLEsecret00000',
    name: 'Example Health Fax',
    provider: isv.companyName,
    ownerAccountId: isv.id,
  });
  const signInApp = control.addApp({
    clientId: 'EXAMPLEclientId_000002',
    secret: 'EXAMPLEsecretEXAMPLEsecretEXAMPLEsecret00002',
    name: 'Example Health Sign-in',
    provider: isv.companyName,
    ownerAccountId: isv.id,
    grants: ['authorization_code'],
    issueRefreshTokens: true,
    redirectUris: ['http://127.0.0.1:3000/oauth/callback', 'http://localhost:3000/oauth/callback'],
  });
  const keys = Object.keys(clinicNames) as ClinicKey[];
  const clinics = Object.fromEntries(keys.map((key, index) => [key, seedClinic(control, key, index)])) as Record<
    ClinicKey,
    Clinic
  >;
  for (const clinic of Object.values(clinics)) seedFaxes(control, clinic.faxLines);
  return { isv, app, signInApp, clinics };
}
