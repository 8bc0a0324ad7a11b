import type { IncidentView } from '../../../incident-wire.ts';
import { incidentSheet } from '../incident-sheet.ts';
import { language, t } from '../language.ts';
import type { City } from '../model.ts';

/** The sheet of an incident, which only paper shows. */
export function IncidentPrint({ city, view }: { city: City; view: IncidentView }) {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  const { title, under, facts, tables } = incidentSheet(view, { city, language: language(), timeZone });
  return (
    <article class="incident-print">
      <h1>{title}</h1>
      <p>{under}</p>
      <table>
        <tbody>
          {facts.map(([name, value]) => (
            <tr key={`${name} ${value}`}>
              <th scope="row">{name}</th>
              <td>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {tables.map(({ title: of, head, rows }) => (
        <section key={of}>
          <h2>{of}</h2>
          <table>
            {head.length > 0 && (
              <thead>
                <tr>
                  {head.map((name) => (
                    <th key={name} scope="col">
                      {name}
                    </th>
                  ))}
                </tr>
              </thead>
            )}
            <tbody>
              {rows.map((row) => (
                <tr key={row.join(' ')}>
                  {row.map((text, column) => (
                    <td key={`${column} ${text}`}>{text}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ))}
      <p class="signature">
        <span>{t('signedBy')}</span>
        <span>{t('signedAt')}</span>
      </p>
    </article>
  );
}
