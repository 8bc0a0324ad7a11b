import { version } from '../../edge/cli/installation.ts';
import { openApi } from '../../edge/console/openapi.ts';
import { consoleRoutes, firstStartRegistry, type RegistryParts } from '../../edge/console/registry.ts';
import { head, type Page, table } from './page.ts';

/** The routes as they are declared; nothing is asked of what they answer from. */
const routes = consoleRoutes({ source: {} } as RegistryParts);
const firstRoutes = firstStartRegistry({ version } as Parameters<typeof firstStartRegistry>[0]);

/** The description of the console's interface for programs. */
export const openApiPage: Page = {
  file: 'ops/docs/reference/openapi.json',
  render: async () => `${JSON.stringify(openApi(routes, version), null, 2)}\n`,
};

/** The same of a gateway that has no configuration yet. */
export const firstStartApiPage: Page = {
  file: 'ops/docs/reference/openapi-first-start.json',
  render: async () => `${JSON.stringify(openApi(firstRoutes, version), null, 2)}\n`,
};

/** The same for people: what there is, and who may. */
export const consoleApiPage: Page = {
  file: 'ops/docs/reference/console-api.md',
  async render() {
    const introduction = [
      'Every route of a gateway’s console, with the least role or scope of a token that it asks for; `open` answers whoever reaches it.',
      'Shapes of queries and bodies are in [openapi.json](openapi.json), which a gateway serves at `/api/openapi.json` too. How to get a token:',
      '[Sign in, and let scripts in](../how-to/look-after-accounts.md).',
    ].join('\n');
    const own = firstRoutes.filter(({ path }) => !routes.some((route) => route.path === path));
    const first = [
      '## Before there is a configuration',
      '',
      'A gateway without `gateway.yaml` answers on loopback alone: accounts, sessions and `/api/point-table` as above, and these',
      '([openapi-first-start.json](openapi-first-start.json)). It has no others then, and these no longer once it runs.',
    ].join('\n');
    const title = head('Routes of the console', 'the routes in edge/console', introduction);
    return [title, tableOf(routes), first, '', tableOf(own)].join('\n');
  },
};

function tableOf(shown: typeof routes): string {
  const rows = shown.map(({ method, path, policy, summary = '', query, body }) => {
    const fields = Object.keys(((query ?? body) as { shape?: object } | undefined)?.shape ?? {});
    return [method, `\`${path}\``, policy, summary, fields.map((name) => `\`${name}\``).join(', ')];
  });
  return table(['Method', 'Path', 'Least', 'What for', 'Fields'], rows);
}
