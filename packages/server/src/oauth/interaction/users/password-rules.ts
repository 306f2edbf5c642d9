/**
 * Which passwords a person may choose: long enough, and not what is guessed first. No rules about kinds of characters.
 * @spec NIST SP 800-63B §3.1.1.2
 */

/** Shortest password in characters. */
export const shortestPassword = 12;
const longestPasswordBytes = 1024;

export type PasswordFault =
  | 'password_missing'
  | 'password_short'
  | 'password_long'
  | 'password_common'
  | 'password_username';

/** Words that passwords are built around again and again; digits and signs around them add nothing. */
const commonWords = new Set(
  (
    'abc abcd abcdef abcdefg admin administrator adminadmin changeme changemenow charlie computer correcthorsebatterystaple default ' +
    'dragon football hello helloworld hunter iamadmin iloveu iloveyou iloveyouso iloveyoumom internet letmein letmeinplease login ' +
    'loveyou loveyouforever master michael monkey mypassword mypasswordis newpassword nopassword pass passcode passphrase passw ' +
    'password passwordpassword passwort princess qazwsx qazwsxedc qwerty qwertyqwerty qwertyuiop qwertyuiopasdf qwertz root rootroot ' +
    'secret secretpassword shadow starwars sunshine superman superuser supersecret tegata tegataadmin temp temporary test tester testing ' +
    'testpassword testtest thisismypassword trustno user username welcome welcometo whatever whatthehell asdfgh asdfghjkl asdfghjklqwertyuiop ' +
    'zaq zaqwsx zxcvbn zxcvbnm zxcvbnmasdfghjkl'
  ).split(' '),
);
/** Rows of keyboards and counting, which people run along. */
const runs = [
  '01234567890123456789',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertzuiopasdfghjklyxcvbnm',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm',
];
const leet: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};

/** What is wrong with the password, if anything. Length is counted in characters, not in bytes. */
export function passwordFault(password: string, username: string): PasswordFault | undefined {
  if (password === '') return 'password_missing';
  const text = password.normalize('NFKC');
  if (password.length > longestPasswordBytes || Buffer.byteLength(text) > longestPasswordBytes) return 'password_long';
  if ([...text].length < shortestPassword) return 'password_short';
  const plain = text.toLowerCase();
  const name = username.normalize('NFKC').toLowerCase();
  if (name.length >= 3 && plain.replaceAll(name, '').length < 6) return 'password_username';
  return isCommon(plain) ? 'password_common' : undefined;
}

function isCommon(plain: string): boolean {
  return isRepetition(plain) || isRun(plain) || isCommonWord(plain) || isCommonWord(unleet(plain));
}

/** The same one to four characters over and over. */
function isRepetition(plain: string): boolean {
  return [1, 2, 3, 4].some((length) => plain.slice(0, length).repeat(plain.length).startsWith(plain));
}

function isRun(plain: string): boolean {
  const backwards = [...plain].reverse().join('');
  return runs.some((run) => `${run}${run}`.includes(plain) || `${run}${run}`.includes(backwards));
}

function isCommonWord(plain: string): boolean {
  return commonWords.has(plain.replace(/[^\p{L}]/gu, ''));
}

function unleet(plain: string): string {
  return plain.replace(/[013457@$!](?=.*\p{L})/gu, (character) => leet[character] ?? character);
}
