/** Counters, histograms and gauges in memory, written in the Prometheus text format (version 0.0.4). */
import type { Metrics } from '../ports/metrics.ts';

export interface MetricsRegistry extends Metrics {
  /** A figure that is read when somebody asks, under exactly this name. */
  gauge(name: string, read: () => number): void;
  /** A figure that only grows and is kept elsewhere, under exactly this name, which ends in `_total`. */
  counter(name: string, read: () => number): void;
  /** Everything, in the text format. */
  render(): string;
}

interface Histogram {
  readonly counts: Float64Array;
  sum: number;
  count: number;
}

type Labels = Readonly<Record<string, string>>;

/** Upper bounds in seconds: from a memory lookup to a validation that gives up. */
const bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** Labels come from small fixed sets; a mistake in that must not eat the memory. */
const mostSeries = 500;

/** Creates an empty registry. */
export function createMetrics(): MetricsRegistry {
  const counters = new Map<string, Map<string, number>>();
  const histograms = new Map<string, Map<string, Histogram>>();
  const readings = new Map<string, { readonly type: 'gauge' | 'counter'; readonly read: () => number }>();
  let dropped = 0;

  /** The series of a name; `undefined` when it would become one too many. */
  const familyFor = <T>(families: Map<string, Map<string, T>>, name: string, key: string) => {
    const family = families.get(name) ?? new Map<string, T>();
    if (family.size === 0) families.set(name, family);
    if (family.size < mostSeries || family.has(key)) return family;
    dropped++;
    return undefined;
  };

  return {
    count(name, labels) {
      const key = formatLabels(labels);
      const family = familyFor(counters, name, key);
      family?.set(key, (family.get(key) ?? 0) + 1);
    },
    observe(name, seconds, labels) {
      const key = formatLabels(labels);
      const family = familyFor(histograms, name, key);
      if (family === undefined) return;
      const histogram = family.get(key) ?? { counts: new Float64Array(bounds.length), sum: 0, count: 0 };
      if (histogram.count === 0) family.set(key, histogram);
      record(histogram, seconds);
    },
    gauge: (name, read) => void readings.set(name, { type: 'gauge', read }),
    counter: (name, read) => void readings.set(name, { type: 'counter', read }),
    render() {
      const lines = [
        ...[...counters].flatMap(([name, family]) => renderCounter(`tegata_${name}_total`, family)),
        ...[...histograms].flatMap(([name, family]) => renderHistogram(`tegata_${name}_seconds`, family)),
        ...[...readings].flatMap(([name, { type, read }]) => [`# TYPE ${name} ${type}`, `${name} ${read()}`]),
        ...renderCounter('tegata_metrics_dropped_total', new Map([['', dropped]])),
      ];
      return `${lines.join('\n')}\n`;
    },
  };
}

function record(histogram: Histogram, seconds: number): void {
  const at = bounds.findIndex((bound) => seconds <= bound);
  if (at >= 0) histogram.counts[at] = (histogram.counts[at] as number) + 1;
  histogram.sum += seconds;
  histogram.count++;
}

function renderCounter(name: string, family: ReadonlyMap<string, number>): readonly string[] {
  return [`# TYPE ${name} counter`, ...[...family].map(([labels, value]) => `${name}${braces(labels)} ${value}`)];
}

function renderHistogram(name: string, family: ReadonlyMap<string, Histogram>): readonly string[] {
  const lines = [`# TYPE ${name} histogram`];
  for (const [labels, { counts, sum, count }] of family) {
    let below = 0;
    const prefix = labels === '' ? '' : `${labels},`;
    bounds.forEach((bound, at) => {
      below += counts[at] as number;
      lines.push(`${name}_bucket{${prefix}le="${bound}"} ${below}`);
    });
    lines.push(`${name}_bucket{${prefix}le="+Inf"} ${count}`);
    lines.push(`${name}_sum${braces(labels)} ${sum}`, `${name}_count${braces(labels)} ${count}`);
  }
  return lines;
}

function braces(labels: string): string {
  return labels === '' ? '' : `{${labels}}`;
}

function formatLabels(labels: Labels | undefined): string {
  if (labels === undefined) return '';
  let text = '';
  for (const name in labels) {
    const value = labels[name] as string;
    text += `${text === '' ? '' : ','}${name}="${needsEscape.test(value) ? escapeLabel(value) : value}"`;
  }
  return text;
}

const needsEscape = /[\\"\n]/;

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
