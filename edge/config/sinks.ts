import type { LocatedYaml } from './located-yaml.ts';
import type { Problem } from './problem.ts';
import type { Contribution, SinkEntry } from './spec.ts';

/** What kinds of sinks say of their entries, at a time in ms since epoch. */
export function judgeSinks(
  yaml: LocatedYaml,
  entries: readonly SinkEntry[],
  kinds: readonly Contribution[],
  nowMs: number,
): Record<'errors' | 'warnings', readonly Problem[]> {
  const errors: Problem[] = [];
  const warnings: Problem[] = [];
  entries.forEach((entry, index) => {
    const kind = kinds.find(({ name }) => name === entry.sink);
    for (const { path, severity, error, fix } of kind?.review?.(entry, nowMs) ?? []) {
      (severity === 'error' ? errors : warnings).push(yaml.problem(['sinks', index, ...path], error, fix));
    }
  });
  return { errors, warnings };
}
