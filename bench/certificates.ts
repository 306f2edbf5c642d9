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
const flow = 'issuance (order, http-01, finalize, download), TLS';

/** @param pebble path of the program; without it Tegata is measured alone */
export async function measureCertificates(plan: BenchPlan, pebble: string | undefined): Promise<readonly Row[]> {
  const subjects: CertificateSubject[] = [await startCertificateSubject()];
  if (pebble !== undefined) subjects.push(await startPebble(pebble, plan.folder));
  try {
    return await measureSubjects(plan, subjects);
  } finally {
    await Promise.all(subjects.map((subject) => subject.stop()));
  }
}

async function measureSubjects(plan: BenchPlan, subjects: readonly CertificateSubject[]): Promise<readonly Row[]> {
  const results = new Map<CertificateSubject, Measurement[]>(subjects.map((subject) => [subject, []]));
  for (let round = 0; round <= plan.rounds; round++) {
    for (const subject of subjects) {
      const units = Math.max(50, Math.round(unitsPerRound * plan.scale * (round === 0 ? 0.2 : 1)));
      const prefix = `r${round}`;
      const requests = makeRequests(prefix, units);
      const load = await prepareAcme(
        subject.target,
        subject.directoryPath,
        workers,
        (name) => requests.get(name) as Uint8Array,
        prefix,
      );
      const result = await runLoad({
        target: subject.target,
        pid: subject.pid,
        connections: workers,
        units,
        work: load.obtain,
      });
      if (round > 0) results.get(subject)?.push(result);
      plan.progress(`${flow}: ${subject.name}, round ${round}: ${Math.round(result.perSecond)}/s`);
    }
  }
  const medians = subjects.map((subject) => ({ subject, result: median(results.get(subject) ?? []) }));
  const own = medians[0]?.result.perSecond ?? 0;
  return medians.map(({ subject, result }, at) => ({
    flow,
    subject: subject.name,
    result,
    ratio: at === 0 ? undefined : own / result.perSecond,
  }));
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
