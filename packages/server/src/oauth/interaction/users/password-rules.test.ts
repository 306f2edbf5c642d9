import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { passwordFault } from './password-rules.ts';

describe('refused', () => {
  const refused: Record<string, readonly string[]> = {
    password_missing: [''],
    password_short: ['x', 'elevenchars', '十一文字のパスワードで', '🙂'.repeat(11)],
    password_long: ['xy'.repeat(513), '漢字かな'.repeat(100), 'a'.repeat(100_000)],
    password_common: [
      'password1234',
      'Password1234!',
      'P4ssw0rd12345',
      'passwordpassword',
      'qwertyuiop12',
      '123456789012',
      '210987654321',
      'abcdefghijkl',
      'aaaaaaaaaaaa',
      'abcabcabcabc',
      'letmeinplease',
      'correct horse battery staple',
      'changeme!!!!!',
      '1qaz2wsx3edc',
      'administrator',
      'ｐａｓｓｗｏｒｄ１２３４',
    ],
    password_username: ['aiko-tanaka1', 'Aiko-Tanaka-1', '1 aiko-tanaka'],
  };
  for (const [fault, passwords] of Object.entries(refused)) {
    for (const password of passwords) {
      test(`${password.slice(0, 30)} is ${fault}`, () => assert.equal(passwordFault(password, 'aiko-tanaka'), fault));
    }
  }
});

describe('accepted, whatever kinds of characters they have', () => {
  for (const password of [
    'plums in spring',
    '十二文字のパスワードです',
    'x7$kQ!pz0wLm',
    'aiko-tanaka likes plums',
    '🙂😀😎🥳🤖👻🎃🦊🐼🦁🐸🐵',
  ]) {
    test(password, () => assert.equal(passwordFault(password, 'aiko-tanaka'), undefined));
  }
});
