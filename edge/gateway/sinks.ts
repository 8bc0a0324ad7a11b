import { filter, type Observable } from 'rxjs';
import type { Acquisition } from '../acquisition/acquisition.ts';
import type { LoadedGateway } from '../config/load.ts';
import type { ConsoleChange, ConsoleDeadLetters } from '../console/api.ts';
import { type Alarm, isActive, isUnacknowledged } from '../core/alarm.ts';
import type { EventType } from '../core/event.ts';
import type { Reply, Sink, SinkHost } from '../upstream/api.ts';
import type { AlarmCounts } from '../upstream/heartbeats.ts';
import type { Selection } from '../upstream/selection.ts';

/** What sinks are told of the configuration in force and of its devices. */
export function inForce(
  loaded: () => LoadedGateway,
  acquisition: Acquisition,
  changes: Observable<ConsoleChange>,
): Pick<SinkHost, 'tags' | 'assets' | 'devices' | 'onDevices'> {
  const about = changes.pipe(filter((what) => what === 'devices' || what === 'description'));
  return {
    tags: () => loaded().tags,
    assets: () => loaded().assets,
    devices: () => acquisition.health().map(({ id, state }) => ({ id, online: state === 'online' })),
    onDevices(changed) {
      const told = about.subscribe(changed);
      return () => told.unsubscribe();
    },
  };
}

/** How many of the alarms stand that a selection has. */
export function countAlarms(alarms: readonly Alarm[], selection: Selection): AlarmCounts {
  const told = alarms.filter(({ utility, priority, safety }) =>
    selection.wantsEvent({ utility, data: { priority, safety } }),
  );
  const active = told.filter(({ state }) => isActive(state));
  return {
    active: active.length,
    unacknowledged: told.filter(({ state }) => isUnacknowledged(state)).length,
    safety: active.filter(({ safety }) => safety).length,
  };
}

/** The dead letters of a sink, with every person's doing put down in the journal. */
export function deadLettersOf(
  sink: Sink | undefined,
  id: string,
  note: (type: EventType, data: Readonly<Record<string, unknown>>) => Promise<void>,
): ConsoleDeadLetters | undefined {
  const office = sink?.deadLetters;
  if (!office) return undefined;
  return {
    list: () => office.list(),
    async resend(ids, by) {
      const count = office.resend(ids);
      await note('gateway.dead-letters', { sink: id, did: 'resend', count, ids: ids ?? 'all', by });
      return count;
    },
    async discard(ids, by) {
      const count = await office.discard(ids);
      await note('gateway.dead-letters', { sink: id, did: 'discard', count, ids, by });
      return count;
    },
  };
}

/** What a code stands for that just one of the sinks gave to somebody. */
export function replyTo(
  sinks: readonly { readonly sink: Sink }[],
  code: string,
  from: string | undefined,
): Reply | undefined {
  const [desk, another] = sinks.flatMap(({ sink: { replies } }) => (replies?.knows(code) ? [replies] : []));
  return another ? undefined : desk?.take(code, from);
}
