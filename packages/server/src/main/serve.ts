/** Starts the whole server in order and stops it in reverse. */
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '@tegata/core/crypto';
import { type Random, systemRandom } from '@tegata/core/random';
import { fail, ok, type Result } from '@tegata/core/result';
import { type Clock, systemClock } from '@tegata/core/time/clock';
import { type AuditTrail, createAuditTrail } from '../audit/audit-trail.ts';
import { type Config, issuerFor, plainBaseUrlFor } from '../config/config.ts';
import { createEdge, type Edge } from '../http/edge.ts';
import { createNotFound } from '../http/not-found.ts';
import { securityHeaders } from '../http/security-headers.ts';
import { ensureDataFolder } from '../keys/data-folder.ts';
import type { KeySource } from '../keys/key-source.ts';
import { createPeerReader } from '../net/trusted-proxy.ts';
import { createSetupLink } from '../oauth/interaction/users/setup-link.ts';
import type { Endpoint } from '../ports/endpoint.ts';
import type { Log } from '../ports/log.ts';
import type { NewJob } from '../ports/stores/jobs.ts';
import type { Timer } from '../ports/timer.ts';
import { StoreError } from '../store/store-error.ts';
import { createMetrics, type MetricsRegistry } from '../telemetry/metrics.ts';
import { createMetricsEndpoint } from '../telemetry/metrics-endpoint.ts';
import { addProcessMetrics } from '../telemetry/process-metrics.ts';
import { formatBanner } from './banner.ts';
import { basePathOf, type Composition, compose } from './compose.ts';
import { lockDataFolder } from './data-lock.ts';
import { createLifecycle, type Lifecycle } from './lifecycle.ts';
import { type BoundListener, bind } from './listeners.ts';
import { type Authority, openAuthority } from './open-authority.ts';
import { type Instance, openInstance } from './open-instance.ts';
import { openTls } from './open-tls.ts';
import { startChores } from './periodic.ts';
import type { StartupFault } from './startup-fault.ts';
import { systemTimer } from './system-timer.ts';

export interface ServeOptions {
  readonly version: string;
  readonly log: Log;
  /** `$CREDENTIALS_DIRECTORY` of systemd. */
  readonly credentialsDirectory?: string;
  /** Options to repeat in the commands that the banner shows. */
  readonly commandOptions: readonly string[];
  readonly colour: boolean;
}

export interface RunningServer {
  readonly issuer: string;
  /** Lines for the operator, without line ends. */
  readonly banner: readonly string[];
  /** Stops accepting, finishes what is owed, closes the store. May be called more than once. */
  stop(): Promise<void>;
}

/** What all steps of a start share. */
interface Start extends ServeOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly random: Random;
  readonly metrics: MetricsRegistry;
  readonly lifecycle: Lifecycle;
}

interface Sockets {
  /** Absent when `http.listen` is off. */
  readonly plain: BoundListener | undefined;
  readonly main: BoundListener;
  readonly metrics: BoundListener | undefined;
}

/** Starts a server. When a step fails, what was started before is stopped again and nothing is left behind. */
export async function serve(config: Config, options: ServeOptions): Promise<Result<RunningServer, StartupFault>> {
  const timer = systemTimer;
  const lifecycle = createLifecycle(options.log, timer);
  const metrics = createMetrics();
  const start: Start = { ...options, config, clock: systemClock, timer, random: systemRandom(), metrics, lifecycle };
  try {
    const running = await startInOrder(start);
    if (!running.ok) await lifecycle.stop();
    return running;
  } catch (error) {
    await lifecycle.stop();
    throw error;
  }
}

async function startInOrder(start: Start): Promise<Result<RunningServer, StartupFault>> {
  const { clock, config, lifecycle, log, metrics, random, timer } = start;
  const folder = await ensureDataFolder(config.data);
  if (!folder.ok) return fail({ code: 'data', detail: folder.error.detail });
  const lock = lockDataFolder(config.data);
  if (!lock.ok) return lock;
  lifecycle.onStop('data folder', lock.value.release);
  const bound = await openSockets(start);
  if (!bound.ok) return bound;
  const sockets = bound.value;
  const opened = await openInstance(config, start);
  if (!opened.ok) return opened;
  const instance = opened.value;
  lifecycle.onStop('store', () => instance.store.close());
  const audit = createAuditTrail({ store: instance.store.audit, metrics, log, timer });
  lifecycle.onStop('audit trail', () => audit.close());

  const issuer = issuerFor(config, sockets.main.port);
  const plainBaseUrl = plainBaseUrlFor(config, issuer, sockets.plain?.port ?? 80);
  // The CA hands jobs to a worker that is composed with the CA: between the two nothing can be revoked yet.
  const later: { startJob: (job: NewJob) => void } = { startJob: () => {} };
  const startJob = (job: NewJob) => later.startJob(job);
  const authority = await openAuthority(config, instance, plainBaseUrl, { clock, random, startJob });
  const rootPath = await publishRoot(config.data, authority);
  if (!rootPath.ok) return rootPath;
  const tls = await openTls(config, instance, authority, clock, sockets.main.reload);
  if (!tls.ok) return tls;
  if (tls.value !== undefined) sockets.main.reload(tls.value.credentials);
  const { stopping } = lifecycle;
  const composed = compose({
    config,
    issuer,
    instance,
    authority,
    clock,
    timer,
    random,
    log,
    metrics,
    audit,
    stopping,
  });
  later.startJob = composed.worker.notify;
  await composed.prepare();
  await composed.worker.start();
  lifecycle.onStop('jobs', () => composed.worker.stop(5_000));
  openGates(start, sockets, composed, issuer);
  // Once more, because requests that wait for a job end well only while jobs run: the youngest part stops first.
  lifecycle.onStop('listeners', () => closeAll(sockets));
  const chores = tls.value === undefined ? composed.chores : [...composed.chores, tls.value.chore];
  lifecycle.onStop('background work', startChores(chores, log, timer));
  lifecycle.onStop('process metrics', addProcessMetrics(metrics));
  return ok(
    await describe(start, { instance, authority, audit, sockets, issuer, plainBaseUrl, rootPath: rootPath.value }),
  );
}

