import type { Remark } from '../core/remark.ts';
import { configErrors } from './errors.ts';
import type { LocatedYaml } from './located-yaml.ts';
import type { Problem } from './problem.ts';
import type { Contribution, GatewayConfig } from './spec.ts';
import { configTexts } from './texts.ts';

/** What kinds of sinks say of their entries, at a time in ms since epoch, and whether alarms have a road at all. */
export function judgeSinks(
  yaml: LocatedYaml,
  { sinks, assets, gateway }: Pick<GatewayConfig, 'sinks' | 'assets' | 'gateway'>,
  kinds: readonly Contribution[],
  nowMs: number,
): Record<'errors' | 'warnings', readonly Problem[]> {
  const errors: Problem[] = [];
  const warnings: Problem[] = [];
  const say = (index: number, { path, severity, error, fix }: Remark) =>
    (severity === 'error' ? errors : warnings).push(yaml.problem(['sinks', index, ...path], error, fix));
  for (const { name, review, reviewTogether } of kinds) {
    const own = [...sinks.entries()].filter(([, entry]) => entry.sink === name);
    for (const [index, entry] of own) for (const remark of review?.(entry, nowMs) ?? []) say(index, remark);
    const entries = own.map(([, entry]) => entry);
    for (const remark of reviewTogether?.(entries, gateway.id) ?? []) say(own[remark.entry]?.[0] ?? 0, remark);
  }
  const valueKinds = kinds.filter(({ valuesOnly }) => valuesOnly).map(({ name }) => name);
  const used = [...new Set(sinks.map(({ sink }) => sink))];
  if (sinks.length + assets.length > 0 && used.every((kind) => valueKinds.includes(kind))) {
    warnings.push(yaml.problem(['sinks'], configErrors.create('NO-ALARM-ROAD', configTexts.noAlarmRoad(used))));
  }
  return { errors, warnings };
}
