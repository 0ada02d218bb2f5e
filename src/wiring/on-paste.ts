import type { ConnectionService } from '../connections/connection-service.js';
import type { OnRepeated, OnSubmitted } from '../credentials/credential-service.js';
import type { handOffsCapability } from '../hand-offs/hand-offs-capability.js';
import type { tenantsCapability } from '../tenants/tenants-capability.js';

type Given = {
  tenants: Pick<ReturnType<typeof tenantsCapability>, 'requireHere'>;
  handOffs: Pick<ReturnType<typeof handOffsCapability>, 'service'>;
  connections: Pick<ConnectionService, 'onSubmitted' | 'onRepeated'>;
};

/** What happens elsewhere in the transaction that takes in a paste: a link notes its paste, and a check is queued. */
export function onPaste({ tenants, handOffs, connections }: Given) {
  const onSubmitted: OnSubmitted = async (trx, submitted) => {
    await tenants.requireHere(trx, submitted.tenantId, submitted.by);
    await handOffs.service.onSubmitted(trx, submitted);
    return connections.onSubmitted(trx, submitted);
  };
  const onRepeated: OnRepeated = async (trx, repeated) => {
    await tenants.requireHere(trx, repeated.tenantId, repeated.by);
    await handOffs.service.onSubmitted(trx, repeated);
    return connections.onRepeated(trx, repeated);
  };
  return { onSubmitted, onRepeated };
}
