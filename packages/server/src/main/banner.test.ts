import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type BannerFacts, formatBanner } from './banner.ts';

const facts: BannerFacts = {
  version: '1.2.3',
  issuer: 'https://localhost:8443',
  plainBaseUrl: 'http://localhost:8480',
  metrics: { host: 'localhost', port: 9464 },
  data: '/srv/tegata',
  store: 'SQLite',
  keySource: 'encrypted with /srv/tegata/master.key',
  rootPath: '/srv/tegata/root.pem',
  rootDigest: new Uint8Array(32).fill(0xab),
  setupLink: 'https://localhost:8443/setup?token=t',
  validationPort: 5002,
  options: ['--data', "/srv/it's here"],
  seconds: 0.44,
  colour: false,
};
const text = (changes: Partial<BannerFacts> = {}) => formatBanner({ ...facts, ...changes }).join('\n');

describe('banner', () => {
  it('says where things are, and the fingerprint as other tools print it', () => {
    assert.match(text(), /https:\/\/localhost:8443\/acme\/directory/);
    assert.match(text(), /SHA-256 (AB:){31}AB\n/);
    assert.match(text(), /Ready in 0\.4 s/);
  });

  it('repeats the options in the commands to try, quoted for the shell', () => {
    assert.ok(text().includes(`npx tegata try token --data '/srv/it'\\''s here'`));
  });

  it('shows the set-up link only while there is nobody', () => {
    assert.match(text(), /setup\?token=t/);
    assert.doesNotMatch(text({ setupLink: undefined }), /setup/);
  });

  it('uses colour codes only where they are wanted', () => {
    assert.equal(text().includes('\u001b'), false);
    assert.equal(text({ colour: true }).includes('\u001b[41m'), true);
  });
});
