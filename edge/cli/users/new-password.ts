import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** A password as it is typed, twice and unseen on a terminal; else the first line of stdin. */
export async function newPassword(name: string): Promise<string> {
  if (!process.stdin.isTTY) {
    for await (const line of createInterface({ input: process.stdin })) return line;
    return '';
  }
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: unseen, terminal: true });
  const ask = async (question: string) => {
    process.stderr.write(question);
    const answer = await terminal.question('');
    process.stderr.write('\n');
    return answer;
  };
  try {
    for (;;) {
      const password = await ask(`Password of ${name}: `);
      if (password === (await ask('Again: '))) return password;
      console.error('they differ');
    }
  } finally {
    terminal.close();
  }
}
