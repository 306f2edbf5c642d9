#!/usr/bin/env node
/**
 * The person at the browser: opens the address it is given, signs in, allows what is asked, and follows the way back.
 * Scripts in the documentation open addresses with the program in $BROWSER; in their test it is this one. What it types is in PERSON_NAME
 * and PERSON_PASSWORD.
 */

const { PERSON_NAME: username = '', PERSON_PASSWORD: password = '' } = process.env;
const mostSteps = 12;
const cookies = new Map<string, string>();

async function send(url: string, form: Record<string, string> | undefined): Promise<Response> {
  const cookie = [...cookies].map((pair) => pair.join('=')).join('; ');
  const response = await fetch(url, {
    redirect: 'manual',
    ...(form === undefined
      ? { headers: { cookie } }
      : {
          method: 'POST',
          body: new URLSearchParams(form),
          headers: { cookie, origin: new URL(url).origin },
        }),
  });
  for (const header of response.headers.getSetCookie()) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(header) ?? [];
    cookies.set(name, value);
  }
  return response;
}

/** What a person sends from the page, and where to; `undefined` when it asks for nothing. */
function fillIn(page: string): { readonly path: string; readonly form: Record<string, string> } | undefined {
  const ticket = /name="ticket" value="([^"]+)"/.exec(page)?.[1];
  if (ticket === undefined) return undefined;
  return page.includes('name="password"')
    ? { path: '/login', form: { ticket, username, password, action: 'login' } }
    : { path: '/consent', form: { ticket, decision: 'allow' } };
}

let url = process.argv[2] ?? '';
let form: Record<string, string> | undefined;
for (let step = 0; step < mostSteps; step++) {
  const response = await send(url, form);
  const location = response.headers.get('location');
  const next = location === null ? fillIn(await response.text()) : { path: location, form: undefined };
  if (next === undefined) break;
  url = new URL(next.path, url).href;
  form = next.form;
}
