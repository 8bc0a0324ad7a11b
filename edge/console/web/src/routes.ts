import { useEffect, useState } from 'preact/hooks';

/** Where the page stands: `#/<name>/<argument>/<argument>…?<how>`. */
export interface Route {
  readonly name: string;
  /** The first argument, decoded; empty when absent. */
  readonly argument: string;
  /** All of them. */
  readonly all: readonly string[];
  /** How it is looked at. */
  readonly how: URLSearchParams;
}

/** Address of a place in the page; arguments may contain slashes. */
export const href = (name: string, ...all: readonly string[]): string =>
  `#/${[name, ...all.filter((argument) => argument !== '').map(encodeURIComponent)].join('/')}`;

function parse(hash: string): Route {
  const [path = '', how] = hash.split('?', 2);
  const [, name = '', ...all] = path.split('/');
  const decoded = all.map(textOf).filter((argument) => argument !== '');
  return { name: name || 'overview', argument: decoded[0] ?? '', all: decoded, how: new URLSearchParams(how) };
}

function textOf(argument: string): string {
  try {
    return decodeURIComponent(argument);
  } catch {
    return '';
  }
}

/** The current place; draws again when it changes. */
export function useRoute(): Route {
  const [route, setRoute] = useState(() => parse(location.hash));
  useEffect(() => {
    const follow = () => setRoute(parse(location.hash));
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return route;
}
