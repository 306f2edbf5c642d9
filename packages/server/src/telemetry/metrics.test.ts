import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createMetrics } from './metrics.ts';
import { createMetricsEndpoint } from './metrics-endpoint.ts';
import { addProcessMetrics } from './process-metrics.ts';

describe('metrics', () => {
  it('counts by name and labels', () => {
    const metrics = createMetrics();
    metrics.count('tokens_issued', { grant: 'client_credentials' });
    metrics.count('tokens_issued', { grant: 'client_credentials' });
    metrics.count('tokens_issued', { grant: 'refresh_token' });
    metrics.count('starts');
    const text = metrics.render();
    assert.match(text, /^# TYPE tegata_tokens_issued_total counter$/m);
    assert.match(text, /^tegata_tokens_issued_total\{grant="client_credentials"\} 2$/m);
    assert.match(text, /^tegata_tokens_issued_total\{grant="refresh_token"\} 1$/m);
    assert.match(text, /^tegata_starts_total 1$/m);
  });

  it('puts measurements into buckets that add up', () => {
    const metrics = createMetrics();
    for (const seconds of [0.0001, 0.003, 0.003, 60]) metrics.observe('request', seconds, { endpoint: 'token' });
    const text = metrics.render();
    assert.match(text, /_bucket\{endpoint="token",le="0.0005"\} 1$/m);
    assert.match(text, /_bucket\{endpoint="token",le="0.005"\} 3$/m);
    assert.match(text, /_bucket\{endpoint="token",le="10"\} 3$/m);
    assert.match(text, /_bucket\{endpoint="token",le="\+Inf"\} 4$/m);
    assert.match(text, /^tegata_request_seconds_count\{endpoint="token"\} 4$/m);
    assert.match(text, /^tegata_request_seconds_sum\{endpoint="token"\} 60.0061$/m);
  });

  it('escapes label values', () => {
    const metrics = createMetrics();
    metrics.count('odd', { value: 'a"b\\c\nd' });
    assert.match(metrics.render(), /^tegata_odd_total\{value="a\\"b\\\\c\\nd"\} 1$/m);
  });

  it('stops making series when somebody puts free text into a label', () => {
    const metrics = createMetrics();
    for (let at = 0; at < 2_000; at++) metrics.count('leak', { user: String(at) });
    const text = metrics.render();
    assert.equal(text.match(/^tegata_leak_total\{/gm)?.length, 500);
    assert.match(text, /^tegata_metrics_dropped_total 1500$/m);
  });

  it('reports the process in the text format, every line well-formed', () => {
    const metrics = createMetrics();
    const stop = addProcessMetrics(metrics);
    metrics.gauge('tegata_queue_length', () => 3);
    const endpoint = createMetricsEndpoint(metrics);
    const response = endpoint.handle(undefined as never, undefined as never);
    stop();
    assert.ok(!(response instanceof Promise) && response.status === 200);
    const lines = String(response.body).trimEnd().split('\n');
    for (const line of lines) {
      assert.match(line, /^(# TYPE [a-z0-9_]+ (counter|gauge|histogram)|[a-z0-9_]+(\{.*\})? [0-9.e+-]+)$/);
    }
    assert.ok(lines.some((line) => line.startsWith('process_cpu_seconds_total ')));
    assert.ok(lines.includes('tegata_queue_length 3'));
  });
});
