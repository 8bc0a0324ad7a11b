import type { Command } from 'commander';
import { alarmFromEvent } from '../../alarms/record.ts';
import type { HeaderLanguage } from '../../config/table-output.ts';
import type { Alarm } from '../../core/alarm.ts';
import { readJournal, type StoredJournal } from '../../store/read-journal.ts';
import { count } from '../problems.ts';
import { reportingFailure } from '../reporting.ts';
import { headersOption, tableFile } from '../table-writing.ts';
import { alarmHead, alarmRow } from './alarm-rows.ts';
import { exportErrors } from './errors.ts';
import { exporting } from './exporting.ts';
import { localClock } from './local-clock.ts';
import { type SpanOptions, spanOf, withSpanOptions } from './span.ts';

const examples = `Examples:
  lifeline export alarms -c gateway.yaml --from 2026-03-01 --to 2026-04-01 --out march.xlsx --headers zh
`;

const notes = `
One row for each time that an alarm was raised, oldest first: when it was raised, acknowledged, by whom, cleared, and what people said of it.
The gateway may go on running. Ctrl-C leaves no file. Exit 0 done, 1 nothing there or not written, 3 errors in the configuration.
`;

/** Raisings held back for what becomes of them; of more, the oldest is written as it stands. */
const maxHeld = 50_000;

interface AlarmsOptions extends SpanOptions {
  readonly out: string;
  readonly headers: HeaderLanguage;
}

/** `lifeline export alarms`: what was raised, and what became of it. */
export function exportAlarmsCommand(group: Command): void {
  withSpanOptions(group.command('alarms').description('alarms that it has raised'))
    .requiredOption('--out <file>', 'CSV or XLSX', tableFile)
    .addOption(headersOption())
    .addHelpText('before', examples)
    .addHelpText('after', notes)
    .action((options: AlarmsOptions) => reportingFailure(() => exportAlarms(options)));
}

async function exportAlarms(options: AlarmsOptions): Promise<void> {
  await exporting(options, 'alarms', async ({ gateway, begin, stopped }) => {
    const { timezone } = gateway.config.gateway;
    const span = spanOf(options, [0, Date.now()], timezone);
    const clockOf = localClock(timezone);
    const journal = await readJournal(options.data);
    try {
      const table = await begin(alarmHead(options.headers));
      let rows = 0;
      for await (const alarms of raisings(journal, span)) {
        if (stopped()) break;
        await table.write(alarms.map((alarm) => alarmRow(alarm, options.headers, clockOf)));
        rows += alarms.length;
      }
      if (rows === 0 && !stopped())
        throw exportErrors.create('EMPTY', `read ${options.data}: no alarm was raised then`);
      return count(rows, 'alarm');
    } finally {
      await journal.close();
    }
  });
}

/** Every raising of the span, oldest first, as the journal's last event of it tells it. */
async function* raisings(
  journal: StoredJournal,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): AsyncGenerator<readonly Alarm[]> {
  const held = new Map<string, Alarm>();
  const take = (howMany: number) => {
    const oldest = [...held].slice(0, howMany);
    for (const [key] of oldest) held.delete(key);
    return oldest.map(([, alarm]) => alarm);
  };
  for await (const events of journal.events()) {
    for (const event of events) {
      const alarm = alarmFromEvent(event);
      if (!alarm || alarm.raisedAt < fromMs || alarm.raisedAt > toMs) continue;
      const key = `${alarm.raisedAt} ${alarm.id}`;
      if (event.type === 'alarm.raised' || held.has(key)) held.set(key, alarm);
    }
    if (held.size > maxHeld) yield take(held.size - maxHeld);
  }
  while (held.size > 0) yield take(1_000);
}
