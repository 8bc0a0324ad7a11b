import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { CommandView } from '../../../wire.ts';
import { command } from '../commands.ts';
import { gatewayNow, picture, refusalText } from '../feed.ts';
import { momentText } from '../format.ts';
import { t } from '../language.ts';
import type { OutputView, TagView } from '../model.ts';
import { allowedText, fits, statesOf } from '../output-values.ts';
import { type Reading, valueText } from '../reading.ts';
import { useAction } from '../use-action.ts';
import { Problem } from './problem.tsx';
import { SureButton } from './sure-button.tsx';
import { TextLine } from './text-line.tsx';

interface OutputFormProps {
  readonly output: OutputView;
  readonly tag: TagView;
  readonly name: string;
  /** What stands now. */
  readonly reading: Reading;
}

/** Sets one output: the value and why, then old and new for a second yes; what became of it, and the way back. */
export function OutputForm({ output, tag, name, reading }: OutputFormProps) {
  const [typed, type] = useState('');
  const [why, setWhy] = useState('');
  const [ended, end] = useState<CommandView>();
  const { busy, problem, run } = useAction();
  const place = useRef<HTMLFieldSetElement>(null);
  useLayoutEffect(() => place.current?.querySelector<HTMLElement>('input, select')?.focus(), []);
  const wanted = typed.trim() === '' ? Number.NaN : Number(typed);
  const isAllowed = fits(output, wanted);
  const shown = (value: number) => `${valueText(tag, value)} ${reading.unit}`.trimEnd();
  const old = `${reading.text} ${reading.unit}`.trimEnd();
  const question = (value: number) => `${t('writeQuestion')} ${name}: ${old} → ${shown(value)}`;
  const send = (value: number, reason: string) => {
    if (busy) return;
    void run(async () => end(await command({ tag: tag.name, value, why: reason })));
  };
  const barred = picture.link !== 'online';
  const before = ended?.outcome === 'done' && ended.before !== null && fits(output, ended.before) ? ended.before : null;
  return (
    <fieldset class="tag-form output-form" ref={place} aria-label={`${t('setOutput')}: ${name}`}>
      <ValueField {...{ output, tag, typed, unit: reading.unit }} onType={type} />
      <TextLine label={t('reason')} value={why} most={200} onValue={setWhy} />
      <SureButton
        name={t('write')}
        of={name}
        question={isAllowed ? question(wanted) : ''}
        disabled={barred || !isAllowed || why.trim() === ''}
        onSure={() => send(wanted, why.trim())}
      />
      {before !== null && (
        <SureButton
          name={`${t('putBack')} ${shown(before)}`}
          of={name}
          question={question(before)}
          disabled={barred}
          onSure={() => send(before, `${t('undone')}${why.trim()}`.slice(0, 200))}
        />
      )}
      {typed.trim() !== '' && !isAllowed && <Problem text={`${t('beyondAllowed')}: ${allowedText(output)}`} />}
      <span role="status">
        {busy && t('writing')}
        {!busy &&
          ended?.outcome === 'done' &&
          `${t('written')} ${shown(ended.readBack ?? Number.NaN)} · ${momentText(ended.at, gatewayNow())}`}
      </span>
      <Problem text={problem || (!busy && ended?.problem ? refusalText(ended.problem) : '')} />
    </fieldset>
  );
}

interface ValueFieldProps {
  readonly output: OutputView;
  readonly tag: TagView;
  readonly unit: string;
  readonly typed: string;
  readonly onType: (typed: string) => void;
}

/** States to choose among by their names; else a number in the point's unit. */
function ValueField({ output, tag, unit, typed, onType }: ValueFieldProps) {
  const label = `${t('newValue')} ${unit}`.trimEnd();
  const states = statesOf(output, tag);
  if (states.length === 0)
    return (
      <input
        type="number"
        step={output.whole ? 1 : 'any'}
        min={output.low ?? undefined}
        max={output.high ?? undefined}
        aria-label={label}
        placeholder={label}
        value={typed}
        onInput={({ currentTarget }) => onType(currentTarget.value)}
      />
    );
  return (
    <select aria-label={label} value={typed} onChange={({ currentTarget }) => onType(currentTarget.value)}>
      <option value="">{t('choose')}</option>
      {states.map(([state, word]) => (
        <option key={state} value={state}>
          {word}
        </option>
      ))}
    </select>
  );
}
