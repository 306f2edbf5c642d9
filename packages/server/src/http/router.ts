/** Finds the endpoint for a method and a path; refuses ambiguous tables at start. */
import type { Endpoint } from '../ports/endpoint.ts';

export type RouteMatch =
  | { readonly kind: 'endpoint'; readonly endpoint: Endpoint; readonly params: Readonly<Record<string, string>> }
  | { readonly kind: 'method_not_allowed'; readonly endpoint: Endpoint; readonly allowed: readonly string[] }
  | { readonly kind: 'not_found' };

export interface Router {
  find(method: string, path: string): RouteMatch;
  /** The endpoint that would answer a cross-origin call to this path, whatever the method. */
  at(path: string): readonly Endpoint[];
}

interface Route {
  readonly segments: readonly string[];
  readonly endpoints: Endpoint[];
}

/** The parameters of a path without any. */
export const noParams: Readonly<Record<string, string>> = Object.freeze({});
const maximumPathLength = 2048;

/**
 * Builds the table once: exact paths in a map, paths with `{name}` segments in a short list.
 * @throws when two endpoints have one name, or one method at one path: that is a mistake in composition
 */
export function createRouter(endpoints: readonly Endpoint[]): Router {
  const exact = new Map<string, Endpoint[]>();
  const templates = new Map<string, Route>();
  refuseDuplicates(endpoints);
  for (const endpoint of endpoints) {
    if (!endpoint.path.includes('{')) {
      exact.set(endpoint.path, [...(exact.get(endpoint.path) ?? []), endpoint]);
      continue;
    }
    const shape = endpoint.path.replace(/\{[^}]*\}/g, '{}');
    const route = templates.get(shape) ?? { segments: endpoint.path.split('/'), endpoints: [] };
    route.endpoints.push(endpoint);
    templates.set(shape, route);
  }
  const routes = [...templates.values()];

  const locate = (
    path: string,
  ): { endpoints: readonly Endpoint[]; params: Readonly<Record<string, string>> } | undefined => {
    const direct = exact.get(path);
    if (direct !== undefined) return { endpoints: direct, params: noParams };
    if (path.length > maximumPathLength) return undefined;
    const segments = path.split('/');
    for (const route of routes) {
      const params = matchSegments(route.segments, segments);
      if (params !== undefined) return { endpoints: route.endpoints, params };
    }
    return undefined;
  };

  return {
    at: (path) => locate(path)?.endpoints ?? [],
    find(method, path) {
      const located = locate(path);
      if (located === undefined) return { kind: 'not_found' };
      const endpoint = chooseByMethod(located.endpoints, method);
      if (endpoint !== undefined) return { kind: 'endpoint', endpoint, params: located.params };
      const allowed = [...new Set(located.endpoints.flatMap((candidate) => candidate.methods))];
      return { kind: 'method_not_allowed', endpoint: located.endpoints[0] as Endpoint, allowed };
    },
  };
}

function refuseDuplicates(endpoints: readonly Endpoint[]): void {
  const names = new Set<string>();
  const places = new Set<string>();
  for (const { name, methods, path } of endpoints) {
    if (names.has(name)) throw new Error(`two endpoints are called ${name}`);
    names.add(name);
    for (const method of methods) {
      const place = `${method} ${path.replace(/\{[^}]*\}/g, '{}')}`;
      if (places.has(place)) throw new Error(`two endpoints answer ${place}`);
      places.add(place);
    }
  }
}

function chooseByMethod(endpoints: readonly Endpoint[], method: string): Endpoint | undefined {
  const direct = endpoints.find((endpoint) => (endpoint.methods as readonly string[]).includes(method));
  if (direct !== undefined || method !== 'HEAD') return direct;
  return endpoints.find((endpoint) => endpoint.methods.includes('GET'));
}

function matchSegments(template: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  if (template.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (let at = 0; at < template.length; at++) {
    const expected = template[at] as string;
    const actual = segments[at] as string;
    if (!expected.startsWith('{')) {
      if (expected !== actual) return undefined;
      continue;
    }
    // A template may fix what follows the parameter: `{key}.crl`.
    const end = expected.indexOf('}');
    const suffix = expected.slice(end + 1);
    if (!actual.endsWith(suffix)) return undefined;
    const decoded = decodeSegment(actual.slice(0, actual.length - suffix.length));
    if (decoded === undefined || decoded === '') return undefined;
    params[expected.slice(1, end)] = decoded;
  }
  return params;
}

/** Nothing is ever named with control characters, and not every database can even be asked for them. */
const controls = /\p{Cc}/u;

function decodeSegment(segment: string): string | undefined {
  if (!segment.includes('%')) return segment;
  try {
    const decoded = decodeURIComponent(segment);
    return controls.test(decoded) ? undefined : decoded;
  } catch {
    return undefined;
  }
}
