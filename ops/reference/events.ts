import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventTypes } from '../../edge/core/event.ts';
import { defaultTopics } from '../../edge/upstream/mqtt-json/topic-template.ts';
import { head, type Page, repository, table } from './page.ts';

const roads = [
  ['`mqtt-json`', `topic \`${defaultTopics.events}\`, or \`topics.events\``, 'one CloudEvent, QoS 1'],
  ['`nats`', 'subject `<prefix>.<gateway>.events.<utility>.<district>.<asset>`', 'one CloudEvent'],
  [
    '`webhook`',
    'its `url`',
    'CloudEvents, one or a batch; with `mapping` a case of its own for each event that `actions` names',
  ],
];

/** Fields of `data`, by what the event is about. */
const fields = [
  [
    'alarms, incidents',
    '`asset`, `utility`, `kind`, `grid`, `location`',
    'what it is about and where: cell code, degrees of longitude and latitude',
  ],
  [
    'alarms, incidents',
    '`priority`, `riskLevel`, `safety`, `eventClass`',
    'how grave; the class of GB/T 30428.2, or null',
  ],
  ['alarms, incidents', '`message`, `cause`, `response`', '`{zh, en}`'],
  [
    'alarms, incidents',
    '`state`, `active`, `value`, `limit`, `unit`, `evidence`',
    'how the alarm stands, and on what it rests: `{tag, observed, expected, unit, windowS}`',
  ],
  ['alarms, incidents', '`raisedAt`, `acknowledgedAt`, `acknowledgedBy`, `clearedAt`', 'ms since epoch, or null'],
  ['alarms', '`incident`', 'id of the incident it belongs to, or null'],
  [
    'incidents',
    '`incident`, `members`, `openedAt`, `endedAt`',
    'its id, ids of its alarms (`asset/kind`) in the order in which they came, when it began, when nothing of it stood any more',
  ],
  ['incidents', '`riskLevel`', 'the gravest of what stands'],
  [
    'incidents',
    '`work`',
    '`{stage, entries, ticks}`: `open`, `acknowledged`, `dispatched` or `closed`; the last 100 lines of who did what; steps that are done, from 0',
  ],
  ['work on incidents', '`by`, `note`', 'who did it, and what they said; the gateway signs what it does itself'],
  ['`incident.dispatched`', '`to`', 'the crew'],
  [
    '`incident.reopened`',
    '`why`, `alarm`',
    '`new-alarm`, `raised-again`, `graver` or `person`, and the alarm that came',
  ],
  ['`incident.step-done`, `incident.step-undone`', '`alarm`, `step`', 'whose step, and which, from 0'],
];

/** Every event that goes upstream, and where it goes. */
export const eventsPage: Page = {
  file: 'ops/docs/reference/events.md',
  async render() {
    const golden = join(repository, 'tests/upstream/golden/incident-work.json');
    const cases = JSON.parse(readFileSync(golden, 'utf8')) as readonly { readonly type: string }[];
    const dispatched = cases.find(({ type }) => type.endsWith('.incident.dispatched'));
    const introduction = [
      'What a gateway journals and forwards. Each is a CloudEvent 1.0: `id` is `<gateway>/<stream>/<epoch>/<sequence>` and never comes back with other content, `source` `lifeline/<gateway>`,',
      '`type` one of those below with `city.lifeline.` before it, `subject` the asset, device or gateway, `time` in UTC. Receivers keep ids: an event may come more than once.',
    ].join('\n');
    const types = Object.entries(eventTypes).map(([type, tells]) => [`\`${type}\``, tells]);
    return [
      head('Events', 'edge/core/event.ts', introduction),
      '## Where they go\n',
      table(['Sink', 'Where', 'As'], roads),
      'An event of an incident is in the words of its root and goes where that alarm goes. `sparkplug` and `opcua` carry values alone; `people` tells of alarms.\n',
      '## Types\n',
      table(['Type', 'Tells that'], types),
      '## Fields of `data`\n',
      table(['Of', 'Fields', 'What'], fields),
      'More fields may come; none changes its meaning. An incident that somebody was sent to:\n',
      `\`\`\`json\n${JSON.stringify(dispatched, null, 2)}\n\`\`\`\n`,
    ].join('\n');
  },
};
