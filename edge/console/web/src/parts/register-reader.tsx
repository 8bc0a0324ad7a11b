import { useState } from 'preact/hooks';
import {
  type EnquiryAnswer,
  maxRegistersAsked,
  type RegisterEnquiry,
  type RegisterReading,
} from '../../../../core/enquiry.ts';
import { askDevice } from '../feed.ts';
import { momentText, numberText } from '../format.ts';
import { say, t } from '../language.ts';
import { useAction } from '../use-action.ts';
import { Field } from './field.tsx';
import { Problem } from './problem.tsx';

type Answer = Extract<EnquiryAnswer, { kind: 'registers' }>;

const tables: readonly RegisterEnquiry['table'][] = ['holding', 'input', 'coil', 'discrete'];
/** From here on a reading looks like a physical value. */
const looksRight = 0.5;
const numberSize = 7;

/** Reads a stretch of registers twice, and shows what every type and order makes of it. */
export function RegisterReader({ device }: { device: string }) {
  const [table, setTable] = useState<RegisterEnquiry['table']>('holding');
  const [address, setAddress] = useState('0');
  const [count, setCount] = useState('2');
  const [unit, setUnit] = useState('');
  const [answer, setAnswer] = useState<Answer>();
  const { busy, problem, run } = useAction();
  const read = async () => {
    setAnswer(undefined);
    const enquiry = { table, address: Number(address), count: Number(count), unit };
    const told = await askDevice(device, { kind: 'registers', ...enquiry });
    if (told.kind === 'registers') setAnswer(told);
  };
  return (
    <>
      <form
        class="form-line"
        aria-label={t('readRegisters')}
        onSubmit={(event) => {
          event.preventDefault();
          void run(read);
        }}
      >
        <label class="field">
          <span>{t('registerTable')}</span>
          <select
            value={table}
            onChange={({ currentTarget }) => setTable(tables.find((one) => one === currentTarget.value) ?? 'holding')}
          >
            {tables.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        </label>
        <Field label={t('registerAddress')} value={address} onValue={setAddress} type="number" />
        <Field
          label={`${t('registerCount')} (1–${maxRegistersAsked})`}
          value={count}
          onValue={setCount}
          type="number"
        />
        <Field label={t('registerUnit')} value={unit} onValue={setUnit} optional />
        <button type="submit" class="button" disabled={busy}>
          {t('readTwice')}
        </button>
        <Problem text={problem} />
      </form>
      {answer && <Readings answer={answer} />}
    </>
  );
}

const hex = (cells: readonly number[]) =>
  cells.map((cell) => cell.toString(16).toUpperCase().padStart(4, '0')).join(' ');

function Readings({ answer: { before, cells, readings } }: { answer: Answer }) {
  return (
    <>
      <p class="panel-line" role="status">
        {t('onTheWire')}: <code>{hex(before)}</code> → <code>{hex(cells)}</code>
      </p>
      {readings.length > 0 && (
        <table class="table reading-table">
          <thead>
            <tr>
              <th scope="col">{t('readingType')}</th>
              <th scope="col">{t('readingOrder')}</th>
              <th scope="col" class="numeric">
                {t('readingScale')}
              </th>
              <th scope="col" class="numeric">
                {t('readingBefore')}
              </th>
              <th scope="col" class="numeric">
                {t('readingNow')}
              </th>
              <th scope="col">{t('readingWhy')}</th>
            </tr>
          </thead>
          <tbody>
            {readings.map((reading) => (
              <ReadingRow key={`${reading.type} ${reading.order}`} reading={reading} />
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function ReadingRow({ reading: { type, order, scale, values, before, score, why } }: { reading: RegisterReading }) {
  const text = (all: RegisterReading['values']) => all.map((value) => valueText(type, value, scale)).join(', ');
  return (
    <tr>
      <th scope="row">{type}</th>
      <td>{order}</td>
      <td class="numeric">{scale === 1 ? '' : scale}</td>
      <td class="numeric">{text(before)}</td>
      <td class="numeric">{text(values)}</td>
      <td>
        {score >= looksRight ? <strong>{t('looksRight')}</strong> : t('looksWrong')} {numberText(score, 2)} · {say(why)}
      </td>
    </tr>
  );
}

function valueText(type: string, value: number | string, scale: number): string {
  if (typeof value === 'string') return value;
  return type.startsWith('time-') ? momentText(value, 0) : String(Number((value * scale).toPrecision(numberSize)));
}
