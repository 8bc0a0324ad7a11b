import type { LifelineError } from '../../edge/core/errors.ts';
import { both, type Text } from '../../edge/core/text.ts';
import { modbusErrors } from './errors.ts';
import { exceptionText } from './pdu.ts';

/** The device answered a request with a Modbus exception. */
export function refusedBy(exception: number, verb: 'read' | 'write', target: string, places: Text): LifelineError {
  const { zh, en } = exceptionText(exception);
  const text = both(
    `${verb} ${places.en} of ${target}: exception ${en}`,
    `${verb === 'read' ? '读' : '写'} ${target} 的${places.zh}：异常 ${zh}`,
  );
  return modbusErrors.create('EXCEPTION', text);
}
