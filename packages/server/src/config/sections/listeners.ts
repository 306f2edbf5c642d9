/** Options that say where the server is and how it is reached. */
import { option, optional, section } from '../option.ts';
import { baseUrl, hostPort, hostPortOrOff, list, oneOf, parseRange, path } from '../values.ts';

export const issuer = optional(baseUrl('https'), {
  doc: 'The address under which clients reach this server. It is part of every token and of every ACME URL, so it should never change.',
  type: 'https URL',
  derived: '`https://localhost:<port>`, with the host of `listen` where that is a name or one address of a network',
});

export const listen = option(hostPort, 'localhost:8443', {
  doc: 'Where to listen for HTTPS. A host of `0.0.0.0` or `[::]` means every address of the machine; port 0 takes a free one.',
  type: 'HOST:PORT',
});

export const http = section(
  'Plain HTTP, for revocation lists and CA certificates, which must not need TLS to be fetched.',
  {
    listen: optional(hostPortOrOff, {
      doc: 'Where to listen for plain HTTP.',
      type: 'HOST:PORT or `off`',
      derived: 'the host of `listen`, port 8480',
    }),
    baseUrl: optional(baseUrl('http'), {
      doc: 'The address under which others reach the plain HTTP listener. It is written into certificates.',
      type: 'http URL',
      derived: '`http://<host of issuer>:<port of http.listen>`',
    }),
  },
);

export const tls = section('The certificate of the HTTPS listener.', {
  mode: option(oneOf('own', 'files', 'off'), 'own', {
    doc: '`own`: a certificate of the own CA, renewed by itself. `files`: the certificate and key named below. `off`: plain HTTP, for use behind a proxy that ends TLS.',
    type: '`own`, `files` or `off`',
  }),
  certificateFile: optional(path, {
    doc: 'PEM file with the certificate and its chain, leaf first; read again when it changes.',
    type: 'path',
  }),
  keyFile: optional(path, { doc: 'PEM file with the private key of that certificate.', type: 'path' }),
});

export const trustedProxies = option(list('addresses or ranges such as 10.0.0.0/8', parseRange), [], {
  doc: 'Proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed. Nobody else can say where a request comes from.',
  type: 'list of addresses and ranges',
});

export const metrics = section('Figures for Prometheus.', {
  listen: option(hostPortOrOff, 'localhost:9464', {
    doc: 'Where `GET /metrics` answers, by plain HTTP. Keep it off public networks.',
    type: 'HOST:PORT or `off`',
  }),
});
