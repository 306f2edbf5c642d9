/** Measures full issuance by Tegata against pebble. */
import { generateKeyPairSync } from 'node:crypto';
import { buildCertificateRequest } from '@tegata/core/x509/certificate-request-builder';
import { prepareAcme } from './flows/certificates.ts';
import { type Measurement, median, runLoad } from './lib/load.ts';
import type { Row } from './lib/table.ts';
import type { BenchPlan } from './plan.ts';
import { type CertificateSubject, startPebble } from './subjects/pebble.ts';
import { startCertificateSubject } from './subjects/tegata-certificates.ts';

const workers = 16;
const unitsPerRound = 1_000;
const attempts = 10;
const flow = 'issuance (order, http-01, finalize, download), TLS';

type Start = () => Promise<CertificateSubject>;

/** @param pebble path of the program; without it Tegata is measured alone */
export async function measureCertificates(plan: BenchPlan, pebble: string | undefined): Promise<readonly Row[]> {
  const starts: Start[] = [startCertificateSubject];
  if (pebble !== undefined) starts.push(() => startPebble(pebble, plan.folder));
  const subjects = await Promise.all(starts.map((start) => restartable(start, plan)));
  try {
    const rounds = subjects.map((): Measurement[] => []);
    for (let round = 0; round <= plan.rounds; round++) {
      for (const [at, subject] of subjects.entries()) {
        const result = await subject.measure((current) => measureRound(plan, current, round));
        if (round > 0) rounds[at]?.push(result);
        plan.progress(`${flow}: ${subject.name}, round ${round}: ${Math.round(result.perSecond)}/s`);
      }
    }
    return toRows(subjects.map(({ name }, at) => ({ name, result: median(rounds[at] ?? []) })));
  } finally {
    await Promise.all(subjects.map((subject) => subject.stop()));
  }
}

interface RestartableSubject {
  readonly name: string;
  measure(work: (subject: CertificateSubject) => Promise<Measurement>): Promise<Measurement>;
  stop(): Promise<void>;
}

/** Debian's pebble sometimes locks itself up under concurrent orders: the round is then done again with a fresh one, and said. */
async function restartable(start: Start, plan: BenchPlan): Promise<RestartableSubject> {
  let subject = await start();
  return {
    name: subject.name,
    async measure(work) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await work(subject);
        } catch (error) {
          if (attempt === attempts) throw error;
          plan.progress(`${subject.name} failed in a round (${String(error)}); starting it again`);
          await subject.stop();
          subject = await start();
        }
      }
    },
    stop: () => subject.stop(),
  };
}

async function measureRound(plan: BenchPlan, subject: CertificateSubject, round: number): Promise<Measurement> {
  // The peer does fewer, so that it gets through a round before it locks up.
  const full = subject.name === 'pebble' ? unitsPerRound / 5 : unitsPerRound;
  const units = Math.max(50, Math.round(full * plan.scale * (round === 0 ? 0.2 : 1)));
  const prefix = `r${round}`;
  const requests = makeRequests(prefix, units);
  const makeRequest = (name: string) => requests.get(name) as Uint8Array;
  const load = await prepareAcme(subject.target, subject.directoryPath, workers, makeRequest, prefix);
  return runLoad({ target: subject.target, pid: subject.pid, connections: workers, units, work: load.obtain });
}

function toRows(medians: readonly { readonly name: string; readonly result: Measurement }[]): readonly Row[] {
  const own = medians[0]?.result.perSecond ?? 0;
  return medians.map(({ name, result }, at) => {
    return { flow, subject: name, result, ratio: at === 0 ? undefined : own / result.perSecond };
  });
}

/** Requests for every name of a round, all by one key: key generation is not what is measured. */
function makeRequests(prefix: string, units: number): ReadonlyMap<string, Uint8Array> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const requests = new Map<string, Uint8Array>();
  for (let unit = 0; unit < units; unit++) {
    const name = `${prefix}-${unit}.bench.example`;
    requests.set(name, buildCertificateRequest({ subject: [], names: [{ type: 'dns', value: name }], privateKey }));
  }
  return requests;
}
