import type { Texts } from '../texts/texts.js';
import { wholeNumber } from '../platform/http/view-helpers.js';
import type { FileProblem } from './csv/file-problem.js';
import type { LineProblem } from './import-types.js';

/** The sentence about a file that cannot be read. */
export function fileProblemText(problem: FileProblem, { common, staff }: Texts, mostMegabytes: number): string {
  const texts = staff.clinicFiles.fileProblems;
  const number = (value: number) => wholeNumber(value, common.lang);
  switch (problem.code) {
    case 'too_big':
      return texts.too_big(mostMegabytes);
    case 'encoding':
    case 'quote':
    case 'row_too_long':
      return texts[problem.code](number(problem.line));
    case 'too_many_columns':
      return texts.too_many_columns(number(problem.count));
    case 'too_many_rows':
      return texts.too_many_rows(number(problem.most));
    case 'missing_columns':
    case 'unknown_columns':
    case 'repeated_columns':
      return texts[problem.code](problem.columns.join(', '));
    default:
      return texts[problem.code];
  }
}

const unknownOf = {
  language: 'unknownLanguage',
  time_zone: 'unknownTimeZone',
  environment: 'unknownEnvironment',
} as const;

/** The sentence about one cell, or about a row. */
export function lineProblemText(problem: LineProblem, { common, staff }: Texts): string {
  const texts = staff.clinicFiles.problems;
  const number = wholeNumber('number' in problem ? (problem.number ?? 0) : 0, common.lang);
  switch (problem.code) {
    case 'unknown':
      return texts[unknownOf[problem.column as keyof typeof unknownOf]];
    case 'repeated':
      return 'number' in problem ? texts.repeatedOf(number) : texts.repeated;
    case 'cells':
      return texts.cells(number);
    default:
      return texts[problem.code];
  }
}
