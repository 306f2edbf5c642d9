/** Drives a target with a fixed number of connections and a fixed number of requests, and measures it. */
import { readFileSync } from 'node:fs';
import { type Answer, type Connection, openConnection, type Target } from './connection.ts';

export interface Measurement {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Server CPU per unit of work, microseconds. */
  readonly cpu: number;
  /** Server memory after the round, MiB. */
  readonly memory: number;
}

export interface LoadPlan {
  readonly target: Target;
  readonly pid: number;
  readonly connections: number;
  /** Units of work in all; each connection does its share. */
  readonly units: number;
  /** Does one unit (one request, or one certificate) and throws when the server answered wrongly. */
  readonly work: (connection: Connection, worker: number, unit: number) => Promise<void>;
}

/** Runs the plan to its end. Rejects at the first wrong answer: a fast wrong server is not measured. */
export async function runLoad(plan: LoadPlan): Promise<Measurement> {
  const connections = await Promise.all(Array.from({ length: plan.connections }, () => openConnection(plan.target)));
  const latencies = new Float64Array(plan.units);
  let next = 0;
  const cpuBefore = cpuSeconds(plan.pid);
  const startedAt = performance.now();
  try {
    await Promise.all(
      connections.map(async (connection, worker) => {
        for (let unit = next++; unit < plan.units; unit = next++) {
          const begun = performance.now();
          await plan.work(connection, worker, unit);
          latencies[unit] = performance.now() - begun;
        }
      }),
    );
  } finally {
    for (const connection of connections) connection.close();
  }
  const seconds = (performance.now() - startedAt) / 1000;
  latencies.sort();
  return {
    perSecond: plan.units / seconds,
    p50: latencies[Math.floor(plan.units * 0.5)] as number,
    p99: latencies[Math.floor(plan.units * 0.99)] as number,
    cpu: ((cpuSeconds(plan.pid) - cpuBefore) / plan.units) * 1e6,
    memory: memoryMegabytes(plan.pid),
  };
}

/** Throws unless the answer has this status. */
export function expectStatus(answer: Answer, status: number): void {
  if (answer.status !== status)
    throw new Error(`expected ${status}, got ${answer.status}: ${answer.body.slice(0, 300)}`);
}

/** Component-wise median of several rounds. */
export function median(rounds: readonly Measurement[]): Measurement {
  const middle = (pick: (round: Measurement) => number): number => {
    const sorted = rounds.map(pick).sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] as number;
  };
  return {
    perSecond: middle((round) => round.perSecond),
    p50: middle((round) => round.p50),
    p99: middle((round) => round.p99),
    cpu: middle((round) => round.cpu),
    memory: middle((round) => round.memory),
  };
}

/** User and system time of a process in seconds; Linux counts it in hundredths. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function memoryMegabytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
}
