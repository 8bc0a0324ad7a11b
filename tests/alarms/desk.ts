import { Topology } from '../../edge/alarms/incidents/topology.ts';
import type { AlarmChange } from '../../edge/alarms/register.ts';
import type { Finding } from '../../edge/core/finding.ts';
import type { PackAlarm } from '../../edge/core/pack.ts';

const text = { zh: '文', en: 'text' };

/** A pack's words for an alarm of high priority. */
export const packAlarm = (own: Partial<PackAlarm> = {}): PackAlarm => ({
  ...{ priority: 'high', riskLevel: 'II', safety: false, message: text, cause: text, response: text },
  ...own,
});

/** A catalogue in which every asset is of water and has alarms of the given kinds; other kinds are like `packAlarm()`. */
export const catalogueOf = (kinds: Readonly<Record<string, Partial<PackAlarm>>> = {}) => ({
  subject: (id: string) => ({ id, name: id, utility: 'water', grid: '', location: undefined }),
  alarm: (_: string, kind: string) => packAlarm(kinds[kind]),
  topology: new Topology(new Map()),
});

/** A limit's claim about `asset/kind`, or that it is over. */
export function claim(id: string, time: number, active = true, tag = 'plc-1/p'): Finding {
  const [asset = '', kind = ''] = id.split('/');
  const evidence = [{ tag, observed: 2, expected: 1, unit: 'bar', windowS: 0 }];
  return { asset, kind, from: 'limit', active, score: active ? 1 : 0, time, evidence };
}

/** What changes told, in order: the event and the state that it left. */
export const told = (changes: readonly AlarmChange[] | AlarmChange | Error | undefined) =>
  [changes ?? []].flat().map((change) => {
    if (change instanceof Error) throw change;
    return `${change.event.type.slice('alarm.'.length)} ${change.alarm.state}`;
  });
