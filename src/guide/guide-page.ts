import { textsFor } from '../connections/pages/method-texts.js';
import { qrPicture } from '../platform/assets/qr-picture.js';
import { dateOnly } from '../platform/http/view-helpers.js';
import type { JourneyPaths } from '../tenants/journey.js';
import type { Texts } from '../texts/texts.js';
import { nextStep, type GuideProgress } from './next-step.js';

/** The ISV's settings for its app. The client ID is public. */
export type GuideConfig = { clientId: string; appName: string; consoleUrl: string; isvName: string };

/** `signIn`: where a member signs in to RingCentral instead, if the clinic is offered that. */
type GuidePaths = JourneyPaths & { signIn?: string | undefined };

/**
 * The pages of the clinic's journey: Start, Make the JWT, Paste, Result. The limit is four; a fifth page is a bug.
 */
export const journeyPages = 4;

/** When the steps were last compared with RingCentral's published material. Update it only after comparing again. */
export const stepsCheckedOn = new Date('2026-11-21T00:00:00Z');

/** RingCentral's create form with our app filled in, as RingCentral's guide documents it. */
export const createFormUrl = ({ consoleUrl, clientId }: GuideConfig): string => {
  const url = new URL('/console/my-credentials/create', consoleUrl);
  url.searchParams.set('client_id', clientId);
  return url.href;
};

function progressNotice(progress: GuideProgress, { result }: JourneyPaths, t: Texts) {
  const step = nextStep(progress);
  if (step === 'make') return undefined;
  const href = step === 'reconnect' ? undefined : result; // the page's own button is the next step
  const texts = textsFor(t, progress.method ?? 'jwt').guide.progress[step];
  return { ...texts, href, type: step === 'connected' ? ('success' as const) : undefined };
}

const withoutConsole = ({ signIn }: GuidePaths, t: Texts) =>
  signIn === undefined ? undefined : { href: signIn, ...t.guide.withoutConsole };

export function startPage(config: GuideConfig, paths: GuidePaths, progress: GuideProgress, t: Texts) {
  const texts = t.guide.start;
  const host = new URL(config.consoleUrl).host;
  return {
    title: texts.title(config.isvName),
    caption: t.guide.step(1, journeyPages),
    progress: progressNotice(progress, paths, t),
    points: [texts.clientId(config.isvName), texts.jwt, texts.password],
    time: texts.time,
    needs: [texts.needsPermission, texts.needsLogin(host)],
    owner: [texts.ownerActs, texts.ownerService, texts.ownerLeaves],
    other: paths.handOffs === undefined ? undefined : { action: paths.handOffs, ...texts.other },
    next: { text: texts.next, href: paths.makeJwt },
    withoutConsole: withoutConsole(paths, t),
  };
}

export function jwtPage(config: GuideConfig, paths: GuidePaths, t: Texts) {
  const texts = t.guide.jwt;
  const host = new URL(config.consoleUrl).host;
  const href = createFormUrl(config);
  const clientIdField = { label: texts.clientId(config.appName), value: config.clientId };
  const checkedOn = dateOnly(stepsCheckedOn, { timeZone: 'UTC', language: t.common.lang });
  return {
    title: texts.title,
    caption: t.guide.step(2, journeyPages),
    backLink: { href: paths.guide, text: t.guide.backToStart },
    open: { text: texts.open, href, newTab: true },
    goesTo: texts.goesTo(host),
    clientId: { id: 'client-id', ...clientIdField },
    steps: [
      { ...texts.steps.openForm(host), drawing: 'menu' },
      {
        ...texts.steps.label,
        copy: { id: 'label', label: texts.suggestedLabel, value: texts.label(config.isvName, config.appName) },
      },
      { ...texts.steps.specificApps, drawing: 'apps' },
      { ...texts.steps.addApp, drawing: 'add', copy: { id: 'client-id-again', ...clientIdField } },
      { ...texts.steps.checkName(config.appName), drawing: 'table' },
      { ...texts.steps.expiry },
      { ...texts.steps.create, drawing: 'copy' },
    ],
    service: [texts.service.signsIn(host), texts.service.opens, texts.service.goesOn],
    different: [
      texts.different.checked,
      texts.different.look,
      texts.different.noAccess,
      texts.different.help(config.isvName),
    ],
    dated: `${texts.checked(checkedOn)} ${texts.prints}`,
    /** Shown only on the printed page. */
    paper: {
      picture: qrPicture(href, texts.paper.pictureAlt),
      permissions: texts.paper.permissions,
      then: texts.paper.then(config.isvName),
      dated: texts.checked(checkedOn),
    },
    next: { text: texts.next, href: paths.paste },
    withoutConsole: withoutConsole(paths, t),
  };
}
