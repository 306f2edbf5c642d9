import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Result, unwrap } from '../result.ts';
import { type DerFault, DerReader } from './der-reader.ts';
import { constructedTag, contextTag, tag } from './der-tag.ts';
import { DerWriter } from './der-writer.ts';
import { decodeHex } from './hex.ts';

function read<T>(hex: string, how: (reader: DerReader) => T): Result<T, DerFault> {
  const reader = new DerReader(decodeHex(hex.replaceAll(' ', '')) ?? assert.fail(`no hex: ${hex}`));
  return reader.finish(how(reader));
}

function refusal<T>(hex: string, how: (reader: DerReader) => T): DerFault {
  const result = read(hex, how);
  assert.ok(!result.ok, `accepted: ${hex}`);
  return result.error;
}

/** Any DER without knowledge of its types: constructed elements by their content, primitive ones as octets. */
type Node = { identifier: number; content: Uint8Array } | { identifier: number; children: Node[] };

function readNode(reader: DerReader, bytes: Uint8Array): Node {
  const identifier = bytes[reader.position] ?? 0;
  if ((identifier & 0x20) === 0) return { identifier, content: reader.content(identifier) };
  return { identifier, children: reader.sequenceOf(1000, () => readNode(reader, bytes), identifier) };
}

function writeNode(writer: DerWriter, node: Node): void {
  if ('content' in node) writer.primitive(node.identifier, node.content);
  else {
    writer.constructed(node.identifier, () => {
      for (const child of node.children) writeNode(writer, child);
    });
  }
}

function encodeNode(node: Node): Uint8Array {
  const writer = new DerWriter(1);
  writeNode(writer, node);
  return writer.finish();
}

function parseNode(bytes: Uint8Array): Result<Node, DerFault> {
  const reader = new DerReader(bytes);
  return reader.finish(readNode(reader, bytes));
}

const primitiveTags = fc.constantFrom<number>(tag.integer, tag.octetString, tag.utf8String, contextTag(2), 0x5e);
const constructedTags = fc.constantFrom<number>(tag.sequence, tag.set, constructedTag(0), constructedTag(30));
const contents = fc.oneof(
  fc.uint8Array({ maxLength: 12 }),
  fc.constantFrom(126, 127, 128, 255, 256, 300).map((length) => new Uint8Array(length).fill(length)),
);
const nodes = fc.letrec<{ node: Node }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 6, depthIdentifier: 'der' },
    fc.record({ identifier: primitiveTags, content: contents }, { noNullPrototype: true }),
    fc.record(
      {
        identifier: constructedTags,
        children: fc.array(tie('node'), { maxLength: 4, depthIdentifier: 'der' }),
      },
      { noNullPrototype: true },
    ),
  ),
})).node;

test('any tree of elements comes back', () => {
  fc.assert(
    fc.property(nodes, (node) => {
      assert.deepEqual(unwrap(parseNode(encodeNode(node))), node);
    }),
  );
});

test('bytes that are accepted are the one DER encoding of what was read, however they were damaged', () => {
  const damage = fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { minLength: 1, maxLength: 3 });
  let accepted = 0;
  let refused = 0;
  fc.assert(
    fc.property(nodes, damage, (node, changes) => {
      const bytes = encodeNode(node);
      for (const [at, value] of changes) bytes[at % bytes.length] = value;
      const outcome = parseNode(bytes);
      if (outcome.ok) assert.deepEqual(encodeNode(outcome.value), bytes);
      if (outcome.ok) accepted++;
      else refused++;
    }),
    { numRuns: 3000 },
  );
  assert.ok(accepted > 50 && refused > 50, `both outcomes were exercised: ${accepted}, ${refused}`);
});

test('arbitrary bytes never throw and never hang', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      const outcome = parseNode(bytes);
      if (outcome.ok) assert.deepEqual(encodeNode(outcome.value), bytes);
    }),
    { numRuns: 3000 },
  );
});

test('nothing is copied: content and elements are views of the input', () => {
  const bytes = decodeHex('3007 0402 abcd 0201 05'.replaceAll(' ', '')) ?? assert.fail();
  const reader = new DerReader(bytes);
  const [content, element] = reader.sequence(() => [reader.octetString(), reader.element()] as const);
  assert.ok(reader.finish(undefined).ok);
  assert.equal(content.buffer, bytes.buffer);
  assert.deepEqual([...element], [0x02, 0x01, 0x05]);
  assert.equal(element.byteOffset, bytes.byteOffset + 6);
});

