import { calculatedPointsPage } from './calculated-points.ts';
import { consoleApiPage, firstStartApiPage, openApiPage } from './console-api.ts';
import { errorsPage } from './errors.ts';
import { eventsPage } from './events.ts';
import { gatewayYamlPage } from './gateway-yaml.ts';
import { networkJsonPage } from './network-json.ts';
import type { Page } from './page.ts';
import { pointTablePage } from './point-table.ts';
import { citySchemaPage, happeningsPage, scenarioSchemaPage } from './scenarios.ts';
import { schemaPage } from './schema.ts';

/** Every generated file. */
export const pages: readonly Page[] = [
  errorsPage,
  schemaPage,
  gatewayYamlPage,
  pointTablePage,
  calculatedPointsPage,
  scenarioSchemaPage,
  citySchemaPage,
  happeningsPage,
  networkJsonPage,
  eventsPage,
  consoleApiPage,
  openApiPage,
  firstStartApiPage,
];
