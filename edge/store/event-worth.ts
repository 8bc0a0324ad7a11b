import type { NewEvent } from '../core/event.ts';

/** In the order in which events go when room is wanted. */
export type Worth = 'least' | 'medium' | 'high' | 'critical' | 'audit';

/** Who did what, by a person's or the centre's hand: what an inquiry asks for afterwards. */
const auditTypes =
  /^(command|order|model|maintenance|value)\.|^alarm\.(acknowledged|judged|reset|shelved|unshelved|commented)$|^detection\.|^gateway\.reconfigured$/;

/** How much an event is worth keeping: by what it is, then by the priority of the alarm; safety is critical. */
export function worthOf({ type, data }: NewEvent): Worth {
  if (auditTypes.test(type)) return 'audit';
  const { priority, safety } = data;
  if (safety === true || priority === 'critical') return 'critical';
  return priority === 'high' || priority === 'medium' ? priority : 'least';
}
