import { useState } from 'preact/hooks';
import { type Verdict, verdicts } from '../../../../core/verdict.ts';
import type { AlarmView } from '../../../wire.ts';
import { judgeAlarm } from '../detection-feed.ts';
import { picture } from '../feed.ts';
import { say, t } from '../language.ts';
import { operatorName } from '../operator.ts';
import { may } from '../session.ts';

interface VerdictButtonsProps {
  readonly alarm: AlarmView;
  /** Called when a verdict is kept. */
  readonly onJudged?: () => void;
}

/** What an operator thinks of an alarm: one press, kept with the operator's name; another press changes it. */
export function VerdictButtons({ alarm, onJudged }: VerdictButtonsProps) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const given = alarm.judgement;
  const barred = picture.link !== 'online' || !may('operator');
  const judge = async (verdict: Verdict) => {
    setBusy(true);
    setProblem('');
    try {
      const result = await judgeAlarm(alarm, verdict, operatorName());
      if (result === 'raised-again') setProblem(t('raisedAgain'));
      else onJudged?.();
    } catch (error) {
      setProblem((error as Error).message);
    }
    setBusy(false);
  };
  return (
    <div class="verdict">
      <fieldset class="segments" aria-label={`${t('verdictOf')}: ${say(alarm.message)}`}>
        {verdicts.map((verdict) => (
          <button
            key={verdict}
            type="button"
            class="segment"
            aria-pressed={given?.verdict === verdict}
            disabled={busy || barred}
            onClick={() => void judge(verdict)}
          >
            {t(verdict)}
          </button>
        ))}
      </fieldset>
      {given && <span class="verdict-by">{given.by}</span>}
      {problem !== '' && (
        <span class="problem" role="alert">
          {t('judgeFailed')}: {problem}
        </span>
      )}
    </div>
  );
}