test('the first mistake sticks: later reads are empty, loops end, and it is the one reported', () => {
  const reader = new DerReader(Uint8Array.of(0x30, 0x04, 0x02, 0x01, 0x80, 0x05));
  let turns = 0;
  reader.sequence(() => {
    reader.unsignedInteger();
    while (reader.more) turns++;
    assert.equal(reader.next(0x05), false);
    assert.equal(reader.octetString().length, 0);
    assert.equal(reader.oid(), '');
    assert.equal(reader.boolean(), false);
    assert.equal(reader.smallInteger(), 0);
    assert.equal(reader.ascii(tag.ia5String), '');
    assert.equal(reader.element().length, 0);
    assert.deepEqual(
      reader.sequenceOf(5, () => turns++),
      [],
    );
  });
  assert.equal(turns, 0);
  const outcome = reader.finish('value');
  assert.ok(!outcome.ok);
  assert.deepEqual(outcome.error, { code: 'malformed', detail: 'INTEGER is negative (byte 5)' });
});

test('fail/lengths that only BER allows', () => {
  const octets = (reader: DerReader) => reader.octetString();
  assert.match(refusal('0480 00 0000', octets).detail, /indefinite length/);
  assert.match(refusal('3080 0000', (reader) => reader.sequence(() => 0)).detail, /indefinite length/);
  assert.match(refusal('048101 00', octets).detail, /length is not minimal/);
  assert.match(refusal(`04817f${'00'.repeat(127)}`, octets).detail, /length is not minimal/);
  assert.match(refusal(`04820080${'00'.repeat(128)}`, octets).detail, /length is not minimal/);
  assert.match(refusal(`0483000100${'00'.repeat(256)}`, octets).detail, /length is not minimal/);
  assert.equal(unwrap(read(`048180${'00'.repeat(128)}`, octets)).length, 128);
  assert.equal(unwrap(read(`04820100${'00'.repeat(256)}`, octets)).length, 256);
});

test('fail/lengths beyond the end, of the input or of the enclosing element, and lengths of absurd size', () => {
  const octets = (reader: DerReader) => reader.octetString();
  for (const hex of [
    '0401',
    '0403 0000',
    '0481',
    '0482 01',
    '0482 0100 00',
    '0484 ffffffff 00',
    '0485 0100000000 00',
    '04ff',
    '04fe 00',
  ]) {
    assert.match(refusal(hex, octets).detail, /beyond|not minimal/, hex);
  }
  assert.match(
    refusal('3003 0402 00 00', (reader) => reader.sequence(() => octets(reader))).detail,
    /beyond the enclosing/,
  );
});

test('fail/bytes left over, at the end and inside', () => {
  assert.match(refusal('0500 00', (reader) => reader.null()).detail, /left over.*byte 2/);
  assert.match(refusal('3004 0500 0500', (reader) => reader.sequence(() => reader.null())).detail, /left over/);
});

test('fail/input that ends where an element is expected', () => {
  for (const hex of ['', '05']) assert.match(refusal(hex, (reader) => reader.null()).detail, /ends where 05/);
  assert.match(refusal('3000', (reader) => reader.sequence(() => reader.null())).detail, /ends where 05/);
});

test('fail/other identifiers, constructed strings and large tag numbers among them', () => {
  assert.match(refusal('2404 0402 0000', (reader) => reader.octetString()).detail, /24 found, 04 expected/);
  assert.match(refusal('1f8101 00', (reader) => reader.element()).detail, /tag number above 30/);
});

test('fail/over the size limit, nothing being read', () => {
  const large = new DerWriter().octetString(new Uint8Array(65_536)).finish();
  const reader = new DerReader(large);
  const content = reader.octetString();
  const outcome = reader.finish(content);
  assert.ok(!outcome.ok);
  assert.equal(outcome.error.code, 'too-large');
  assert.equal(content.length, 0);
  const patient = new DerReader(large, large.length);
  assert.equal(unwrap(patient.finish(patient.octetString())).length, 65_536);
});

