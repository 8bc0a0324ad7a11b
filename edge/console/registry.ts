import type { AuditLog } from '../core/audit.ts';
import type { Clock } from '../core/clock.ts';
import type { Accounts } from './access/accounts.ts';
import type { Door } from './access/door.ts';
import { accessRoutes } from './access/routes.ts';
import { alarmRoutes } from './alarm-routes.ts';
import type { ConsoleSource } from './api.ts';
import { auditRoutes } from './audit-routes.ts';
import { callBackRoutes } from './call-back-routes.ts';
import type { ConsoleCertificates } from './certificate-api.ts';
import { certificateRoutes, type OwnCertificate } from './certificate-routes.ts';
import { commandRoutes } from './command-routes.ts';
import type { ConsoleConfiguration } from './configuration-api.ts';
import { configurationRoutes } from './configuration-routes.ts';
import { deadLetterRoutes } from './dead-letter-routes.ts';
import { detectionRoutes } from './detection-routes.ts';
import { enquiryRoutes } from './enquiry-routes.ts';
import type { ConsoleFirstStart } from './first-start-api.ts';
import { firstStartRoutes } from './first-start-routes.ts';
import { healthRoutes } from './health-routes.ts';
import { incidentRoutes } from './incident-routes.ts';
import { offerRoutes } from './offer-routes.ts';
import type { ConsoleOffers } from './offers-api.ts';
import { openApi } from './openapi.ts';
import { type ConsoleRoute, route } from './route.ts';
import { apiRoutes } from './routes.ts';
import { type ReadTruth, truthRoutes } from './truth-routes.ts';

/** What the routes answer from. */
export interface RegistryParts {
  readonly source: ConsoleSource;
  readonly door: Door;
  readonly accounts: Accounts;
  readonly audit: AuditLog;
  /** Left out where the gateway was not started from files. */
  readonly configuration?: ConsoleConfiguration | undefined;
  readonly certificates?: ConsoleCertificates | undefined;
  readonly own: OwnCertificate;
  readonly clock: Clock;
  readonly offers?: ConsoleOffers | undefined;
  readonly truth?: ReadTruth | undefined;
}

/** Every route of the console's interface, in the order of its description. */
export function consoleRoutes({
  source,
  door,
  accounts,
  audit,
  configuration,
  certificates,
  own,
  clock,
  offers,
  truth,
}: RegistryParts): readonly ConsoleRoute[] {
  const routes: readonly ConsoleRoute[] = [
    ...apiRoutes(source),
    ...alarmRoutes(source),
    ...incidentRoutes(source.incidents),
    ...detectionRoutes(source),
    ...deadLetterRoutes(source),
    ...callBackRoutes(source),
    ...commandRoutes(source, clock),
    ...enquiryRoutes(source),
    ...accessRoutes(door, accounts),
    ...auditRoutes(audit),
    ...configurationRoutes(configuration),
    ...certificateRoutes({ certificates, own, clock }),
    ...offerRoutes(offers),
    ...truthRoutes(truth),
    ...healthRoutes(source),
    descriptionRoute(() => openApi(routes, source.description.gateway.version)),
  ];
  return routes;
}

interface FirstStartParts {
  readonly firstStart: ConsoleFirstStart;
  readonly door: Door;
  readonly accounts: Accounts;
  readonly version: string;
}

/** Every route of the interface of a gateway that has no configuration yet. */
export function firstStartRegistry({ firstStart, door, accounts, version }: FirstStartParts): readonly ConsoleRoute[] {
  const routes: readonly ConsoleRoute[] = [
    ...accessRoutes(door, accounts, { firstStart: true }),
    ...firstStartRoutes(firstStart),
    descriptionRoute(() => openApi(routes, version)),
  ];
  return routes;
}

const descriptionRoute = (answer: () => unknown): ConsoleRoute =>
  route({
    ...{ method: 'GET', path: '/api/openapi.json', policy: 'viewer' },
    ...{ summary: 'This description', answer },
  });
