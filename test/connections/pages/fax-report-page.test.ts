import { connectionPage } from '../../../src/connections/pages/connection-page.js';
import { overviewPage } from '../../../src/staff/clinic/overview-page.js';
import { textsIn } from '../../../src/texts/texts.js';
import type { FaxReport } from '../../../src/fax-reports/fax-report-types.js';
import { evidence, facts as staffFacts } from '../../staff/tenants/sample-tenants.js';
import { render } from '../../views/render.js';
import { aPast, broken, facts, faxReports, minutes, samples, type Sample } from '../sample-connections.js';

const ofClinic = ({ view, checks }: Sample, t = facts.t) =>
  render('connections/show', {
    page: connectionPage(
      view,
      checks,
      { past: aPast, names: new Map() },
      { ...facts, t, clock: { ...facts.clock, language: t.common.lang } },
    ),
  });
const ofStaff = (sample: Sample) =>
  render('staff/clinic/overview', { page: overviewPage(evidence(sample), staffFacts) });
const wordsOf = (html: string) =>
  html
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll(/\s+/g, ' ');

describe('what the fax pull reported, for the clinic', () => {
  it('is not mentioned before the first report', async () => {
    const words = wordsOf(await ofClinic(samples.healthy!));
    for (const text of ['last downloaded', 'mailbox', 'unusual']) expect(words).not.toContain(text);
  });

  it('is when faxes were last downloaded, and how full each mailbox was', async () => {
    const words = wordsOf(await ofClinic(samples.fetched!));
    expect(words).toContain('Faxes were last downloaded on Nov 20, 2026, 8:05 PM Mountain Time.');
    expect(words).toContain('We can read its faxes. Its mailbox held 42 of 200 messages.');
    expect(words).not.toMatch(/full|unusual|gone before/);
  });

  it('is nothing of the clinic as a whole while a line was never read, and each line says what is known of it', async () => {
    const { fetched } = samples;
    for (const lines of [[], faxReports.good.lines.slice(1)]) {
      const view = { ...fetched!.view, faxReport: { ...faxReports.good, fetchedAt: null, lines } };
      const words = wordsOf(await ofClinic({ ...fetched!, view }));
      expect(words).not.toContain('Faxes were last downloaded');
      const ownTimes = words.match(/Its faxes were last downloaded on Nov 20, 2026, 8:05 PM Mountain Time\./g) ?? [];
      const never = words.match(/Its faxes have not been downloaded yet\./g) ?? [];
      expect([ownTimes.length, never.length]).toEqual([lines.length, 4 - lines.length]);
      expect(wordsOf(await ofStaff({ ...fetched!, view }))).toContain('No run has read every selected line yet');
    }
  });

  it('is the time of the line that was read first, and other lines say theirs', async () => {
    const words = wordsOf(await ofClinic(samples.faxes_left!));
    expect(words).toContain('Faxes were last downloaded on Nov 19, 2026, 8:05 PM Mountain Time.');
    expect(words.match(/Its faxes were last downloaded on Nov 20, 2026, 8:05 PM Mountain Time\./g)).toHaveLength(3);
  });

  it('is the date on which a mailbox is full at its pace, with what the clinic can do', async () => {
    const html = await ofClinic(samples.mailbox_filling!);
    expect(html).toContain('data-state="warning" data-cause="mailbox_filling" data-fix-owner="tenant"');
    const words = wordsOf(html);
    const filling = 'with 160 of 200 messages. At this pace, it will be full on November 25, 2026.';
    expect(words).toContain(`Front desk fax, extension 801: Its mailbox was filling up, ${filling}`);
    expect(words).toContain('delete faxes and voicemail that you no longer need');
    expect(words).not.toMatch(/Laboratory results, extension 802: Its mailbox/);
    expect(words).not.toContain('Check again'); // a check counts no messages
  });

  it('says of a mailbox with more than 200 messages that it was full', async () => {
    const words = wordsOf(await ofClinic(samples.mailbox_full!));
    expect(words).toContain('Its mailbox was full, with 215 messages. RingCentral keeps 200.');
    expect(words).toContain('Laboratory results, extension 802: Its mailbox was filling up, with 199 of 200');
    expect(words).not.toMatch(/Billing, extension 804: Its mailbox/);
  });

  it('says that a line is unusually quiet, which is no failure', async () => {
    const html = await ofClinic(samples.quiet_line!);
    expect(html).toContain('data-state="healthy"');
    expect(wordsOf(html)).toContain(
      'No new fax has arrived on Laboratory results, extension 802 since November 11, 2026, which is unusual.',
    );
    expect(wordsOf(html)).toContain('Before that, one arrived about every day.');
  });

  it('says what the run left behind and what was lost, and which line it did not read', async () => {
    const words = wordsOf(await ofClinic(samples.faxes_left!));
    expect(words).toContain('3 faxes could not be downloaded yet. 3 faxes were gone before they could be downloaded.');
    expect(words).toContain('Its faxes were last downloaded on Nov 19, 2026, 8:05 PM Mountain Time.');
  });

  it('is said in Spanish too', async () => {
    const words = wordsOf(await ofClinic(samples.mailbox_filling!, textsIn('es')));
    expect(words).toContain(
      'Los faxes se descargaron por última vez el 20 de noviembre de 2026 a las 8:05 p.m. hora de las Montañas Rocosas.',
    );
    expect(words).toContain('con 160 de 200 mensajes. A ese ritmo estará lleno el 25 de noviembre de 2026.');
  });
});

