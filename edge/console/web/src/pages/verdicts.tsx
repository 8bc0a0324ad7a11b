import type { VerdictsView } from '../../../wire.ts';
import { readVerdicts } from '../detection-feed.ts';
import { gatewayNow } from '../feed.ts';
import { momentText, numberText } from '../format.ts';
import { say, t, tOr } from '../language.ts';
import type { City } from '../model.ts';
import { DetectionTabs, Unread } from '../parts/detection-tabs.tsx';
import { VerdictButtons } from '../parts/verdict-buttons.tsx';
import { href } from '../routes.ts';
import { usePolled } from '../use-polled.ts';

/** What operators think of each detector's alarms, and the last alarms to judge. */
export function VerdictsPage({ city }: { city: City }) {
  const { view, problem, again } = usePolled(readVerdicts, '');
  return (
    <div class="stack">
      <div class="page-head">
        <h1>{t('detection')}</h1>
        <DetectionTabs here="verdicts" />
      </div>
      {view ? (
        <>
          <Report view={view} />
          <Recent city={city} view={view} onJudged={again} />
        </>
      ) : (
        <Unread problem={problem} />
      )}
    </div>
  );
}

const shareText = (share: number | null): string => (share === null ? '—' : `${numberText(100 * share, 0)} %`);

function Report({ view }: { view: VerdictsView }) {
  return (
    <section class="panel" aria-labelledby="report-title">
      <div class="panel-head">
        <h2 id="report-title">{t('perDetector')}</h2>
        <span class="panel-note">
          {view.since === null ? '' : `${t('sinceTime')} ${momentText(view.since, gatewayNow())}`}
        </span>
      </div>
      {view.detectors.length === 0 ? (
        <p class="empty-line">{t('noVerdicts')}</p>
      ) : (
        <table class="table">
          <thead>
            <tr>
              <th scope="col">{t('detector')}</th>
              {reportColumns.map((key) => (
                <th key={key} scope="col" class="numeric">
                  {t(key)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {view.detectors.map((row) => (
              <tr key={row.detector}>
                <th scope="row">{tOr(row.detector)}</th>
                <td class="numeric">{row.raised}</td>
                <td class="numeric">{row.useful}</td>
                <td class="numeric">{row.nuisance}</td>
                <td class="numeric">{row.wrongCause}</td>
                <td class="numeric">{row.planned}</td>
                <td class="numeric">{shareText(row.nuisanceShare)}</td>
                <td class="numeric">{shareText(row.wrongCauseShare)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

const reportColumns = [
  ...(['raisedCount', 'useful', 'nuisance', 'wrong-cause', 'planned'] as const),
  ...(['nuisanceShare', 'wrongCauseShare'] as const),
];

function Recent({ city, view, onJudged }: { city: City; view: VerdictsView; onJudged: () => void }) {
  if (view.recent.length === 0) return null;
  const now = gatewayNow();
  return (
    <section class="panel" aria-labelledby="recent-title">
      <div class="panel-head">
        <h2 id="recent-title">{t('lastAlarms')}</h2>
        <span class="panel-note">{view.recent.length}</span>
      </div>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{t('since')}</th>
            <th scope="col">{t('asset')}</th>
            <th scope="col">{t('message')}</th>
            <th scope="col">{t('detector')}</th>
            <th scope="col">{t('verdict')}</th>
          </tr>
        </thead>
        <tbody>
          {view.recent.map((alarm) => (
            <tr key={alarm.id}>
              <td>{momentText(alarm.raisedAt ?? 0, now)}</td>
              <td>
                <a href={href('detection', alarm.asset)}>{city.assets.get(alarm.asset)?.name ?? alarm.asset}</a>
              </td>
              <th scope="row" class="incident-root">
                {say(alarm.message)}
              </th>
              <td>{tOr(alarm.finding.from)}</td>
              <td>
                <VerdictButtons alarm={alarm} onJudged={onJudged} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
