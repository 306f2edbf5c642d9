/**
 * The CA's own certificates: a root that vouches for issuing CAs, and issuing CAs that vouch for everything else.
 * @spec RFC 5280 §4.2.1.9
 */
import type { SignerAlgorithm } from '@tegata/core/jose/signer';
import type { Random } from '@tegata/core/random';
import type { Clock, Instant } from '@tegata/core/time/clock';
import { day } from '@tegata/core/time/duration';
import type { KeyVault, VaultKey } from '../ports/key-vault.ts';
import { createIssuingCertificate, createRootCertificate, hasCurrentPointers } from './ca-certificate.ts';
import { createIssuer, type Issuer } from './issuer.ts';
import type { CaUrls } from './urls.ts';

export interface HierarchyDeps {
  readonly vault: KeyVault;
  readonly urls: CaUrls;
  /** For a hierarchy that is made now; an existing one keeps its own. */
  readonly algorithm: SignerAlgorithm;
  readonly clock: Clock;
  readonly random: Random;
}

export interface Hierarchy {
  root(): Issuer;
  /** Issuing CAs, past, present and prepared, oldest first. */
  issuing(): readonly Issuer[];
  /** The CA that issues now. */
  active(): Issuer;
  /** Root or issuing CA by its key. */
  find(keyId: string): Issuer | undefined;
  /** Takes over what other nodes made, and prepares a successor in time. Call it at least every few hours; rejects when the store fails. */
  maintain(): Promise<void>;
}

interface State {
  readonly root: Issuer;
  readonly issuing: readonly Issuer[];
}

/** An issuing CA gets a successor when it has this long to live: four times the longest certificate it issues. */
const renewBefore = 365 * day;
/** A successor is known for this long before it issues, so that every node can serve its chain. */
const publishAhead = day;

/** Opens the hierarchy; at the first start makes it. Nodes that start together agree on one. */
export async function openHierarchy(deps: HierarchyDeps): Promise<Hierarchy> {
  let state = await loadOrCreate(deps);
  const all = (): readonly Issuer[] => [state.root, ...state.issuing];
  return {
    root: () => state.root,
    issuing: () => state.issuing,
    active: () => chooseActive(state.issuing, deps.clock.now()),
    find: (keyId) => all().find((issuer) => issuer.keyId === keyId),
    async maintain() {
      state = await loadOrCreate(deps);
      await prepareSuccessor(deps, state);
      state = await loadOrCreate(deps);
    },
  };
}

async function loadOrCreate(deps: HierarchyDeps): Promise<State> {
  const rootKey = oldest(await deps.vault.load('root-ca')) ?? (await createRoot(deps));
  const root = createIssuer(rootKey, deps.urls);
  const known = await deps.vault.load('issuing-ca');
  const keys = known.length > 0 ? known : await createIssuing(deps, root, deps.clock.now());
  const issuing = await Promise.all(keys.map((key) => withCurrentPointers(deps, root, key)));
  return { root, issuing };
}

async function createRoot(deps: HierarchyDeps): Promise<VaultKey> {
  const key = await deps.vault.generate('root-ca', deps.algorithm, deps.clock.now());
  const certificate = await createRootCertificate(key, deps);
  await deps.vault.add(key, { certificate, onlyIfNone: true });
  // Another node may have been first; the store says whose root it is.
  return oldest(await deps.vault.load('root-ca')) as VaultKey;
}

async function createIssuing(deps: HierarchyDeps, root: Issuer, activeFrom: Instant): Promise<readonly VaultKey[]> {
  const key = await deps.vault.generate('issuing-ca', deps.algorithm, activeFrom);
  const certificate = await createIssuingCertificate(key, root, deps);
  await deps.vault.add(key, { certificate, onlyIfNone: true });
  return deps.vault.load('issuing-ca');
}

/** When the addresses in the certificate are no longer ours, the same key and name are certified again with the right ones. */
async function withCurrentPointers(deps: HierarchyDeps, root: Issuer, key: VaultKey): Promise<Issuer> {
  const issuer = createIssuer(key, deps.urls);
  if (key.record.retiresAt !== undefined || hasCurrentPointers(issuer, root)) return issuer;
  const certificate = await createIssuingCertificate(key, root, deps, issuer.certificate);
  await deps.vault.setCertificate(key.record.keyId, certificate);
  return createIssuer({ ...key, record: { ...key.record, certificate } }, deps.urls);
}

async function prepareSuccessor(deps: HierarchyDeps, { root, issuing }: State): Promise<void> {
  const now = deps.clock.now();
  const newest = issuing.at(-1) as Issuer;
  const due = newest.certificate.notAfter - now < renewBefore;
  // No successor could outlive the root.
  if (!due || newest.certificate.notAfter >= root.certificate.notAfter) return;
  const activeFrom = now + publishAhead;
  for (const { keyId } of issuing) await deps.vault.retire(keyId, activeFrom);
  await createIssuing(deps, root, activeFrom);
}

/** The newest that has begun; where a wrong clock leaves none, the first. */
function chooseActive(issuing: readonly Issuer[], now: Instant): Issuer {
  return issuing.findLast((issuer) => issuer.activeFrom <= now) ?? (issuing[0] as Issuer);
}

function oldest(keys: readonly VaultKey[]): VaultKey | undefined {
  return keys[0];
}
