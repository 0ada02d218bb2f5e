import { exactTime, timeOfDay, wholeNumber, durationText } from '../platform/http/view-helpers.js';
import type { Brand } from '../platform/http/locals.js';
import { composeMail, type MailMessage } from '../platform/mail-message.js';
import type { Language } from '../texts/languages.js';
import type { TextsIn } from '../texts/texts.js';
import type { Summary } from './nightly-run.js';
import { causeOf, preflightUrl } from './preflight-page.js';

type Deps = { textsIn: TextsIn; brand: Brand; publicUrl: string };

/** The mail that tells staff what to expect of a run. */
export const summaryMail =
  ({ textsIn, brand, publicUrl }: Deps) =>
  (summary: Summary, { email, language }: { email: string; language: Language }): MailMessage => {
    const t = textsIn(language);
    const texts = t.mails.preflight;
    const { by, now, first, noGo, unknown, go, minutes } = summary;
    const clock = { language, timeZone: summary.run.timeZone, now };
    const number = (value: number) => wholeNumber(value, language);
    const { subjects } = texts;
    const failing = noGo + unknown === 0 ? subjects.allGo : subjects.some(number(noGo), number(unknown));
    const names = first.map(
      ({ tenant, verdict }) => `${tenant.name}: ${verdict.kind === 'no_go' ? causeOf(verdict, by, { t, clock }) : ''}`,
    );
    return composeMail({
      to: email,
      language,
      subject: texts.subject({ isv: brand.name, failing }),
      paragraphs: [
        texts.begins(exactTime(by, clock)),
        texts.counts({ go: number(go), noGo: number(noGo), unknown: number(unknown) }),
        ...(minutes > 0 ? [texts.estimate(durationText(minutes * 60_000, language))] : []),
        ...(names.length > 0 ? [texts.named, names] : []),
        ...(noGo > names.length ? [texts.more(number(noGo - names.length))] : []),
      ],
      button: { text: texts.button, url: new URL(preflightUrl, publicUrl).href },
      after: [texts.asOf(timeOfDay(now, clock))],
      signature: t.mails.signature({ isv: brand.name, support: brand.supportEmail }),
      contact: brand.supportEmail,
    });
  };
