import { useEffect, useState } from 'preact/hooks';

/** Where the page stands: `#/<name>/<argument>`. */
export interface Route {
  readonly name: string;
  /** Decoded, empty when absent. */
  readonly argument: string;
}

/** Address of a place in the page; the argument may contain slashes. */
export const href = (name: string, argument = ''): string =>
  argument === '' ? `#/${name}` : `#/${name}/${encodeURIComponent(argument)}`;

function parse(hash: string): Route {
  const [, name = '', argument = ''] = hash.split('/');
  try {
    return { name: name || 'overview', argument: decodeURIComponent(argument) };
  } catch {
    return { name, argument: '' };
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
