/** Why a whole file cannot be read. `line` is where, if there is one place. */
export type FileProblem =
  | { code: 'empty' | 'spreadsheet' | 'utf16_without_mark' | 'too_big' | 'no_rows' }
  | { code: 'encoding' | 'quote' | 'row_too_long'; line: number }
  | { code: 'too_many_columns'; count: number }
  | { code: 'too_many_rows'; most: number }
  | { code: 'missing_columns' | 'unknown_columns' | 'repeated_columns'; columns: string[] };

export class UnreadableFile extends Error {
  constructor(readonly problem: FileProblem) {
    super(problem.code);
  }
}
