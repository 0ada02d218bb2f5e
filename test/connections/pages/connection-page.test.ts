import { connectionPage } from '../../../src/connections/pages/connection-page.js';
import { situationOf } from '../../../src/connections/pages/connection-situation.js';
import { shownStates } from '../../../src/connections/health/health.js';
import { historyPart } from '../../../src/connections/pages/history-page.js';
import type { Past } from '../../../src/connections/connection-view.js';
import type { HistoryDay } from '../../../src/connections/health/history.js';
import type { Cause } from '../../../src/connections/health/causes.js';
import { render } from '../../views/render.js';
import { causeTable } from '../cause-table.js';
import {
  aPast,
  aSample,
  broken,
  credential,
  facts,
  lines,
  minutes,
  refusedPaste,
  samples,
  type Sample,
} from '../sample-connections.js';

const pageOf = ({ view, checks }: Sample) =>
  connectionPage(view, checks, { past: aPast, names: new Map([['alice', 'Alice Moss']]) }, facts);
const htmlOf = (sample: Sample) => render('connections/show', { page: pageOf(sample) });

describe('the most important information comes first', () => {
  it.each(
    Object.entries({
      not_connected: 'not_connected',
      checking: 'checking',
      turn: 'turn',
      kept: 'fix',
      kept_isv: 'othersFix',
      retry: 'retry',
      refused: 'refused',
      healthy: 'healthy',
      warning: 'warning',
      failing: 'failing',
      suspect: 'healthy',
      unverified: 'unverified',
      replacing: 'healthy',
    }),
  )('%s is shown as %s', (name, situation) => {
    expect(situationOf(samples[name]!.view)).toBe(situation);
  });
});

describe('a change of the user that RingCentral shows', () => {
  it('is shown with its possible consequences while nothing has failed', async () => {
    const html = await htmlOf(samples.owner_changed!);
    expect(html).toContain('data-state="healthy" data-cause="" data-fix-owner=""');
    for (const told of [
      'Status: was Enabled, now Frozen.',
      'User type: was User, now DigitalUser.',
      'Administrator: the user was an administrator, and no longer is.',
      'Roles: was Super Admin, now role 10017.',
      'RingCentral may soon reject the JWT of a user who is not enabled.',
      'create a JWT as another user',
      'our check on Nov 21, 2026, 10:45 AM',
    ])
      expect(html).toContain(told);
    expect(html).not.toContain("You don't need to do anything.");
  });

  it('is shown without possible consequences once the connection fails', async () => {
    const html = await htmlOf(samples.failing_owner_changed!);
    expect(html).toContain('now Frozen.');
    expect(html).not.toContain('may soon reject');
  });

  it('of rights alone asks for no action if every line can be read', () => {
    const { view, checks } = samples.owner_changed!;
    const ownerChange = { ...view.ownerChange!, kinds: ['admin' as const] };
    const part = pageOf({ view: { ...view, ownerChange }, checks }).ownerChange;
    expect(part?.points).toEqual(['Administrator: the user was an administrator, and no longer is.']);
    expect([part?.paragraphs[0], part?.meant]).toEqual([
      'With fewer permissions, the user may no longer see every fax line.',
      "If it was, and we can read every line below, you don't need to do anything.",
    ]);
  });
});

