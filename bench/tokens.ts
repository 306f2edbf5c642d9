/** Measures the token flows of Tegata against oidc-provider, in memory and durable. */
import { join } from 'node:path';
import { sendPrepared, type TokenFlow, tokenFlows } from './flows/tokens.ts';
import { type BenchKey, generateKey } from './lib/keys.ts';
import { type Measurement, median, runLoad } from './lib/load.ts';
import { startTokenSubject, type TokenSubject } from './lib/subject.ts';
import type { Row } from './lib/table.ts';
import type { BenchPlan } from './plan.ts';

const connections = 64;

export async function measureTokens(plan: BenchPlan): Promise<readonly Row[]> {
  const assertionKey = generateKey('bench-assertion');
  const subjects = await startSubjects(plan, assertionKey);
  try {
    const rows: Row[] = [];
    for (const flow of tokenFlows) rows.push(...(await measureFlow(plan, flow, subjects, assertionKey)));
    return rows;
  } finally {
    await Promise.all(subjects.map((subject) => subject.stop()));
  }
}

async function startSubjects(plan: BenchPlan, assertionKey: BenchKey): Promise<readonly TokenSubject[]> {
  const signingKey = JSON.stringify(generateKey('bench-signing').privateJwk);
  const assertion = JSON.stringify(assertionKey.publicJwk);
  const peer = (storage: string) => [storage, join(plan.folder, 'oidc-provider.db'), signingKey, assertion];
  return [
    await startTokenSubject('Tegata (durable)', 'tegata.ts', [join(plan.folder, 'tegata-tokens'), assertion]),
    await startTokenSubject('oidc-provider (SQLite, full sync)', 'oidc-provider.ts', peer('sqlite')),
    await startTokenSubject('oidc-provider (memory)', 'oidc-provider.ts', peer('memory')),
  ];
}

async function measureFlow(
  plan: BenchPlan,
  flow: TokenFlow,
  subjects: readonly TokenSubject[],
  key: BenchKey,
): Promise<readonly Row[]> {
  const results = new Map<TokenSubject, Measurement[]>(subjects.map((subject) => [subject, []]));
  for (let round = 0; round <= plan.rounds; round++) {
    for (const subject of subjects) {
      // Round 0 warms up and is not counted; peers do a third of the units, which takes them longer still.
      const share = (subject === subjects[0] ? 1 : 1 / 3) * (round === 0 ? 0.1 : 1) * plan.scale;
      const units = Math.max(200, Math.round(flow.units * share));
      const minted = flow.mint === undefined ? [] : await subject.mint(flow.mint, units);
      const requests = flow.prepare(subject, minted, units, key);
      const result = await runLoad({
        target: subject.target,
        pid: subject.pid,
        connections,
        units,
        work: sendPrepared(flow, requests),
      });
      if (round > 0) results.get(subject)?.push(result);
      plan.progress(`${flow.name}: ${subject.name}, round ${round}: ${Math.round(result.perSecond)}/s`);
    }
  }
  const medians = subjects.map((subject) => ({ subject, result: median(results.get(subject) ?? []) }));
  const own = medians[0]?.result.perSecond ?? 0;
  return medians.map(({ subject, result }, at) => ({
    flow: flow.name,
    subject: subject.name,
    result,
    ratio: at === 0 ? undefined : own / result.perSecond,
  }));
}
