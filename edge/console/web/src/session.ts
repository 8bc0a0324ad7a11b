import { type ConsoleRole, reaches } from '../../grants.ts';
import { enter, picture, postJson } from './feed.ts';

/** Whether whoever looks at the page may do what asks for that role. */
export const may = (role: ConsoleRole): boolean => reaches(picture.session?.caller.grant ?? 'open', role);

/** Whether somebody has signed in with an account of their own. */
export const hasAccount = (): boolean => picture.session?.caller.way === 'session';

export async function signIn(name: string, password: string): Promise<void> {
  await postJson('/api/sign-in', { name, password });
  enter();
}

/** Makes the first owner and goes in as them. */
export async function makeOwner(token: string, name: string, password: string): Promise<void> {
  await postJson('/api/set-up', { token, name, password });
  location.hash = '#/overview';
  enter();
}

export async function signOut(): Promise<void> {
  await postJson('/api/sign-out', {});
  enter();
}
