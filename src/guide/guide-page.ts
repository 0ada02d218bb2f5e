import { textsFor } from '../connections/pages/method-texts.js';
import { qrPicture } from '../platform/assets/qr-picture.js';
import { dateOnly } from '../platform/http/view-helpers.js';
import type { JourneyPaths } from '../tenants/journey.js';
import type { Texts } from '../texts/texts.js';
import { withLabels, wordsOfConsole } from './console-labels.js';
import { nextStep, type GuideProgress } from './next-step.js';

/** The ISV's settings for its app. The client ID is public. */
export type GuideConfig = { clientId: string; appName: string; consoleUrl: string; isvName: string };

/** `signIn`: where a member signs in to RingCentral instead, if the clinic is offered that. */
type GuidePaths = JourneyPaths & { signIn?: string | undefined };

/**
 * The pages of the clinic's journey: Start, Make the JWT, Paste, Result. The limit is four; a fifth page is a bug.
 */
export const journeyPages = 4;

/** One of the drawings in views/guide/drawing.ejs, with the words of the reader's own form in it. */
export type Drawing = {
  kind: 'label' | 'table' | 'expiry' | 'copy' | 'menu' | 'apps' | 'add';
  /** What to do there. */
  alt: string;
  label: string;
  appName: string;
  words: typeof wordsOfConsole;
};

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
    needs: { ...t.guide.permissions, login: texts.needsLogin(host) },
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
  const label = texts.label(config.isvName, config.appName);
  const checkedOn = dateOnly(stepsCheckedOn, { timeZone: 'UTC', language: t.common.lang });
  const marked = (text: string) => withLabels(text);
  const drawn = (kind: Drawing['kind'], alt: string): Drawing => ({
    kind,
    alt,
    label,
    appName: config.appName,
    words: wordsOfConsole,
  });
  const step = ({ title, text }: { title: string; text: string }) => ({ title: marked(title), text: marked(text) });
  const { openForm, expiry, create } = texts.steps;
  const checkName = texts.steps.checkName(config.appName);
  const byHand = texts.byHand.steps(host);
  return {
    title: texts.title,
    caption: t.guide.step(2, journeyPages),
    backLink: { href: paths.guide, text: t.guide.backToStart },
    /** One track: the form is open, with our app filled in. */
    steps: [
      { ...step(openForm), open: { text: texts.open, href, newTab: true }, goesTo: texts.goesTo(host) },
      {
        ...step(texts.steps.label),
        drawing: drawn('label', texts.steps.label.alt(label)),
        copy: { id: 'label', label: texts.suggestedLabel, value: label },
      },
      {
        ...step(checkName),
        title: withLabels(checkName.title, [config.appName]),
        drawing: drawn('table', checkName.alt),
      },
      { ...step(expiry), drawing: drawn('expiry', expiry.alt) },
      { ...step(create), drawing: drawn('copy', create.alt) },
    ],
    byHand: {
      heading: texts.byHand.heading,
      when: texts.byHand.when,
      steps: [
        { text: marked(byHand.menu.text), drawing: drawn('menu', byHand.menu.alt) },
        { text: marked(byHand.apps.text), drawing: drawn('apps', byHand.apps.alt) },
        {
          text: marked(byHand.add.text),
          drawing: drawn('add', byHand.add.alt),
          copy: { id: 'client-id', label: texts.clientId(config.appName), value: config.clientId },
        },
        { text: marked(byHand.goOn.text) },
      ],
    },
    service: [texts.service.signsIn(host), texts.service.opens, texts.service.goesOn].map(marked),
    different: [texts.different.checked(checkedOn), texts.different.look, texts.different.help(config.isvName)].map(
      marked,
    ),
    permissions: t.guide.permissions,
    /** Shown only on the printed page. */
    paper: { picture: qrPicture(href, texts.paper.pictureAlt), then: texts.paper.then(config.isvName) },
    next: { text: texts.next, href: paths.paste, variant: 'secondary' },
    withoutConsole: withoutConsole(paths, t),
  };
}
