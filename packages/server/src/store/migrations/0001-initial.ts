/** The first schema: clients, people, tokens, ACME, certificates, keys, jobs and the audit trail. */
import type { Dialect } from '../dialect.ts';
import type { Migration } from './migration.ts';

function shared({ text, bytes, clustered }: Dialect): readonly string[] {
  return [
    `CREATE TABLE counters (name ${text} NOT NULL PRIMARY KEY, value BIGINT NOT NULL)`,
    `INSERT INTO counters (name, value) VALUES ('clients', 0), ('acme_accounts', 0), ('keys', 0)`,
    `CREATE TABLE settings (name ${text} NOT NULL PRIMARY KEY, value ${text} NOT NULL)`,
    `CREATE TABLE keys (
      key_id ${text} NOT NULL PRIMARY KEY,
      purpose ${text} NOT NULL,
      algorithm ${text} NOT NULL,
      public_jwk ${text} NOT NULL,
      wrapped ${bytes} NOT NULL,
      created_at BIGINT NOT NULL,
      active_from BIGINT NOT NULL,
      retires_at BIGINT,
      removed_at BIGINT,
      certificate ${bytes})`,
    `CREATE TABLE jobs (
      id ${text} NOT NULL PRIMARY KEY,
      kind ${text} NOT NULL,
      job_key ${text} NOT NULL,
      payload ${text} NOT NULL,
      not_before BIGINT NOT NULL,
      due_at BIGINT NOT NULL,
      attempts BIGINT NOT NULL,
      owner ${text},
      lease_until BIGINT,
      UNIQUE (kind, job_key))`,
    'CREATE INDEX jobs_due ON jobs (due_at)',
    `CREATE TABLE audit (
      at BIGINT NOT NULL,
      batch ${text} NOT NULL,
      position BIGINT NOT NULL,
      event ${text} NOT NULL,
      PRIMARY KEY (at, batch, position))${clustered}`,
  ];
}

function people({ text, bytes, clustered }: Dialect): readonly string[] {
  return [
    `CREATE TABLE users (
      subject ${text} NOT NULL PRIMARY KEY,
      username ${text} NOT NULL,
      username_key ${text} NOT NULL UNIQUE,
      name ${text},
      email ${text},
      email_verified BIGINT NOT NULL,
      locale ${text},
      administrator BIGINT NOT NULL,
      password_hash ${text},
      created_at BIGINT NOT NULL,
      updated_at BIGINT NOT NULL,
      disabled BIGINT NOT NULL)`,
    `CREATE TABLE throttles (
      id ${text} NOT NULL PRIMARY KEY,
      failures BIGINT NOT NULL,
      blocked_until BIGINT NOT NULL,
      expires_at BIGINT NOT NULL)${clustered}`,
    'CREATE INDEX throttles_expiry ON throttles (expires_at)',
    `CREATE TABLE sessions (
      id ${text} NOT NULL PRIMARY KEY,
      digest ${bytes} NOT NULL,
      subject ${text} NOT NULL,
      auth_time BIGINT NOT NULL,
      amr ${text} NOT NULL,
      created_at BIGINT NOT NULL,
      expires_at BIGINT NOT NULL)${clustered}`,
    'CREATE INDEX sessions_subject ON sessions (subject)',
    'CREATE INDEX sessions_expiry ON sessions (expires_at)',
    `CREATE TABLE consents (
      subject ${text} NOT NULL,
      client_id ${text} NOT NULL,
      scopes ${text} NOT NULL,
      resources ${text} NOT NULL,
      granted_at BIGINT NOT NULL,
      PRIMARY KEY (subject, client_id))`,
    'CREATE INDEX consents_client ON consents (client_id)',
  ];
}

function tokens({ text, bytes, clustered }: Dialect): readonly string[] {
  const token = `id ${text} NOT NULL PRIMARY KEY,
      digest ${bytes} NOT NULL,
      family ${text} NOT NULL,
      value ${text} NOT NULL,
      created_at BIGINT NOT NULL,
      expires_at BIGINT NOT NULL`;
  return [
    `CREATE TABLE clients (
      client_id ${text} NOT NULL PRIMARY KEY,
      metadata ${text} NOT NULL,
      secret_digest ${bytes},
      registration_token_digest ${bytes},
      created_at BIGINT NOT NULL,
      version BIGINT NOT NULL)`,
    'CREATE INDEX clients_created ON clients (created_at, client_id)',
    `CREATE TABLE families (
      id ${text} NOT NULL PRIMARY KEY,
      client_id ${text} NOT NULL,
      subject ${text} NOT NULL,
      expires_at BIGINT NOT NULL,
      revoked_at BIGINT)${clustered}`,
    'CREATE INDEX families_client ON families (client_id)',
    'CREATE INDEX families_subject ON families (subject)',
    'CREATE INDEX families_expiry ON families (expires_at)',
    `CREATE TABLE codes (${token}, spent_at BIGINT)${clustered}`,
    'CREATE INDEX codes_expiry ON codes (expires_at)',
    `CREATE TABLE refresh_tokens (${token}, spent_at BIGINT, successor ${text})${clustered}`,
    'CREATE INDEX refresh_tokens_expiry ON refresh_tokens (expires_at)',
    `CREATE TABLE access_tokens (${token})${clustered}`,
    'CREATE INDEX access_tokens_expiry ON access_tokens (expires_at)',
    `CREATE TABLE revocations (
      kind ${text} NOT NULL,
      value ${text} NOT NULL,
      revoked_at BIGINT NOT NULL,
      expires_at BIGINT NOT NULL,
      PRIMARY KEY (kind, value))${clustered}`,
    'CREATE INDEX revocations_time ON revocations (revoked_at)',
    'CREATE INDEX revocations_expiry ON revocations (expires_at)',
    `CREATE TABLE one_time (
      kind ${text} NOT NULL,
      id ${text} NOT NULL,
      digest ${bytes} NOT NULL,
      value ${text} NOT NULL,
      created_at BIGINT NOT NULL,
      expires_at BIGINT NOT NULL,
      spent_at BIGINT,
      PRIMARY KEY (kind, id))${clustered}`,
    'CREATE INDEX one_time_expiry ON one_time (expires_at)',
    `CREATE TABLE replay (
      kind ${text} NOT NULL,
      digest ${bytes} NOT NULL,
      expires_at BIGINT NOT NULL,
      PRIMARY KEY (kind, digest))${clustered}`,
    'CREATE INDEX replay_expiry ON replay (expires_at)',
  ];
}

