import type { ReadTenants } from '../tenants/tenant-reader.js';
import type { Tenant } from '../tenants/tenant-types.js';
import type { CheckedRow } from './csv/check-file.js';
import type { LineProblem, LineResult } from './import-types.js';

export type PlannedRow = Omit<CheckedRow, 'problems'> & { problems: LineProblem[]; planned: LineResult | null };

/** What these rows would do now. The worker decides again when it applies a row. */
export async function plannedRows(
  rows: readonly CheckedRow[],
  { withRefs }: Pick<ReturnType<ReadTenants>, 'withRefs'>,
): Promise<PlannedRow[]> {
  const refs = rows.filter(({ problems }) => problems.length === 0).map(({ values }) => values.external_ref);
  const found = new Map((await withRefs(refs)).map((tenant) => [tenant.externalRef, tenant]));
  return rows.map((row) => {
    if (row.problems.length > 0) return { ...row, planned: null };
    const tenant = found.get(row.values.external_ref);
    const problem = tenant && problemOf(row, tenant);
    return problem ? { ...row, problems: [problem], planned: null } : { ...row, planned: resultOf(row, tenant) };
  });
}

function problemOf(
  { values }: CheckedRow,
  { environment, hasLeft }: Tenant & { hasLeft: boolean },
): LineProblem | null {
  if (hasLeft) return { column: 'external_ref', code: 'left' };
  const isOther = values.environment !== '' && values.environment !== environment;
  return isOther ? { column: 'environment', code: 'environment_fixed' } : null;
}

/** An empty cell says nothing. */
function resultOf({ values }: CheckedRow, tenant: Tenant | undefined): LineResult {
  if (!tenant) return 'created';
  const { name, language, time_zone: timeZone } = values;
  const isSame =
    name === tenant.name && ['', tenant.language].includes(language) && ['', tenant.timeZone].includes(timeZone);
  return isSame ? 'unchanged' : 'changed';
}
