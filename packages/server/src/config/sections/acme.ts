/** Options of ACME: what may be certified, and how identifiers are checked. */
import { option, optional, section } from '../option.ts';
import { duration, flag, formatHostPort, list, oneOf, parseHostPort, parseRange, webPage, whole } from '../values.ts';

const rangeNames = ['public', 'private', 'loopback'];

const validation = section('How control of an identifier is checked.', {
  httpPort: option(whole(1, 65_535), 80, {
    doc: 'Port that `http-01` connects to. Clients of the public world always use 80.',
    type: 'port',
  }),
  tlsPort: option(whole(1, 65_535), 443, { doc: 'Port that checks over TLS connect to.', type: 'port' }),
  resolvers: option(
    list('name servers as HOST:PORT or HOST', (item) => {
      const resolver =
        parseRange(item) === item && !item.includes('/') ? { host: item, port: 53 } : parseHostPort(item);
      return resolver === undefined || resolver.port === 0 ? undefined : formatHostPort(resolver);
    }),
    [],
    {
      doc: 'Name servers to ask, in this order; empty means those of the system.',
      type: 'list of HOST:PORT',
    },
  ),
  addresses: optional(
    list('range names (public, private, loopback) and ranges such as 10.0.0.0/8', (item) =>
      rangeNames.includes(item) ? item : parseRange(item),
    ),
    {
      doc: 'Where validation may connect to: `public`, `private` (networks of homes and companies), `loopback`, or ranges. Cloud metadata and other special-purpose ranges are never contacted.',
      type: 'list of range names and ranges',
      derived: '`public, private`, and `loopback` as well while `listen` is a loopback address',
    },
  ),
  alwaysValid: option(flag, false, {
    doc: 'Takes every challenge for met without looking. For tests and measurements only: with this, anybody gets a certificate for any name.',
    type: '`true` or `false`',
  }),
});

const domainNames = list('domain names in lower case', (item) =>
  /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/.test(item)
    ? item
    : undefined,
);

const identifiers = section('Which names this CA issues for.', {
  allowedSuffixes: option(domainNames, [], {
    doc: 'Only these names and names below them; empty means every name that a client proves control of.',
    type: 'list of domain names',
  }),
  deniedSuffixes: option(domainNames, [], {
    doc: 'Never these names or names below them, not even when they are allowed above.',
    type: 'list of domain names',
  }),
});

export const acme = section('Certificates over ACME (RFC 8555).', {
  defaultProfile: option(oneOf('tls-server', 'tls-server-short'), 'tls-server', {
    doc: 'Certificate profile for orders that name none: `tls-server` lasts 90 days, `tls-server-short` 6 days.',
    type: '`tls-server` or `tls-server-short`',
  }),
  termsOfService: optional(webPage, {
    doc: 'Page with the terms that account holders agree to; without it nobody is asked.',
    type: 'URL',
  }),
  website: optional(webPage, { doc: 'Page about this CA, named in the ACME directory.', type: 'URL' }),
  caaIdentities: option(domainNames, [], {
    doc: 'Names by which CAA records (RFC 8659) allow this CA. While this is empty, a CAA record that restricts issuance refuses us.',
    type: 'list of domain names',
  }),
  orderLifetime: option(duration('1m', '30d'), '7d', {
    doc: 'How long a client has to complete an order.',
    type: 'time',
  }),
  authorizationLifetime: option(duration('1m', '398d'), '30d', {
    doc: 'How long a proven identifier may be used for further orders of the same account.',
    type: 'time',
  }),
  identifiers,
  validation,
});