function acme({ text, bytes, clustered }: Dialect): readonly string[] {
  return [
    `CREATE TABLE acme_accounts (
      id ${text} NOT NULL PRIMARY KEY,
      status ${text} NOT NULL,
      public_jwk ${text} NOT NULL,
      thumbprint ${text} NOT NULL UNIQUE,
      contact ${text} NOT NULL,
      terms_agreed_at BIGINT,
      created_at BIGINT NOT NULL,
      version BIGINT NOT NULL)`,
    `CREATE TABLE orders (
      id ${text} NOT NULL PRIMARY KEY,
      account_id ${text} NOT NULL,
      status ${text} NOT NULL,
      remaining BIGINT NOT NULL,
      identifiers ${text} NOT NULL,
      authorizations ${text} NOT NULL,
      profile ${text} NOT NULL,
      not_before BIGINT,
      not_after BIGINT,
      expires_at BIGINT NOT NULL,
      created_at BIGINT NOT NULL,
      error ${text},
      certificate ${text},
      csr ${bytes},
      job_key ${text})`,
    'CREATE INDEX orders_account ON orders (account_id, created_at, id)',
    `CREATE INDEX orders_processing ON orders (id) WHERE status = 'processing'`,
    'CREATE INDEX orders_expiry ON orders (expires_at)',
    `CREATE TABLE authorizations (
      id ${text} NOT NULL PRIMARY KEY,
      account_id ${text} NOT NULL,
      identifier_key ${text} NOT NULL,
      identifier ${text} NOT NULL,
      wildcard BIGINT NOT NULL,
      status ${text} NOT NULL,
      expires_at BIGINT NOT NULL,
      created_at BIGINT NOT NULL,
      challenges ${text} NOT NULL,
      version BIGINT NOT NULL)`,
    'CREATE INDEX authorizations_account ON authorizations (account_id, identifier_key)',
    'CREATE INDEX authorizations_expiry ON authorizations (expires_at)',
    `CREATE TABLE order_authorizations (
      authorization_id ${text} NOT NULL,
      order_id ${text} NOT NULL,
      PRIMARY KEY (authorization_id, order_id))${clustered}`,
    'CREATE INDEX order_authorizations_order ON order_authorizations (order_id)',
  ];
}

function certificates({ text, bytes }: Dialect): readonly string[] {
  return [
    `CREATE TABLE certificates (
      id ${text} NOT NULL PRIMARY KEY,
      serial ${text} NOT NULL UNIQUE,
      issuer ${text} NOT NULL,
      profile ${text} NOT NULL,
      account_id ${text},
      order_id ${text},
      identifiers ${text} NOT NULL,
      not_before BIGINT NOT NULL,
      not_after BIGINT NOT NULL,
      key_digest ${bytes} NOT NULL,
      intended_at BIGINT NOT NULL,
      tbs ${bytes},
      der ${bytes},
      issued_at BIGINT,
      revoked_at BIGINT,
      reason BIGINT)`,
    'CREATE INDEX certificates_order ON certificates (order_id)',
    'CREATE INDEX certificates_revoked ON certificates (issuer, serial) WHERE revoked_at IS NOT NULL',
    'CREATE INDEX certificates_intended ON certificates (not_after) WHERE der IS NULL',
    `CREATE TABLE blocked_keys (key_digest ${bytes} NOT NULL PRIMARY KEY, blocked_at BIGINT NOT NULL)`,
    `CREATE TABLE crls (
      issuer ${text} NOT NULL PRIMARY KEY,
      number BIGINT NOT NULL,
      der ${bytes} NOT NULL,
      this_update BIGINT NOT NULL,
      next_update BIGINT NOT NULL)`,
  ];
}

export const initial: Migration = {
  number: 1,
  name: 'initial',
  statements: (dialect) => [shared, people, tokens, acme, certificates].flatMap((part) => part(dialect)),
};
