import type { Text } from '../../../core/text.ts';
import { unitSign } from '../../../core/unit-sign.ts';
import type { IncidentView } from '../../incident-wire.ts';
import type { AlarmView } from '../../wire.ts';
import { incidentLines } from './incident-lines.ts';
import type { City } from './model.ts';
import { type TextKey, texts } from './texts.ts';

/** A table of the sheet; its first row is the head where it has one. */
export interface SheetTable {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Everything about one incident, in one language, as it is printed. */
export interface IncidentSheet {
  readonly title: string;
  /** Of which gateway, which incident, in which zone its times are. */
  readonly under: string;
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly tables: readonly SheetTable[];
}

/** What a sheet is made with. */
export interface SheetHost {
  readonly city: City;
  readonly language: keyof Text;
  /** Of the IANA database, in which times are told. */
  readonly timeZone: string;
}

/** The sheet of an incident: what happened and why, what is to be done and was, on what it rests. */
export function incidentSheet(view: IncidentView, host: SheetHost): IncidentSheet {
  const { city, language, timeZone } = host;
  const word = (key: TextKey) => texts[key][language];
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  const moment = (ms: number | null | undefined) => (typeof ms === 'number' ? format.format(ms) : '');
  const teller: Teller = { city, language, word, moment };
  const { id: gateway, name } = city.view.gateway;
  const tables = [stepsOf(view, teller), alarmsOf(view, teller), evidenceOf(view, teller), linesOf(view, teller)];
  return {
    title: view.message[language],
    under: [
      `${word('sheetOf')} ${view.id}`,
      [gateway, name].filter(Boolean).join(' '),
      `${word('sheetTimes')} ${timeZone}`,
    ].join(' · '),
    facts: factsOf(view, teller).filter(([, value]) => value !== ''),
    tables: tables.filter(({ rows }) => rows.length > 0),
  };
}

interface Teller extends Pick<SheetHost, 'city' | 'language'> {
  word(key: TextKey): string;
  moment(ms: number | null | undefined): string;
}

type Facts = IncidentSheet['facts'];

function factsOf(view: IncidentView, { language, word, moment }: Teller): Facts {
  const { riskLevel, stage, crew, openedAt, endedAt, standing, consequence, cases } = view;
  const root = view.alarms.find(({ id }) => id === view.root);
  const cut = view.alarms.length < view.members ? ` (${word('membersShown')} ${view.alarms.length})` : '';
  return [
    [word('riskLevel'), riskLevel],
    [word('workStage'), [word(`work-${stage}`), crew].filter(Boolean).join(' · ')],
    [word('opened'), moment(openedAt)],
    [word('over'), endedAt === null ? `${word('stillStands')}: ${standing}` : moment(endedAt)],
    [word('alarms'), `${view.members}${cut}`],
    ...cases.map(
      ({ number, stage: of, unit }) =>
        [word('cityCase'), [number, word(`stage-${of}`), unit].filter(Boolean).join(' · ')] as const,
    ),
    [word('cause'), root?.cause[language] ?? ''],
    [word('consequence'), consequence?.[language] ?? ''],
    [word('response'), root?.response[language] ?? ''],
  ];
}

function stepsOf({ checklist, work, alarms }: IncidentView, { language, word, moment }: Teller): SheetTable {
  const rows = checklist.flatMap(({ alarm, steps }) => {
    const about = alarms.find(({ id }) => id === alarm)?.message[language] ?? alarm;
    return steps.map((step, index) => {
      const tick = work.ticks.find((one) => one.alarm === alarm && one.step === index);
      const done = tick ? `${moment(tick.at)} ${tick.by}` : '';
      return [tick ? '☑' : '☐', `${index + 1}. ${step[language]}`, ...(checklist.length > 1 ? [about] : []), done];
    });
  });
  const about = checklist.length > 1 ? [word('lineOpened')] : [];
  return { title: word('checklist'), head: ['', word('checklist'), ...about, word('doneBy')], rows };
}

/** In the order in which they came; the root is marked. */
function alarmsOf({ alarms, root }: IncidentView, { language, word, moment }: Teller): SheetTable {
  const rows = alarms.map(
    ({ id, message, priority, safety, state, raisedAt, acknowledgedAt, acknowledgedBy }, index) => [
      `${index + 1}`,
      moment(raisedAt),
      `${message[language]}${id === root ? ` (${word('rootCause')})` : ''}`,
      [safety ? word('safety') : '', word(priority)].filter(Boolean).join(' · '),
      Object.hasOwn(texts, state) ? word(state as TextKey) : state,
      [moment(acknowledgedAt), acknowledgedBy ?? ''].filter(Boolean).join(' '),
    ],
  );
  const head = ['', word('lineOpened'), word('firstOut'), word('priority'), word('state'), word('work-acknowledged')];
  return { title: word('alarms'), head, rows };
}

function evidenceOf({ alarms }: IncidentView, { city, language, word }: Teller): SheetTable {
  const named = (tag: string) => {
    const point = city.pointOf.get(tag);
    const derived = Object.hasOwn(texts, tag) ? word(tag as TextKey) : tag;
    return point ? `${point.asset.name ?? point.asset.id} ${point.meaning?.name[language] ?? ''} (${tag})` : derived;
  };
  const figure = (value: number | null, unit: string) =>
    value === null ? '–' : `${Number(value.toPrecision(4))} ${unitSign(unit)}`.trimEnd();
  const of = ({ finding }: AlarmView, index: number) =>
    finding.evidence.map(({ tag, observed, expected, unit, windowS }) => [
      `${index + 1}`,
      named(tag),
      figure(observed, unit),
      figure(expected, unit),
      windowS ? `${windowS} s` : word('instant'),
    ]);
  const head = ['', word('quantity'), word('observed'), word('expected'), word('window')];
  return { title: word('evidence'), head, rows: alarms.flatMap(of) };
}

function linesOf(view: IncidentView, { language, word, moment }: Teller): SheetTable {
  const rows = incidentLines(view).map(({ at, did, about, by }) => [moment(at), did[language], about[language], by]);
  return { title: word('timeLine'), head: [], rows };
}
