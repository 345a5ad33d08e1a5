/** What a person can send: each kind with what WhatsApp says of it, and nothing odd that a stranger says of a file. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { proto, type BinaryNode } from '@whiskeysockets/baileys'
import { contentOf, type Sent } from '../simulator/contents.ts'
import { readContent } from '../src/content.ts'
import type { Json } from '../src/frames.ts'
import { readIncoming } from '../src/inbox.ts'

const NOTHING = { text: null, name: null, size_bytes: null, seconds: null, about: null }
const KINDS: Array<[Sent, Json | null]> = [
  [{ kind: 'text', text: 'paguei' }, { kind: 'text', text: 'paguei' }],
  [{ kind: 'image', text: 'olha', sizeBytes: 1_000 }, { kind: 'image', text: 'olha', size_bytes: 1_000 }],
  [{ kind: 'audio', sizeBytes: 9_000, seconds: 12 }, { kind: 'audio', size_bytes: 9_000, seconds: 12 }],
  [{ kind: 'video', text: 'v', sizeBytes: 7, seconds: 3 }, { kind: 'video', text: 'v', size_bytes: 7, seconds: 3 }],
  [{ kind: 'pdf', fileName: 'comprovante.pdf', sizeBytes: 5 }, { kind: 'pdf', name: 'comprovante.pdf', size_bytes: 5 }],
  [{ kind: 'pdf', text: 'pago', fileName: 'c', sizeBytes: 5 }, { kind: 'pdf', text: 'pago', name: 'c', size_bytes: 5 }],
  [{ kind: 'document', fileName: 'lista.xlsx', sizeBytes: 5 }, { kind: 'document', name: 'lista.xlsx', size_bytes: 5 }],
  [{ kind: 'document', fileName: 'RECIBO.PDF', sizeBytes: 5 }, { kind: 'pdf', name: 'RECIBO.PDF', size_bytes: 5 }],
  [{ kind: 'sticker', sizeBytes: 3 }, { kind: 'sticker', size_bytes: 3 }],
  [{ kind: 'contact', fileName: 'Maria' }, { kind: 'contact', name: 'Maria' }],
  [{ kind: 'location', fileName: 'Praça' }, { kind: 'location', name: 'Praça' }],
  [{ kind: 'poll', text: 'Sim?' }, { kind: 'other' }],
  [{ kind: 'edit', text: 'paguei ontem', about: 'M1' }, { kind: 'text', text: 'paguei ontem', about: 'M1' }],
  [{ kind: 'delete', about: 'M1' }, { kind: 'deleted', about: 'M1' }],
  [{ kind: 'reaction', text: '👍', about: 'M1' }, null],
]

/** A decrypted message as WhatsApp pads it. */
function padded(message: proto.IMessage): Uint8Array {
  return Buffer.concat([proto.Message.encode(message).finish(), Buffer.from([1])])
}

for (const [sent, expected] of KINDS) {
  test(`a ${sent.kind} (${sent.fileName ?? sent.text ?? 'alone'}) is told with what WhatsApp says of it`, () => {
    assert.deepEqual(readContent(padded(contentOf(sent))), expected && { ...NOTHING, ...expected })
  })
}

for (const size of [0, Number.MAX_SAFE_INTEGER, 2 ** 40 + 1]) {
  test(`a size of ${size} is none, and the picture is told all the same`, () => {
    assert.deepEqual(readContent(padded({ imageMessage: { fileLength: size } })), { ...NOTHING, kind: 'image' })
  })
}

test('odd words of a file are made fit', () => {
  const name = `${'a'.repeat(300)}\ud83d\0`
  const found = readContent(padded({ documentMessage: { fileName: name, seconds: -1 } as proto.Message.IDocumentMessage }))

  assert.equal(found?.name, 'a'.repeat(200))
})

const OWN = '5511977776666@s.whatsapp.net'
for (const [what, attrs] of [
  ['a group', { from: '1203630000@g.us', participant: '551188887777@s.whatsapp.net' }],
  ['a status', { from: 'status@broadcast', participant: '551188887777@s.whatsapp.net' }],
  ['a list', { from: '1700000000@broadcast', participant: '551188887777@s.whatsapp.net' }],
  ['a newsletter', { from: '1203630000@newsletter' }],
  ["the owner's own phone, to somebody", { from: OWN, recipient: '551188887777@s.whatsapp.net' }],
  ["the owner's own phone, to itself", { from: OWN, category: 'peer' }],
] as const) {
  test(`what comes from ${what} is no reply`, async () => {
    const node: BinaryNode = { tag: 'message', attrs: { id: 'M1', t: '1700000000', ...attrs } }
    assert.equal(await readIncoming(node, padded({ conversation: 'oi' }), () => Promise.resolve(null)), null)
  })
}

test('the copy of what the owner wrote on the phone is no reply', () => {
  assert.equal(readContent(padded({ deviceSentMessage: { message: { conversation: 'oi' } } })), null)
})
