import type { StepTick } from '../../../../core/incident-work.ts';
import type { Text } from '../../../../core/text.ts';
import type { IncidentView } from '../../../incident-wire.ts';
import { gatewayNow, picture } from '../feed.ts';
import { momentText } from '../format.ts';
import { tickStep } from '../incident-acts.ts';
import { say, t } from '../language.ts';
import { may } from '../session.ts';
import { useAction } from '../use-action.ts';
import { Problem } from './problem.tsx';

interface IncidentStepsProps {
  readonly view: IncidentView;
  readonly onDone: () => void;
}

/** The standard operating steps of an incident, to be ticked; each tick with who did it and when. */
export function IncidentSteps({ view: { id, checklist, work, alarms }, onDone }: IncidentStepsProps) {
  const { busy, problem, run } = useAction();
  const barred = busy || picture.link !== 'online' || !may('operator') || work.stage === 'closed';
  const tick = async (alarm: string, step: number, done: boolean) => {
    if (await run(() => tickStep(id, alarm, step, done))) onDone();
  };
  return (
    <section class="detail-part" aria-label={t('checklist')}>
      <h3>{t('checklist')}</h3>
      {checklist.length === 0 && <p class="empty-line">{t('noSteps')}</p>}
      {checklist.map(({ alarm, steps }) => (
        <div key={alarm}>
          {checklist.length > 1 && (
            <h4>{say(alarms.find((one) => one.id === alarm)?.message ?? { zh: alarm, en: alarm })}</h4>
          )}
          <ol class="steps">
            {steps.map((text, step) => (
              <Step
                key={text.en}
                text={text}
                done={work.ticks.find((one) => one.alarm === alarm && one.step === step)}
                barred={barred}
                onTick={(done) => void tick(alarm, step, done)}
              />
            ))}
          </ol>
        </div>
      ))}
      <Problem text={problem} />
    </section>
  );
}

interface StepProps {
  readonly text: Text;
  readonly done: StepTick | undefined;
  readonly barred: boolean;
  readonly onTick: (done: boolean) => void;
}

function Step({ text, done, barred, onTick }: StepProps) {
  return (
    <li>
      <label>
        <input
          type="checkbox"
          checked={done !== undefined}
          disabled={barred}
          onChange={({ currentTarget }) => onTick(currentTarget.checked)}
        />{' '}
        {say(text)}
      </label>
      {done && (
        <span class="asset-id">
          {momentText(done.at, gatewayNow())} · {done.by}
        </span>
      )}
    </li>
  );
}
