import type { WorkerLoop } from '../../app/capability.js';
import type { createWake } from '../../platform/loop.js';
import type { deliveryWorker } from './delivery-worker.js';

type Parts = {
  catchUp: () => Promise<void>;
  deliveries: ReturnType<typeof deliveryWorker>;
  wake: ReturnType<typeof createWake>;
};

const EVERY_MS = 1000;

/** Two loops, so that much that was missed holds up no delivery that is due. */
export function webhookLoops({ catchUp, deliveries, wake }: Parts): WorkerLoop[] {
  const often = { everyMs: EVERY_MS, wokenBy: wake };
  return [
    { name: 'webhooks', ...often, round: () => deliveries.startDue(wake.call), idle: () => deliveries.idle() },
    { name: 'missed webhooks', ...often, round: catchUp },
  ];
}
