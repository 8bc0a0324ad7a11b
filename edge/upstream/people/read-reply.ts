import type { LifelineError } from '../../core/errors.ts';
import { both } from '../../core/text.ts';
import type { CallBackContent } from '../call-back.ts';
import { callBackErrors, ofCallBack } from '../errors.ts';
import { textAt } from '../json-text.ts';
import { codeIn } from './reply-codes.ts';

const maxTextLength = 200;

/** A reply as a gateway of messages hands it on, `{text, from?, id?}`: the code is the number of six digits in the text. */
export function readReply(body: unknown, sink: string): CallBackContent | LifelineError {
  const [text, from, id] = ['text', 'from', 'id'].map((key) => textAt(body, key)?.slice(0, maxTextLength));
  const code = text === undefined ? undefined : codeIn(text);
  if (code === undefined)
    return callBackErrors.create(
      'UNREADABLE',
      ofCallBack(sink, both('no code of six digits in "text"', '“text”中没有六位数字的代码')),
    );
  return { id, by: from ?? sink, order: { kind: 'reply', code, from } };
}
