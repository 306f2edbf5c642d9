/** The profiles on offer, each with the extensions that all its certificates share made once. */
import { fail, ok, type Result } from '@tegata/core/result';
import type { Extension } from '@tegata/core/x509/extension';
import { encodeBasicConstraints } from '@tegata/core/x509/extensions/basic-constraints';
import { encodeExtKeyUsage } from '@tegata/core/x509/extensions/ext-key-usage';
import { encodeKeyUsage } from '@tegata/core/x509/extensions/key-usage';
import type { CertificateProfile, KeyKind } from './profile.ts';

export interface PreparedProfile {
  readonly profile: CertificateProfile;
  /** keyUsage, extKeyUsage and basicConstraints for this kind of key; `undefined` for a kind that the profile does not certify. */
  sharedExtensions(kind: KeyKind): readonly Extension[] | undefined;
}

export interface ProfileRegistry {
  readonly profiles: readonly CertificateProfile[];
  /** The profile, or a sentence that lists those there are. */
  find(name: string): Result<PreparedProfile, string>;
}

/** @throws when two profiles have one name: that is a mistake in composition */
export function createProfileRegistry(profiles: readonly CertificateProfile[]): ProfileRegistry {
  const byName = new Map(profiles.map((profile) => [profile.name, prepare(profile)]));
  if (byName.size !== profiles.length) throw new Error('two certificate profiles have the same name');
  return {
    profiles,
    find(name) {
      const found = byName.get(name);
      return found === undefined
        ? fail(`There is no certificate profile "${name}"; there are ${[...byName.keys()].join(', ')}.`)
        : ok(found);
    },
  };
}

function prepare(profile: CertificateProfile): PreparedProfile {
  const common = [encodeExtKeyUsage(profile.extKeyUsage), encodeBasicConstraints({ ca: false })];
  const byKind = new Map(
    Object.entries(profile.keyUsage).map(([kind, usages]) => [kind, [encodeKeyUsage(usages), ...common]]),
  );
  return { profile, sharedExtensions: (kind) => byKind.get(kind) };
}
