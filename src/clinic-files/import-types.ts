import type { Actor } from '../audit/audit-events.js';
import type { RowProblem, RowValues } from './csv/check-file.js';

/** `checked`: stored, and not started. `stopped`: what was not done by then is not done. */
export type ImportState = 'loading' | 'checked' | 'running' | 'finished' | 'stopped';

export type ClinicImport = {
  id: string;
  /** SHA-256 of the file. */
  contentHash: string;
  state: ImportState;
  /** Rows of the file. */
  total: number;
  actor: Actor;
  createdAt: Date;
  startedAt: Date | null;
  endedAt: Date | null;
};

/** What a row will do, as it was when the file was checked. */
export type ImportPlan = Record<LineResult, number> & { addresses: number };

export type LineResult = 'created' | 'changed' | 'unchanged';

/** Why a row was not applied, although the file was in order; besides what is wrong with a row by itself. */
export type LateProblem = {
  column: 'external_ref' | 'environment' | null;
  code: 'left' | 'environment_fixed' | 'failed';
};
export type LineProblem = RowProblem | LateProblem;

export type ImportLine = {
  id: string;
  importId: string;
  line: number;
  values: RowValues;
  problems: readonly LineProblem[];
  tenantId: string | null;
};

export type ImportCounts = Record<LineResult | 'waiting' | 'refused', number> & {
  invitations: Record<'waiting' | 'sent' | 'not_needed' | 'refused', number>;
};
