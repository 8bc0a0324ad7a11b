import { z } from 'zod';
import { suggest } from '../../core/suggest.ts';

const common = ['prefix', 'gateway', 'city', 'district', 'grid', 'utility', 'asset'];
/** What can stand in the topic of an event. */
export const eventPlaces = [...common, 'type', 'priority'];
/** What can stand in the topic of values. */
export const valuePlaces = [...common, 'role', 'device', 'point'];

export const defaultTopics = {
  events: '{prefix}/{gateway}/events/{utility}/{asset}',
  values: '{prefix}/{gateway}/data/{device}',
};

/** Stands in a level for which there is nothing. */
const nameless = '-';
const maxTemplateLength = 512;
const place = /\{([^{}]*)\}/g;

/** Names of the places of a template. */
export const placesOf = (template: string): ReadonlySet<string> =>
  new Set([...template.matchAll(place)].map(([, name]) => name as string));

/** A topic with places in braces, which can be those given. */
export function topicTemplate(places: readonly string[]) {
  return z
    .string()
    .max(maxTemplateLength)
    .check((context) => {
      const message = faultOf(context.value, places);
      if (message !== undefined) context.issues.push({ code: 'custom', input: context.value, message });
    });
}

/** Levels must have something, no wildcards, and the first no `$`, which brokers keep for themselves (MQTT 5 §4.7). */
function faultOf(template: string, places: readonly string[]): string | undefined {
  const stranger = [...placesOf(template)].find((name) => !places.includes(name));
  if (stranger !== undefined) {
    const near = suggest(stranger, places);
    const known = places.map((name) => `{${name}}`).join(' ');
    return `there is no {${stranger}} here; ${near === undefined ? `there are ${known}` : `did you mean {${near}}?`}`;
  }
  const fixed = template.replace(place, 'x');
  if (/[+#{}\0]/.test(fixed)) return 'expected a topic without "+", "#" and single braces';
  if (fixed.split('/').includes('')) return 'expected topic levels that are not empty, without outer slashes';
  return fixed.startsWith('$') ? 'expected a topic that does not begin with "$", which is the broker’s own' : undefined;
}

/** The topic of a template. A value is one level or a part of one; the prefix alone may be several. */
export function fillTopic(template: string, values: Readonly<Record<string, string | undefined>>): string {
  const filled = template.replace(place, (_, name: string) => {
    const value = values[name] || nameless;
    return name === 'prefix' ? value : level(value);
  });
  return filled.replace(/^\$/, '_');
}

/** A name as one topic level: what MQTT forbids there (MQTT 3.1.1 §4.7) becomes `_`. */
const level = (name: string): string => name.replace(/[/+#\0]/g, '_');