describe('the date from which faxes are lost', () => {
  const readAt = (at: Date, lines: FaxReport['lines']): FaxReport => ({
    completedAt: at,
    fetchedAt: at,
    lines: lines.map((line) => ({ ...line, completedAt: at })),
  });
  const failing = (report: Sample['view']['faxReport']): Promise<string> => {
    const { view, checks } = broken('owner_inactive');
    const health = { ...view.connection.health, lastGoodAt: minutes(-23 * 60).toISOString() };
    return ofClinic({ view: { ...view, connection: { ...view.connection, health }, faxReport: report }, checks }).then(
      wordsOf,
    );
  };

  it('is 30 days after the last good check, if no run was reported', async () => {
    expect(await failing(null)).toContain('After December 20, 2026, faxes may be lost.');
  });

  it('is 30 days after the last complete run, and the page says when that was', async () => {
    const words = await failing(readAt(minutes(-60 * 24 * 9), faxReports.good.lines));
    expect(words).toContain('Faxes were last downloaded on Nov 12, 2026, 2:05 PM Mountain Time.');
    expect(words).toContain('After December 12, 2026, faxes may be lost.');
    expect(words.match(/were last downloaded/g)).toHaveLength(1);
  });

  it('is when 200 newer messages have arrived in the busiest mailbox, if that is sooner', async () => {
    // 35 messages a day: 200 of them 5.7 days after the run of 20 November.
    expect(await failing(faxReports.full)).toContain('After November 26, 2026, faxes may be lost.');
  });

  it('is in the past tense once it is over', async () => {
    const [line] = faxReports.full.lines;
    expect(await failing(readAt(minutes(-60 * 24 * 8), [line!]))).toContain(
      'Faxes may have been lost since November 19, 2026.',
    );
  });

  it('does not follow a run of long before the failure: faxes may have been fetched in another way since', async () => {
    const report = readAt(minutes(-60 * 24 * 40), faxReports.full.lines);
    expect(await failing(report)).toContain('After December 20, 2026, faxes may be lost.');
  });

  it('is not that of a last run that read no line', async () => {
    const old = readAt(minutes(-60 * 24 * 40), faxReports.full.lines);
    const none = { ...old, completedAt: minutes(-60) };
    expect(await failing(none)).toContain('After December 20, 2026, faxes may be lost.');
  });

  it('counts a line that was never read from the last good check', async () => {
    const report = { ...readAt(minutes(-60 * 24 * 5), [faxReports.good.lines[1]!]), fetchedAt: null };
    expect(await failing(report)).toContain('After December 16, 2026, faxes may be lost.');
    const late = { ...readAt(minutes(-60), [faxReports.good.lines[1]!]), fetchedAt: null };
    expect(await failing(late)).toContain('After December 20, 2026, faxes may be lost.');
  });
});

describe('what the fax pull reported, for staff', () => {
  it('is that no run was reported, before the first', async () => {
    const html = await ofStaff(samples.healthy!);
    expect(wordsOf(html)).toContain('Faxes last downloaded No run reported');
    expect(html).not.toContain('Faxes at the last run');
  });

  it('is a table of the lines with their counts', async () => {
    const words = wordsOf(await ofStaff(samples.faxes_left!));
    expect(words).toContain('Faxes at the last run');
    expect(words).toContain('42 of 200 2 Oldest: Nov 20, 2026, 6:05 PM Mountain Time 1 Oldest: Nov 19, 2026');
    expect(words).toContain('Not counted');
  });

  it('names full mailboxes and quiet lines, and the steps for the clinic name the mailbox', async () => {
    const words = wordsOf(await ofStaff(samples.mailbox_filling!));
    expect(words).toContain('160 of 200 Its mailbox was filling up, with 160 of 200 messages.');
    expect(words).toMatch(/Text for the clinic .*Front desk fax, extension 801: Its mailbox was filling up/);
    expect(wordsOf(await ofStaff(samples.quiet_line!))).toContain('which is unusual');
  });

  it('says from when on faxes are lost while the connection does not work', async () => {
    expect(wordsOf(await ofStaff(samples.failing!))).toContain('Faxes may have been lost since September 22, 2026');
  });
});
