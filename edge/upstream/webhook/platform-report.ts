import type { LifelineError } from '../../core/errors.ts';
import type { OrderContent } from '../../core/order.ts';
import { both } from '../../core/text.ts';
import type { CallBackContent } from '../call-back.ts';
import { callBackErrors, ofCallBack } from '../errors.ts';
import { textAt } from '../json-text.ts';
import type { CallBackSpec } from './call-back-spec.ts';

const maxNameLength = 200;
const maxNoteLength = 2_000;

/** Whose reports they are, for texts and to tell cases of this gateway from others. */
interface Addressee {
  readonly sink: string;
  readonly gateway: string;
}

/** What a platform's report about a case asks for, by the mapping; a coded error where it asks for nothing. */
export function readReport(
  body: unknown,
  spec: CallBackSpec,
  { sink, gateway }: Addressee,
): CallBackContent | LifelineError {
  const { fields } = spec;
  const refuse = (code: 'UNREADABLE' | 'STATUS' | 'CASE', en: string, zh: string) =>
    callBackErrors.create(code, ofCallBack(sink, both(en, zh)));
  const text = (field: keyof CallBackSpec['fields']) => textAt(body, fields[field]);
  const [named, status] = [text('case'), text('status')];
  if (named === undefined || status === undefined) {
    const field = named === undefined ? fields.case : fields.status;
    return refuse('UNREADABLE', `no text in "${field}"`, `“${field}”中没有文本`);
  }
  const [id, number, unit, note, by] = [text('id'), text('number'), text('unit'), text('note') ?? '', text('by')];
  const long = [named, status, id, number, unit, by].some(
    (value) => value !== undefined && value.length > maxNameLength,
  );
  if (long || note.length > maxNoteLength)
    return refuse(
      'UNREADABLE',
      `a text longer than ${maxNameLength}, or a note longer than ${maxNoteLength}`,
      `有文本超过 ${maxNameLength} 个字符，或备注超过 ${maxNoteLength} 个字符`,
    );
  const about = alarmOf(named, gateway);
  if (!about)
    return refuse('CASE', `${JSON.stringify(named)} is no case of ${gateway}`, `“${named}”不是 ${gateway} 的案件`);
  const meaning = Object.hasOwn(spec.meanings, status) ? spec.meanings[status] : undefined;
  if (meaning === undefined)
    return refuse(
      'STATUS',
      `the mapping has no meaning for status ${JSON.stringify(status)}`,
      `映射中没有状态“${status}”的含义`,
    );
  if (meaning === 'comment' && note === '')
    return refuse('UNREADABLE', `a comment without a text in "${fields.note}"`, `备注在“${fields.note}”中没有文本`);
  const order: OrderContent =
    meaning === 'acknowledge'
      ? { kind: 'acknowledge', ...about }
      : meaning === 'comment'
        ? { kind: 'comment', ...about, text: note }
        : { kind: 'case-status', ...about, case: number ?? named, stage: meaning, unit, note };
  return { id, by: by ?? sink, order };
}

/** `<gateway>/<asset>/<kind>/<raisedAt>`, as `{case}` gives it. */
function alarmOf(named: string, gateway: string): { readonly alarm: string; readonly raisedAt: number } | undefined {
  if (!named.startsWith(`${gateway}/`)) return undefined;
  const [, alarm, raisedAt] = /^(.+\/[^/]+)\/(\d{1,15})$/.exec(named.slice(gateway.length + 1)) ?? [];
  return alarm === undefined ? undefined : { alarm, raisedAt: Number(raisedAt) };
}