/** Binds every port before anything is made: one that is in use must not leave certificates for addresses nobody had. */
async function openSockets({ config, lifecycle }: Start): Promise<Result<Sockets, StartupFault>> {
  const plain = config.http.listen === 'off' ? ok(undefined) : await bind(config.http.listen, 'http');
  if (!plain.ok) return plain;
  if (plain.value !== undefined) lifecycle.onStop('plain HTTP', plain.value.close);
  const main = await bind(config.listen, config.tls.mode === 'off' ? 'http' : 'https');
  if (!main.ok) return main;
  lifecycle.onStop('HTTPS', main.value.close);
  const metrics = config.metrics.listen === 'off' ? ok(undefined) : await bind(config.metrics.listen, 'http');
  if (!metrics.ok) return metrics;
  if (metrics.value !== undefined) lifecycle.onStop('metrics', metrics.value.close);
  return ok({ plain: plain.value, main: main.value, metrics: metrics.value });
}

function openGates(start: Start, sockets: Sockets, composed: Composition, issuer: string): void {
  const strict = isPublicName(new URL(issuer).hostname);
  sockets.main.serve(edgeFor(start, composed.endpoints, basePathOf(issuer), strict));
  sockets.plain?.serve(edgeFor(start, composed.plainEndpoints, '', false));
  sockets.metrics?.serve(edgeFor(start, [createMetricsEndpoint(start.metrics)], '', false));
}

async function closeAll({ main, metrics, plain }: Sockets): Promise<void> {
  await Promise.all([main.close(), metrics?.close(), plain?.close()]);
}

function edgeFor(start: Start, endpoints: readonly Endpoint[], basePath: string, strictTransport: boolean): Edge {
  const { clock, config, log, metrics, random } = start;
  const prefix = Buffer.from(random.bytes(6)).toString('base64url');
  let count = 0;
  return createEdge({
    endpoints,
    notFound: createNotFound(basePath),
    peerOf: createPeerReader(config.trustedProxies),
    nextRequestId: () => `${prefix}-${(++count).toString(36)}`,
    isOutage: (error) => error instanceof StoreError,
    commonHeaders: securityHeaders(strictTransport),
    clock,
    log,
    metrics,
  });
}

interface Started {
  readonly instance: Instance;
  readonly authority: Authority;
  readonly audit: AuditTrail;
  readonly sockets: Sockets;
  readonly issuer: string;
  readonly plainBaseUrl: string;
  readonly rootPath: string;
}

async function describe(start: Start, started: Started): Promise<RunningServer> {
  const { clock, config, lifecycle, random } = start;
  const { authority, audit, instance, issuer, plainBaseUrl, rootPath, sockets } = started;
  const setupLink = await createSetupLink(instance.store, issuer, clock.now(), random);
  audit.record({ at: clock.now(), event: 'server.started', detail: { issuer, version: start.version } });
  const banner = formatBanner({
    version: start.version,
    issuer,
    plainBaseUrl,
    metrics: sockets.metrics,
    data: config.data,
    store: config.store.engine === 'sqlite' ? 'SQLite' : 'PostgreSQL',
    keySource: describeKeySource(instance.keySource),
    rootPath,
    rootDigest: sha256(authority.hierarchy.root().certificate.der),
    setupLink,
    validationPort: config.acme.validation.httpPort,
    options: start.commandOptions,
    seconds: performance.now() / 1000,
    colour: start.colour,
  });
  return { issuer, banner, stop: lifecycle.stop };
}

function describeKeySource(source: KeySource): string {
  if (source.kind === 'passphrase') return `encrypted with the passphrase from ${source.origin}`;
  return `encrypted with ${source.path}, which was generated here: back it up apart from the database`;
}

/** Puts the root certificate where people find it; nobody ever reads half of it. */
async function publishRoot(folder: string, { hierarchy }: Authority): Promise<Result<string, StartupFault>> {
  const path = join(folder, 'root.pem');
  const temporary = `${path}.new`;
  try {
    await writeFile(temporary, hierarchy.root().pem, { mode: 0o644 });
    await rename(temporary, path);
    return ok(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const detail = `The root certificate ${path} cannot be written (${code}): check the space on the disk, the owner of the folder, and that nothing else has this name.`;
    return fail({ code: 'data', detail });
  }
}

/** Strict transport is for names that are one server's alone: not for addresses, and not for what every machine is called. */
function isPublicName(host: string): boolean {
  return host.includes('.') && !host.endsWith('.localhost') && !/^[0-9.]+$|^\[/.test(host);
}
