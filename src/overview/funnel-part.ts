import type { Table } from '../platform/http/content.js';
import { durationText, exactTime, wholeNumber, type Clock } from '../platform/http/view-helpers.js';
import type { Texts } from '../texts/texts.js';
import type { Figures } from './figures.js';
import { FUNNEL_DAYS, type Funnel } from './funnel.js';

/** How far the clinics get that were invited lately, how long each step takes, and where they stop. */
export function funnelPart(found: Figures<Funnel> | null, { t, clock }: { t: Texts; clock: Clock }) {
  const texts = t.staff.overview.funnel;
  const heading = texts.heading(FUNNEL_DAYS);
  const nothing = { heading, table: null as Table | null, stop: null as string | null, note: null as string | null };
  const invited = found?.figures[0]?.reached ?? 0;
  if (!found || invited === 0) return { ...nothing, none: found ? texts.none(FUNNEL_DAYS) : texts.notYet };
  const number = (value: number) => wholeNumber(value, t.common.lang);
  const percent = new Intl.NumberFormat(t.common.lang, { style: 'percent', maximumFractionDigits: 0 });
  const steps = found.figures.map((one, index) => ({
    ...one,
    stopped: one.reached - (found.figures[index + 1]?.reached ?? one.reached),
  }));
  const worst = steps.reduce((most, one) => (one.stopped > most.stopped ? one : most));
  return {
    heading,
    none: null,
    table: {
      caption: heading,
      hideCaption: true,
      head: [texts.columns.step, texts.columns.clinics, texts.columns.stopped, texts.columns.median],
      rows: steps.map(({ step, reached, stopped, medianMs }, index) => [
        texts.steps[step],
        { text: number(reached), note: percent.format(reached / invited) },
        index === steps.length - 1 ? '' : number(stopped),
        medianMs === null ? '' : durationText(medianMs, clock.language),
      ]),
    } satisfies Table as Table,
    stop: worst.stopped === 0 ? null : texts.stop(texts.steps[worst.step], worst.stopped, number(worst.stopped)),
    note: texts.madeAt(exactTime(found.madeAt, clock)),
  };
}
