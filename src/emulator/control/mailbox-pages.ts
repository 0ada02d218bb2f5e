import { Router, type Request, type Response } from 'express';
import type { Control } from '../control.js';
import type { Message } from '../world/mailbox-types.js';

/** One delivery from the page. */
const MOST_FAXES = 300;
const MOST_HOURS = 48;
const droppedAre = ['purged', 'unlisted'] as const;

export function faxesPage(control: Control) {
  const { world } = control;
  const lines = [...world.accounts.values()].flatMap((account) =>
    world
      .extensionsOf(account.id)
      .filter(({ id, type }) => type === 'FaxUser' || world.mailbox(id).length > 0)
      .map(({ id, name }) => ({ id, name: `${name}, ${account.companyName}`, ...countsOf(world.mailbox(id)) })),
  );
  const { cap, droppedAre: chosen } = world.mailboxes.rules;
  return {
    lines,
    all: lines.map(({ id, name }) => ({ value: id, text: name })),
    cap,
    dropped: { all: droppedAre.map((value) => ({ value, text: value })), chosen },
  };
}

function countsOf(mailbox: readonly Message[]) {
  const count = (availability: Message['availability']) =>
    mailbox.filter((message) => message.availability === availability).length;
  return { alive: count('Alive'), deleted: count('Deleted'), purged: count('Purged') };
}

type PageTools = {
  show: (req: Request, res: Response, name: 'faxes', page: object) => void;
  done: (req: Request, res: Response, name: 'faxes', notice: string) => void;
};

const number = (value: unknown, least: number, most: number): number | undefined => {
  const text = typeof value === 'string' ? value.trim() : '';
  return /^\d{1,4}$/.test(text) && Number(text) >= least && Number(text) <= most ? Number(text) : undefined;
};

/** The page that delivers faxes and sets the rules of all mailboxes by hand. */
export const mailboxPages = (control: Control, show: PageTools['show'], done: PageTools['done']): Router =>
  Router()
    .get('/faxes', (req, res) => show(req, res, 'faxes', faxesPage(control)))
    .post('/faxes', (req, res) => {
      const fields = (req.body ?? {}) as Record<string, unknown>;
      const { id, name } = control.world.extension(typeof fields['line'] === 'string' ? fields['line'] : '');
      const count = number(fields['count'], 1, MOST_FAXES);
      const late = number(fields['late'], 0, MOST_HOURS) ?? 0;
      const processed = number(fields['processed'], 0, 9999) ?? 0;
      if (count === undefined) {
        done(req, res, 'faxes', `No fax was delivered: the number is from 1 to ${MOST_FAXES}.`);
        return;
      }
      for (let fax = 0; fax < count; fax += 1)
        control.deliverFax(id, { lateSeconds: late * 3600, documentAfterSeconds: processed });
      done(req, res, 'faxes', `${count} ${count === 1 ? 'fax is' : 'faxes are'} delivered to ${name}.`);
    })
    .post('/mailbox-rules', (req, res) => {
      const fields = (req.body ?? {}) as Record<string, unknown>;
      const cap = number(fields['cap'], 1, 9999);
      const chosen = droppedAre.find((one) => one === fields['dropped']);
      control.setMailboxRules({ ...(cap === undefined ? {} : { cap }), ...(chosen ? { droppedAre: chosen } : {}) });
      done(req, res, 'faxes', 'The rules of mailboxes are changed.');
    });
