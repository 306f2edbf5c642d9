/** The printed result: Markdown, so that it can be pasted into docs/performance.md as it is. */
import type { Measurement } from './load.ts';

export interface Row {
  readonly flow: string;
  readonly subject: string;
  readonly result: Measurement;
  /** Throughput of the first subject of the flow divided by this one's; undefined for the first itself. */
  readonly ratio: number | undefined;
}

/** @param signature microseconds of one bare ES256 signature in this run */
export function formatTable(rows: readonly Row[], signature: number): string {
  const lines = [
    '| flow | server | per second | p50 ms | p99 ms | server CPU us | in signatures | memory MiB | Tegata is |',
    '|---|---|---:|---:|---:|---:|---:|---:|---:|',
  ];
  for (const { flow, subject, result, ratio } of rows) {
    const cells = [
      flow,
      subject,
      Math.round(result.perSecond).toLocaleString('en'),
      result.p50.toFixed(2),
      result.p99.toFixed(2),
      Math.round(result.cpu).toLocaleString('en'),
      (result.cpu / signature).toFixed(1),
      Math.round(result.memory).toString(),
      ratio === undefined ? '' : `${ratio.toFixed(1)}×`,
    ];
    lines.push(`| ${cells.join(' | ')} |`);
  }
  return lines.join('\n');
}
