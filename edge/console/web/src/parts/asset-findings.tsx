import type { AlarmView } from '../../../wire.ts';
import { readWatched } from '../detection-feed.ts';
import { say, t } from '../language.ts';
import type { AssetView, City } from '../model.ts';
import { href } from '../routes.ts';
import { usePolled } from '../use-polled.ts';
import { tellingKind } from '../watch-words.ts';
import { EvidenceTable } from './evidence-table.tsx';
import { ExpectedCourse } from './expected-course.tsx';

const everyMs = 10_000;
const mostShown = 3;

/** What the alarms of an asset rest on, beside the course of what tells most: observed within what is expected, or out of it. */
export function AssetFindings({ city, asset, alarms }: { city: City; asset: AssetView; alarms: readonly AlarmView[] }) {
  const { view } = usePolled(readWatched, asset.id, { everyMs });
  const watches = view?.watches ?? [];
  const alarmed = alarms.find((alarm) => watches.some((watch) => watch.kind === alarm.kind));
  const kind = alarmed?.kind ?? tellingKind(watches);
  const told = alarms.filter(({ finding }) => finding.evidence.length > 0).slice(0, mostShown);
  if (told.length === 0 && !kind) return null;
  return (
    <section class="panel asset-findings" aria-labelledby="findings-title">
      <div class="panel-head">
        <h2 id="findings-title">{t(told.length > 0 ? 'findings' : 'watched')}</h2>
        <a class="panel-note" href={href('detection', asset.id)}>
          {t('detection')}
        </a>
      </div>
      <div class="findings-split">
        {told.length > 0 && (
          <div>
            {told.map((alarm) => (
              <div key={alarm.id} class="finding">
                {told.length > 1 && <strong>{say(alarm.message)}</strong>}
                <EvidenceTable city={city} alarm={alarm} />
              </div>
            ))}
          </div>
        )}
        {kind && <ExpectedCourse key={kind} city={city} asset={asset.id} kind={kind} />}
      </div>
    </section>
  );
}
