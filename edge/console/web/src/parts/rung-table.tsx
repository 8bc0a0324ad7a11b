import type { RungView } from '../../../detection-wire.ts';
import { numberText } from '../format.ts';
import { t, tOr } from '../language.ts';
import { historyText } from '../watch-words.ts';

const columns = ['watches', 'watching', 'claimed', 'idle', 'outOfModel', 'waiting'] as const;
const heads = {
  ...{ watches: 'claims', watching: 'watching', claimed: 'claimed', idle: 'idle' },
  ...{ outOfModel: 'outside', waiting: 'waitingClaims' },
} as const;

/** Every detector with its rung, and where its claims stand. */
export function RungTable({ rungs, historySince }: { rungs: readonly RungView[]; historySince: number | null }) {
  return (
    <section class="panel" aria-labelledby="rungs-title">
      <div class="panel-head">
        <h2 id="rungs-title">{t('detectors')}</h2>
      </div>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{t('rung')}</th>
            <th scope="col">{t('detector')}</th>
            {columns.map((key) => (
              <th key={key} scope="col" class="numeric">
                {tOr(heads[key])}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rungs.map((row) => (
            <tr key={row.detector}>
              <td>{tOr(`rung${row.rung}`)}</td>
              <th scope="row">
                {tOr(row.detector)}
                {row.historyDays > 0 && <span class="claim-meaning">{historyText(row.historyDays, historySince)}</span>}
              </th>
              {columns.map((key) => (
                <td key={key} class="numeric">
                  {row[key] === 0 ? <span class="none">0</span> : numberText(row[key], 0)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
