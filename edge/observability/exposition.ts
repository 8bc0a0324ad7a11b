/** One measured thing with its labels; null where there is no value at present. */
export interface MetricSample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number | null;
}

/** What is measured, and all that was measured of it. Counters end in `_total`, units stand in the name. */
export interface MetricFamily {
  readonly name: string;
  readonly help: string;
  readonly type: 'gauge' | 'counter';
  readonly samples: readonly MetricSample[];
}

export const expositionType = 'text/plain; version=0.0.4; charset=utf-8';

/** The text that Prometheus reads (prometheus.io/docs/instrumenting/exposition_formats, version 0.0.4). */
export function exposition(families: readonly MetricFamily[]): string {
  return families
    .map(({ name, help, type, samples }) => {
      const lines = samples.flatMap(({ labels = {}, value }) =>
        value === null ? [] : [`${name}${labelText(labels)} ${numberText(value)}`],
      );
      const about = help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
      return lines.length === 0 ? '' : `# HELP ${name} ${about}\n# TYPE ${name} ${type}\n${lines.join('\n')}\n`;
    })
    .join('');
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

const escaped = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (Number.isFinite(value)) return String(value);
  return value > 0 ? '+Inf' : '-Inf';
}
