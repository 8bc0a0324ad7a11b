import type { DriverSession } from '../../drivers/api.ts';
import type { ConsoleSource } from '../console/api.ts';
import { consoleErrors } from '../console/errors.ts';
import { both, type Text } from '../core/text.ts';

/** Asks devices over the links that poll them, one enquiry of each at a time. */
export function createEnquiries(sessionOf: (device: string) => DriverSession | undefined): ConsoleSource['ask'] {
  const asked = new Set<string>();
  const refused = (device: string, why: Text) =>
    consoleErrors.create('NOT-ASKED', both(`ask ${device}: ${why.en}`, `询问 ${device}：${why.zh}`));
  return async (device, enquiry) => {
    if (asked.has(device)) throw refused(device, both('it is being asked by somebody', '正有人询问'));
    const session = sessionOf(device);
    if (!session) throw refused(device, both('its link does not stand', '链路未建立'));
    asked.add(device);
    try {
      const answer = await session.enquire?.(enquiry);
      if (!answer) throw refused(device, both('its protocol has nothing of the kind', '其协议没有此类内容'));
      return answer;
    } finally {
      asked.delete(device);
    }
  };
}