describe('the page never says more than is known', () => {
  it('of a check without an answer it says so, and when the connection was last confirmed', async () => {
    const page = pageOf(samples.unanswered!);
    expect(page.lead).toEqual([
      'RingCentral answered with an error (2:04 PM Mountain Time). We last confirmed the connection at 1:45 PM Mountain Time.',
      "We will ask again automatically. You don't need to do anything.",
    ]);
    expect(page.abilities?.can).toEqual([]);
    const html = await htmlOf(samples.unanswered!);
    expect(html).not.toContain('can read your faxes');
    expect(html).not.toContain('We can read its faxes');
    expect(html).not.toContain('For each job, it gets an access token');
    expect(html).toContain('We could read its faxes when RingCentral last answered.');
    expect(html).toContain('data-state="healthy"');
    expect(html).toContain(`data-confirmed-at="${minutes(-20).toISOString()}"`);
    expect(page.next?.rows.slice(0, 2)).toMatchObject([
      {
        key: 'Last check',
        value: { time: { iso: minutes(-1).toISOString() }, note: 'RingCentral answered with an error' },
      },
      { key: 'Last clear answer', value: { time: { iso: minutes(-20).toISOString() } } },
    ]);
  });

  it('a refusal of our own app is not shown as one of the clinic’s JWT', () => {
    expect(pageOf(samples.our_app!).lead[0]).toBe(
      'RingCentral rejected the app of Northwind Records, not your JWT (2:04 PM Mountain Time). We last confirmed the connection at 1:45 PM Mountain Time.',
    );
  });

  it('of a check with an answer it names one time', () => {
    const keys = pageOf(samples.healthy!).next?.rows.map(({ key }) => key);
    expect(keys).not.toContain('Last clear answer');
  });

  it('a broken connection is not "connected since", and is described in the past tense', async () => {
    const page = pageOf(samples.failing!);
    expect(page.facts?.heading).toBe('Was connected as');
    expect(page.facts?.rows.map(({ key }) => key)).toEqual(['Company', 'RingCentral user', 'Account number']);
    expect(page.lines?.heading).toBe('Whose faxes we could read');
    expect(await htmlOf(samples.healthy!)).toContain('Connected since');
  });

  it.each(['no_line', 'line_chosen', 'unverified', 'failing'])(
    'does not promise tokens to jobs while none would help: %s',
    async (name) => {
      expect(await htmlOf(samples[name]!)).not.toContain('For each job, it gets an access token');
    },
  );

  it('does not ask for a line that was chosen since the last check', () => {
    const page = pageOf(samples.line_chosen!);
    expect(page.lead).toEqual(['You selected fax lines. We will check them at 2:11 PM Mountain Time.']);
    expect(page.fix).toBeNull();
  });

  it.each([
    ['later', false, 'Saved. We will check it at 2:11 PM Mountain Time.'],
    ['now', false, 'Saved and checked.'],
    ['now', true, 'Saved. We are checking it now.'],
  ] as const)('says what came of saving the lines: checked %s, being checked: %s', (saved, checking, said) => {
    const { view, checks } = samples.line_chosen!;
    const page = connectionPage({ ...view, checking }, checks, { past: aPast, names: new Map(), saved }, facts);
    expect(page.notes[0]).toBe(said);
  });
});

describe('main has data attributes for programs', () => {
  it('names state, cause, fix owner and the time of the last check', async () => {
    const html = await htmlOf(samples.kept!);
    expect(html).toContain('data-state="pending"');
    expect(html).toContain('data-cause="app_not_permitted"');
    expect(html).toContain('data-fix-owner="tenant"');
    expect(html).toContain(`data-checked-at="${minutes(-20).toISOString()}"`);
  });

  it('leaves them empty if there is nothing to name', async () => {
    const html = await htmlOf(samples.not_connected!);
    expect(html).toContain('data-state="not_connected" data-cause="" data-fix-owner="" data-checked-at=""');
  });
});

describe('a page that waits for an answer', () => {
  it.each(['checking', 'turn', 'checking_healthy'])('reloads itself, with and without the script: %s', async (name) => {
    const html = await htmlOf(samples[name]!);
    expect(html).toContain('<noscript><meta http-equiv="refresh" content="5"></noscript>');
    expect(html).toContain('data-refresh-seconds="5"');
  });

  it('shows the time that was promised, which the script keeps up to date, and never one that is over', async () => {
    const { view, checks } = samples.turn!;
    expect(await htmlOf({ view, checks })).toMatch(/<p [^>]*id="slot" data-live>Next check: <time [^>]+>in 2 minutes/);
    const over = { ...view, nextCheckAt: new Date(facts.clock.now.getTime() - 5000) };
    expect(await htmlOf({ view: over, checks })).toMatch(/Next check: <time [^>]+>now/);
    expect(await htmlOf(samples.healthy!)).not.toContain('id="slot"');
  });

  it.each(['kept', 'healthy', 'failing', 'refused', 'retry'])('otherwise does not reload: %s', async (name) => {
    expect(await htmlOf(samples[name]!)).not.toContain('http-equiv="refresh"');
  });

  it.each([
    [90_000, true],
    [10 * 60_000, false],
  ])('reloads itself if the next attempt after an inconclusive answer is %i ms away: %s', (ms, looks) => {
    const { view, checks } = samples.retry!;
    const nextCheckAt = new Date(facts.clock.now.getTime() + ms);
    const page = pageOf({ view: { ...view, nextCheckAt }, checks });
    expect([page.refreshSeconds !== null, page.lookAgain !== null]).toEqual([looks, looks]);
  });

  it('does not reload without the script while no check is running, and shows a link instead', async () => {
    const { view, checks } = samples.retry!;
    const nextCheckAt = new Date(facts.clock.now.getTime() + 5000);
    const html = await htmlOf({ view: { ...view, nextCheckAt }, checks });
    expect(html).not.toContain('http-equiv="refresh"');
    expect(html).toMatch(/<noscript><p[^>]*><a [^>]*href="\/tenants\/north\/connection">Refresh this page<\/a>/);
    expect(html).toContain('data-refresh-seconds="5"');
  });

  it('shows no checkboxes whose input a reload would lose', () => {
    expect(pageOf(samples.checking_healthy!).lines?.kind).toBe('results');
  });

  it('does not blame RingCentral for failures on our side', async () => {
    const { view, checks } = samples.turn!;
    const html = await htmlOf({ view: { ...view, trouble: { times: 2, because: 'key_missing' } }, checks });
    expect(html).toContain('We could not check your JWT yet');
    expect(html).toContain('We have kept your JWT and will check it again at 2:07 PM Mountain Time.');
    expect(html).not.toContain('RingCentral lets');
  });

  it('says when the budget has room, and does not blame RingCentral', async () => {
    expect(await htmlOf(samples.turn!)).toContain('Your turn is at 2:07 PM Mountain Time.');
  });
});