test('fail/nested too deeply, fail/too many elements', () => {
  let deep: Node = { identifier: tag.sequence, children: [] };
  for (let level = 0; level < 30; level++) deep = { identifier: tag.sequence, children: [deep] };
  const outcome = parseNode(encodeNode(deep));
  assert.ok(!outcome.ok);
  assert.equal(outcome.error.code, 'too-large');
  assert.equal(refusal('3006 0500 0500 0500', (reader) => reader.sequenceOf(2, () => reader.null())).code, 'too-large');
  assert.equal(unwrap(read('3004 0500 0500', (reader) => reader.sequenceOf(2, () => reader.null()))).length, 2);
});

test('BOOLEAN is 00 or FF and nothing else', () => {
  assert.equal(unwrap(read('0101 ff', (reader) => reader.boolean())), true);
  assert.equal(unwrap(read('0101 00', (reader) => reader.boolean())), false);
  for (const hex of ['0101 01', '0101 fe', '0100', '0102 ffff']) {
    assert.match(refusal(hex, (reader) => reader.boolean()).detail, /BOOLEAN/, hex);
  }
});

test('INTEGER is minimal and not empty', () => {
  for (const hex of ['0201 00', '0201 7f', '0202 0080', '0201 80', '0202 ff7f']) {
    assert.ok(read(hex, (reader) => reader.integer()).ok, hex);
  }
  for (const hex of ['0200', '0202 0000', '0202 007f', '0202 ff80', '0202 ffff']) {
    assert.match(refusal(hex, (reader) => reader.integer()).detail, /INTEGER/, hex);
  }
});

test('unsigned INTEGER comes without its sign octet, and never negative', () => {
  assert.deepEqual([...unwrap(read('0202 0080', (reader) => reader.unsignedInteger()))], [0x80]);
  assert.deepEqual([...unwrap(read('0201 00', (reader) => reader.unsignedInteger()))], [0]);
  assert.match(refusal('0201 80', (reader) => reader.unsignedInteger()).detail, /negative/);
});

test('small INTEGER goes up to six octets', () => {
  assert.equal(unwrap(read('0206 7fffffffffff', (reader) => reader.smallInteger())), 2 ** 47 - 1);
  assert.equal(refusal('0207 00ffffffffffff', (reader) => reader.smallInteger()).code, 'unsupported');
  assert.match(refusal('0201 ff', (reader) => reader.smallInteger()).detail, /negative/);
});

test('NULL is empty', () => {
  assert.match(refusal('0501 00', (reader) => reader.null()).detail, /NULL with content/);
});

test('fail/OBJECT IDENTIFIER that is empty or padded', () => {
  for (const hex of ['0600', '0602 8001', '0601 80']) {
    assert.match(refusal(hex, (reader) => reader.oid()).detail, /OBJECT IDENTIFIER/, hex);
  }
});

test('BIT STRING of whole octets has no unused bits', () => {
  assert.deepEqual([...unwrap(read('0303 00 abcd', (reader) => reader.bitString()))], [0xab, 0xcd]);
  for (const hex of ['0300', '0302 01fe', '0302 08ff']) {
    assert.match(refusal(hex, (reader) => reader.bitString()).detail, /whole octets/, hex);
  }
});

test('named bits have their trailing zeros left out, and padding bits are zero', () => {
  const bits = (reader: DerReader) => reader.namedBits();
  assert.equal(unwrap(read('0301 00', bits)), 0);
  assert.equal(unwrap(read('0302 0780', bits)), 1);
  assert.equal(unwrap(read('0302 0106', bits)), 0b0110_0000);
  assert.equal(unwrap(read('0303 07 0080', bits)), 0b1_0000_0000);
  for (const hex of [
    '0300',
    '0301 01',
    '0302 0680',
    '0302 07c0',
    '0302 0000',
    '0302 0880',
    '0303 000100',
    '0304 00 000001',
  ]) {
    assert.match(refusal(hex, bits).detail, /named bits/, hex);
  }
});

test('characters outside the given range are refused, and named', () => {
  assert.equal(unwrap(read('1602 4142', (reader) => reader.ascii(tag.ia5String))), 'AB');
  assert.match(refusal('1601 80', (reader) => reader.ascii(tag.ia5String)).detail, /0x80/);
  assert.match(refusal('1602 4100', (reader) => reader.ascii(tag.ia5String, 0x21, 0x7e)).detail, /0x00/);
});
