import type { SinkView } from '../../../wire.ts';
import { durationText, numberText } from '../format.ts';
import { t } from '../language.ts';
import { ratePerS } from '../sink-course.ts';
import { courseOfSink } from '../sink-courses.ts';
import { DeadLetterList } from './dead-letter-list.tsx';
import { Fact } from './fact.tsx';
import { LinkState } from './link-state.tsx';
import { Sparkline } from './sparkline.tsx';
import { Trouble } from './trouble.tsx';

const counted = (count: number | undefined): string => numberText(count, 0);

/** One platform: what it took and how fast, what waits and for how long, and what it does not take. */
export function SinkDetail({ sink }: { sink: SinkView }) {
  const { times, pending, events, values } = courseOfSink(sink.id);
  const eventsPerS = ratePerS(times, events);
  const valuesPerS = ratePerS(times, values);
  return (
    <>
      <section class="panel" aria-labelledby="sink-title">
        <div class="panel-head">
          <h2 id="sink-title">{sink.id}</h2>
          <LinkState state={sink.state} />
          <span class="panel-note">
            {sink.sink} · <code>{sink.endpoint}</code>
          </span>
        </div>
        <h3 class="panel-line">{t('eventsUp')}</h3>
        <dl class="asset-facts">
          <Fact name={t('forwarded')}>{counted(sink.forwarded)}</Fact>
          <Fact name={t('rate')}>
            {numberText(eventsPerS === undefined ? undefined : eventsPerS * 60, 1)} {t('perMinute')}
          </Fact>
          <Fact name={t('pending')}>
            {counted(sink.pending)}
            <Sparkline times={times} values={pending} leastSpan={10} />
          </Fact>
          <Fact name={t('oldestPending')}>{sink.pending > 0 ? durationText(sink.oldestPendingMs) : '—'}</Fact>
          {sink.unconfirmed !== undefined && <Fact name={t('unconfirmed')}>{counted(sink.unconfirmed)}</Fact>}
          {sink.refused !== undefined && <Fact name={t('refusedEvents')}>{counted(sink.refused)}</Fact>}
          {sink.deadLetters !== undefined && <Fact name={t('deadLetters')}>{counted(sink.deadLetters)}</Fact>}
        </dl>
        {sink.sent !== undefined && (
          <>
            <h3 class="panel-line">{t('valuesUp')}</h3>
            <dl class="asset-facts">
              <Fact name={t('sentValues')}>{counted(sink.sent)}</Fact>
              <Fact name={t('rate')}>
                {numberText(valuesPerS, 0)} {t('perSecond')}
              </Fact>
              <Fact name={t('backfilled')}>{counted(sink.backfilled ?? 0)}</Fact>
              <Fact name={t('thinned')}>{counted(sink.thinned ?? 0)}</Fact>
              <Fact name={t('droppedValues')}>{counted(sink.dropped ?? 0)}</Fact>
              <Fact name={t('owedValues')}>{counted(sink.owed ?? 0)}</Fact>
              <Fact name={t('backlog')}>{sink.backlogMs ? durationText(sink.backlogMs) : '—'}</Fact>
            </dl>
          </>
        )}
        <p class="panel-line last-trouble">
          {t('lastError')}: <Trouble said={sink.lastError} problem={sink.problem} />
        </p>
      </section>
      {sink.deadLetters !== undefined && <DeadLetterList key={sink.id} sink={sink.id} />}
    </>
  );
}