// The question about the company takes the place of its steps.
const withSteps = causeTable.filter(([cause]) => cause !== 'not_confirmed');

describe.each(withSteps)('the cause %s', (cause, fixOwner, paste) => {
  it('has its own title and says what happened and who must fix it', () => {
    const { fix } = pageOf(refusedPaste(cause));
    expect(fix?.title).not.toBe('');
    expect(fix?.paragraphs.length).toBeGreaterThan(0);
    expect(fix?.owner).toBe(fixOwner);
  });

  it('gives the clinic steps exactly if the clinic can fix it, otherwise says that there is nothing to do', () => {
    const { fix } = pageOf(refusedPaste(cause));
    if (fixOwner === 'tenant') expect(fix?.steps.length).toBeGreaterThan(0);
    const { lead } = pageOf(refusedPaste(cause));
    const nothing = fix?.nothingToDo ?? (lead.includes("You don't need to do anything.") ? 'said' : null);
    expect(fix?.steps.length === 0).toBe(nothing !== null);
  });

  it('asks to connect again only if the old JWT or sign-in can no longer be used', () => {
    const { fix } = pageOf(refusedPaste(cause));
    if (paste === 'destroyed') {
      const isTooShort = cause === 'session_too_short'; // another sign-in would end too
      expect(fix?.paste?.href).toBe(isTooShort ? '/tenants/north/guide/jwt' : '/tenants/north/credentials/new');
      expect(fix?.check).toBeNull();
    } else if (!['expires_soon', 'no_fax_line', 'mailbox_filling', 'old_credential_alive'].includes(cause)) {
      expect(fix?.check?.action).toBe('/tenants/north/connection/checks');
    }
  });

  it('renders for a refused paste and for a failed connection', async () => {
    for (const sample of [refusedPaste(cause), broken(cause)]) {
      const html = await htmlOf(sample);
      expect(html.match(/<h1/g)).toHaveLength(1);
      expect(html).not.toMatch(/undefined|\[object|NaN/);
    }
  });
});

it('gives every cause a unique title', () => {
  const titles = withSteps.map(([cause]) => pageOf(refusedPaste(cause)).fix?.title);
  expect(new Set(titles).size).toBe(withSteps.length);
});

describe('a kept paste', () => {
  it('says until when it is kept, so that no second paste is needed', async () => {
    const html = await htmlOf(samples.kept!);
    expect(html).toContain('We will keep your JWT until November 28, 2026. You don&#39;t need to paste it again.');
    expect(html).not.toContain('/credentials/new');
  });

  it('SEC-17: shows the client ID, the name to compare, and a link to the console that names its host', async () => {
    const html = await htmlOf(samples.kept!);
    expect(html).toContain(facts.isv.clientId);
    expect(html).toContain(`\n${facts.isv.appName}</textarea>`);
    expect(html).toContain('href="https://developers.ringcentral.com/console/my-credentials"');
    expect(html).toContain('This takes you to developers.ringcentral.com.');
  });

  it('names the line and the permission that RingCentral named', () => {
    const about = (cause: Cause) => pageOf(refusedPaste(cause)).fix?.paragraphs.join(' ');
    expect(about('extension_not_visible')).toContain('Laboratory results, extension 802');
    expect(about('permission_missing')).toContain('ReadMessages');
  });

  it('shows RingCentral’s codes for support in small print', () => {
    expect(pageOf(samples.kept!).smallPrint).toEqual([
      'Cause: app_not_permitted',
      "RingCentral's code: OAU-473",
      "RingCentral's request ID: 8f1c0d6e-2f0c-11f0-9a30-005056ba0000",
    ]);
  });

  it('asks the clinic for no action if RingCentral does not answer', async () => {
    const html = await htmlOf(samples.retry!);
    expect(html).toContain('We have kept your JWT and will check it again at 2:15 PM Mountain Time.');
    expect(html).not.toContain('e-mail you');
  });
});

describe('a new JWT beside the one in use', () => {
  it('has a separate panel and hides nothing', async () => {
    const html = await htmlOf(samples.replacing!);
    expect(html).toContain('data-state="healthy"');
    expect(html).toContain('RingCentral is connected');
    expect(html).toContain('It stays in use until we have confirmed the new one');
    expect(html).toContain('RingCentral has not been told');
    expect(html).toContain('Riverside Family Clinic');
    expect(html).not.toContain("You don't need to do anything.");
  });

  it('is mentioned after its refusal', async () => {
    const html = await htmlOf(samples.replacement_refused!);
    expect(html).toContain('RingCentral did not accept the new JWT');
    expect(html).toContain('RingCentral could not read this JWT');
  });

  it('gives two fixes on one page distinct ids', async () => {
    const both = broken('app_not_permitted');
    const pending = {
      since: minutes(-2).toISOString(),
      cause: 'app_not_permitted' as const,
      refused: true,
      keptUntil: minutes(9).toISOString(),
    };
    const health = { ...both.view.connection.health, pending };
    const view = {
      ...both.view,
      connection: { ...both.view.connection, health },
      pending: credential('two', { status: 'pending' }),
    };
    const ids = (await htmlOf({ view, checks: [] })).match(/ id="[^"]+"/g) ?? [];
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('a working connection', () => {
  it('shows its user, the readable lines, what we cannot do, and the next check', async () => {
    const html = await htmlOf(samples.healthy!);
    for (const text of [
      'Fax Integration',
      'extension 901',
      '37439510',
      'Front desk fax, extension 801',
      'not even you',
      'in 23 hours',
    ])
      expect(html).toContain(text);
    expect(html).toMatch(/name="extension_id" type="checkbox" value="63304567801" checked/);
  });

  it('shows a refusal that is not confirmed yet', async () => {
    const html = await htmlOf(samples.suspect!);
    expect(html).toContain(
      'RingCentral rejected the JWT once at 2:02 PM Mountain Time. We will ask again at 2:05 PM Mountain Time.',
    );
    expect(html).toContain('data-state="healthy"');
  });

  it('collapses only unselected lines if there are many', () => {
    const part = pageOf(samples.many_lines!).lines;
    if (part?.kind !== 'form') throw new Error('no form');
    expect(part.more?.items.every(({ checked }) => !checked)).toBe(true);
    expect(part.chosen.items.length + (part.more?.items.length ?? 0)).toBe(40);
  });

  it('shows a line that no longer exists if it was selected', () => {
    const gone = { ...lines[0]!, listed: false };
    const part = pageOf(
      aSample({
        ...{ connected: true },
        view: { lines: [gone], shown: samples.healthy!.view.shown, connection: samples.healthy!.view.connection },
      }),
    ).lines;
    expect(part?.kind === 'form' && part.chosen.items[0]?.hint).toBe('RingCentral no longer lists this line.');
  });
});

it('offers a single way to check at a time', async () => {
  for (const name of ['replacing', 'failing_kept', 'kept', 'healthy', 'no_line'])
    expect((await htmlOf(samples[name]!)).match(/action="[^"]*\/checks"/g)).toHaveLength(1);
});

it('does not claim that faxes are read while no line is selected', async () => {
  expect(await htmlOf(samples.no_line!)).toContain('cannot read any faxes until you select a line');
});

it('says from which day faxes may be lost after a failure, counted from the last good check', () => {
  expect(pageOf(samples.failing!).lead.join(' ')).toContain('Faxes may have been lost since September 22, 2026.');
});

it('SEC-16: shows names from RingCentral as text', async () => {
  const odd = '<script>alert(1)</script>';
  const { view, checks } = samples.healthy!;
  const identity = { ...view.connection.identity!, ownerName: odd, accountName: odd };
  const html = await htmlOf({
    view: { ...view, connection: { ...view.connection, identity }, lines: [{ ...lines[0]!, name: odd }] },
    checks,
  });
  expect(html).not.toContain(odd);
  expect(html).toContain('&lt;script&gt;');
});

describe('a readable line', () => {
  const readAt = (at: Date, cause: Cause = 'app_not_permitted') => {
    const { view, checks } = broken(cause);
    return htmlOf({ view: { ...view, lines: [{ ...lines[0]!, probedAt: at }] }, checks });
  };
  const [since, before] = [minutes(-22 * 60), 'We could read its faxes before the connection stopped working.'];

  it('that was read before the connection failed is not reported as readable today', async () => {
    const html = await readAt(new Date(since.getTime() - 24 * 3_600_000));
    expect(html).toContain(before);
    expect(html).not.toContain('We can read its faxes.');
  });

  it('is not reported as readable today if the JWT was refused a minute later', async () => {
    const html = await readAt(new Date(since.getTime() - 61_000));
    expect(html).toContain(before);
    expect(html).not.toContain('We can read its faxes.');
  });

  it('that was read by the check that another line failed is reported as readable', async () => {
    const html = await readAt(new Date(since.getTime() - 61_000), 'extension_not_visible');
    expect(html).toContain('We can read its faxes.');
    expect(await htmlOf(samples.healthy!)).not.toContain(before);
  });
});

/** What a screen reader gets: the page without `aria-hidden` and `hidden` parts. */
function readAloud(html: string): string {
  let hiddenDepth = 0;
  let heard = '';
  for (const [piece, slash, name = '', attributes = ''] of html.matchAll(/<(\/?)([a-z][\w-]*)([^>]*)>|[^<]+/g)) {
    const isElement = name !== '' && slash === '' && !attributes.endsWith('/') && !/^(br|img|input|meta)$/.test(name);
    const hides = / aria-hidden="true"| hidden(?=[\s>]|$)/.test(attributes);
    if (hiddenDepth === 0 && !hides) heard += piece;
    if (isElement && (hiddenDepth > 0 || hides)) hiddenDepth += 1;
    if (hiddenDepth > 0 && slash === '/') hiddenDepth -= 1;
  }
  return heard;
}

/** The tables of a page: caption, columns, and for each row its header cell and its other cells. */
const tablesIn = (html: string) =>
  [...html.matchAll(/<table[^>]*>([^]*?)<\/table>/g)].map(([, table = '']) => {
    const textOf = (cell: string) =>
      cell
        .replaceAll(/<[^>]+>/g, ' ')
        .replaceAll(/\s+/g, ' ')
        .trim();
    const cellsOf = (part: string, cell: RegExp) => [...part.matchAll(cell)].map(([, inside = '']) => textOf(inside));
    const rows = [...table.matchAll(/<tr[^>]*>([^]*?)<\/tr>/g)].map(([, row = '']) => row);
    return {
      caption: cellsOf(table, /<caption[^>]*>([^]*?)<\/caption>/g)[0],
      head: cellsOf(table, /<th scope="col"[^>]*>([^]*?)<\/th>/g),
      rows: rows
        .slice(1)
        .map((row) => [
          cellsOf(row, /<th scope="row"[^>]*>([^]*?)<\/th>/g)[0],
          cellsOf(row, /<td[^>]*>([^]*?)<\/td>/g),
        ]),
    };
  });

describe('the last days', () => {
  it('are shown as a sentence, as shapes hidden from screen readers, and as a table', async () => {
    const html = await htmlOf(samples.healthy!);
    expect(html).toContain('Connected on 56 days, Not working on 4 days');
    expect([...html.matchAll(/<svg viewBox="0 0 300 32"/g)]).toHaveLength(3);
    expect(html).toMatch(/class="history__strip" aria-hidden="true"/);
    expect(html).toContain(facts.t.connections.causes.owner_inactive.short);
    expect(html).toContain('Alice Moss asked for a check');
  });

  it('are a table for screen readers: each run of days with its state, and each failure', async () => {
    const short = facts.t.connections.causes.owner_inactive.short;
    const [, history = ''] =
      /<section class="history"[^>]*>([^]*?)<\/section>/.exec(await htmlOf(samples.healthy!)) ?? [];
    const heard = readAloud(history);
    expect(heard).not.toContain('<svg');
    expect(tablesIn(heard)).toEqual([
      {
        caption: 'Show these days as a table',
        head: ['Days', 'State'],
        rows: [
          ['November 6, 2026 to November 21, 2026', ['Connected']],
          ['November 2, 2026 to November 5, 2026', [`Not working: ${short}`]],
          ['September 23, 2026 to November 1, 2026', ['Connected']],
        ],
      },
      {
        caption: 'When the connection did not work',
        head: ['Cause', 'Began', 'Ended', 'How it was fixed'],
        rows: [
          [
            short,
            ['November 2, 2026', 'November 6, 2026', 'RingCentral accepts it again Alice Moss asked for a check'],
          ],
        ],
      },
    ]);
  });

  it('have a distinct shape for each state', () => {
    const days = shownStates.map((state, index) => ({ day: `2026-11-0${index + 1}`, shown: { state, cause: null } }));
    const part = historyPart({ days, incidents: [] }, { ...facts, nameOf: () => undefined });
    const shapes = part?.legend.map(({ path }) => path) ?? [];
    expect(shapes).toHaveLength(shownStates.length);
    expect(new Set(shapes).size).toBe(shapes.length);
  });

  const healthy = { state: 'healthy', cause: null } as const;
  const failing = { state: 'failing', cause: 'owner_inactive' } as const;
  const historyOf = (past: Partial<Past>, timeZone = 'America/Denver') =>
    historyPart(
      { days: aPast.days, incidents: [], ...past },
      { ...facts, clock: { ...facts.clock, timeZone }, nameOf: () => undefined },
    );
  const fortyDays = (shown: (index: number) => HistoryDay['shown']): HistoryDay[] =>
    Array.from({ length: 40 }, (_, index) => ({
      day: new Date(Date.UTC(2026, 9, 1 + index)).toISOString().slice(0, 10),
      shown: shown(index),
    }));

  it.each(['America/Denver', 'Pacific/Kiritimati'])(
    'are UTC days also in %s; each run is a row with its cause, and a single day has one date',
    (zone) => {
      const days = fortyDays((index) => (index < 4 ? null : index === 35 ? failing : healthy));
      expect(historyOf({ days }, zone)?.days.table.rows).toEqual([
        ['November 6, 2026 to November 9, 2026', 'Connected'],
        ['November 5, 2026', `Not working: ${facts.t.connections.causes.owner_inactive.short}`],
        ['October 5, 2026 to November 4, 2026', 'Connected'],
      ]);
    },
  );

  it('are drawn with one month per row and one day per column, and no days before the connection existed', () => {
    const parts = historyOf({ days: fortyDays((index) => (index === 0 || index === 32 ? healthy : null)) })?.parts;
    expect(parts).toEqual([
      { from: 'Oct 1', to: 'Oct 30', shapes: [{ state: 'healthy', path: 'M1 2h8v28h-8z' }] },
      { from: 'Oct 31', to: 'Nov 9', shapes: [{ state: 'healthy', path: 'M21 2h8v28h-8z' }] },
    ]);
  });

  it('name a failure with its days, and mark one that is not over', () => {
    const [over] = aPast.incidents;
    const open = { ...over!, id: 'open', closedAt: null, closing: null };
    const short = facts.t.connections.causes.owner_inactive.short;
    expect(historyOf({ incidents: [open, over!] })?.incidents?.rows).toEqual([
      [short, 'November 2, 2026', 'Not yet', ''],
      [short, 'November 2, 2026', 'November 6, 2026', { text: 'RingCentral accepts it again' }],
    ]);
    expect(historyOf({ incidents: [] })?.incidents).toBeNull();
  });

  it('are omitted while there is no history', () => {
    const days = [{ day: '2026-11-21', shown: { state: 'pending', cause: null } } as const];
    expect(historyPart({ days: [...days], incidents: [] }, { ...facts, nameOf: () => undefined })).toBeNull();
  });
});
