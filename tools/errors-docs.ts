/** `node tools/errors-docs.ts [--check]`: makes docs/errors.md from the error tables of the protocols. */
import { problemTypes } from '@tegata/server/acme/problems';
import { oauthErrors } from '@tegata/server/oauth/errors';
import { cell, writeOrCheck } from './generated.ts';

const oauthRows = Object.entries(oauthErrors).map(
  ([code, { status, text, redirectable, spec }]) =>
    `| \`${code}\` | ${status} | ${redirectable ? 'yes' : 'no'} | ${cell(text)} | ${spec} |`,
);
const acmeRows = Object.entries(problemTypes).map(
  ([type, { status, text }]) => `| \`urn:ietf:params:acme:error:${type}\` | ${status} | ${cell(text)} |`,
);

const page = `# Errors

Every error that a client can get, made from the tables in the sources by \`node tools/errors-docs.ts\`. The sentence is
what is sent when there is nothing more exact to say.

## OAuth and OpenID Connect

JSON with \`error\` and \`error_description\` (RFC 6749 section 5.2). "Redirect" says whether the authorization endpoint may
send the error back to the client's redirect URI; the others are shown to the person at the browser.

| error | status | redirect | meaning | specification |
| --- | --- | --- | --- | --- |
${oauthRows.join('\n')}

## ACME

Problem documents (RFC 9457, RFC 8555 section 6.7). Where several identifiers of an order have problems, each is one of the
\`subproblems\`.

| type | status | meaning |
| --- | --- | --- |
${acmeRows.join('\n')}
`;

writeOrCheck('docs/errors.md', page, 'tools/errors-docs.ts');
