/** What the process itself uses: CPU, memory, open handles, and how late its event loop runs. */
import { type EventLoopUtilization, monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { MetricsRegistry } from './metrics.ts';

const sampleMilliseconds = 50;

/** Adds the process figures under their usual names; call the result to stop the sampling. */
export function addProcessMetrics(registry: MetricsRegistry): () => void {
  const delay = monitorEventLoopDelay({ resolution: sampleMilliseconds });
  delay.enable();
  let previous: EventLoopUtilization = performance.eventLoopUtilization();

  registry.counter('process_cpu_seconds_total', () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
  registry.gauge('process_start_time_seconds', () => performance.timeOrigin / 1000);
  registry.gauge('process_resident_memory_bytes', () => process.memoryUsage.rss());
  registry.gauge('nodejs_heap_used_bytes', () => process.memoryUsage().heapUsed);
  registry.gauge('nodejs_active_resources', () => process.getActiveResourcesInfo().length);
  // Since the last time somebody asked, so that an old stall does not colour the present for ever.
  registry.gauge('nodejs_eventloop_lag_p99_seconds', () => {
    const late = Math.max(0, delay.percentile(99) / 1e9 - sampleMilliseconds / 1000);
    delay.reset();
    return late;
  });
  registry.gauge('nodejs_eventloop_utilization', () => {
    const current = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(current, previous);
    previous = current;
    return utilization;
  });
  return () => void delay.disable();
}
