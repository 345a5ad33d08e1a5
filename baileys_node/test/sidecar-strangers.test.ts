/** What strangers send: any text, any id, any stanza becomes something that can be kept, or nothing at all. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { proto, type BinaryNode } from '@whiskeysockets/baileys'
import { readIncoming } from '../src/inbox.ts'
import { KeyStore } from '../src/keys.ts'
import { Outcomes } from '../src/outcomes.ts'
import type { Json } from '../src/frames.ts'
import { clean, hashed, identity, instant, MAX_ID_CHARS, MAX_INSTANT_MS } from '../src/text.ts'

const PHONE = '551188887777@s.whatsapp.net'
const TEXTS: Array<[string, string]> = [
  ['half a pair at the end', 'oi \ud83d'],
  ['half a pair at the beginning', '\ude00 oi'],
  ['the halves the wrong way round', 'a\ude00\ud83db'],
  ['NUL', 'o\0i'],
  ['NUL between the halves of a pair', '\ud83d\0\ude00'],
  ['nothing but halves', '\ud83d'.repeat(100)],
  ['a text cut inside an emoji', `${'a'.repeat(65_535)}🙂`],
  ['65,536 emoji and one more', '🙂'.repeat(65_537)],
]

/** A decrypted message as WhatsApp pads it. */
function padded(message: proto.IMessage): Uint8Array {
  return Buffer.concat([proto.Message.encode(message).finish(), Buffer.from([1])])
}

function stanza(attrs: Record<string, string> = {}): BinaryNode {
  return { tag: 'message', attrs: { id: '3EB0AAAA', from: PHONE, t: '1700000000', ...attrs } }
}

async function incoming(node: BinaryNode, plaintext = padded({ conversation: 'oi' })): Promise<Json | null> {
  return readIncoming(node, plaintext, () => Promise.resolve(null))
}

/** What Python and PostgreSQL take: checked on every field that is text. */
function assertKept(call: Json): void {
  for (const [name, value] of Object.entries(call)) {
    if (typeof value !== 'string') continue
    assert.ok(value.isWellFormed() && !value.includes('\0'), name)
    assert.ok([...value].length <= 65_536, name)
    if (name === 'message_id' || name === 'from_jid') assert.ok(value.length <= MAX_ID_CHARS, name)
  }
}

for (const [what, text] of TEXTS) {
  test(`${what} is kept as text, as a caption and as a name`, async () => {
    const said = await incoming(stanza({ notify: text }), padded({ extendedTextMessage: { text } }))
    const shown = await incoming(stanza({ notify: text }), padded({ imageMessage: { caption: text } }))

    assert.equal(said?.['kind'], 'text')
    assert.equal(shown?.['kind'], 'image')
    assertKept(said ?? {})
    assertKept(shown ?? {})
  })
}

test('text is cut between code points, and otherwise left alone', () => {
  assert.equal(clean('a🙂b🙂', 2), 'a🙂')
  assert.equal(clean('🙂🙂🙂', 2), '🙂🙂')
  assert.equal(clean('é dia 🙂', 200), 'é dia 🙂')
  assert.equal(clean('abc', 3), 'abc')
})

test('however a text is made, it is cut well-formed and never longer than asked', () => {
  let state = 11
  const random = (below: number): number => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) % below
  const units = [0, 97, 233, 0xd83d, 0xde00, 0xd800, 0xdfff, 0xffff]
  for (let round = 0; round < 2_000; round += 1) {
    const text = String.fromCharCode(...Array.from({ length: random(20) }, () => units[random(units.length)]!))
    const most = 1 + random(12)
    const cut = clean(text, most)
    assert.ok(cut.isWellFormed() && !cut.includes('\0') && [...cut].length <= most, JSON.stringify(text))
  }
})

for (const [what, id] of [
  ['longer than its column', 'M'.repeat(101)],
  ['endless', 'M'.repeat(100_000)],
  ['with NUL', 'M\0'],
  ['with half a pair', 'M\ud83d'],
  ['with a blank', 'M 1'],
] as const) {
  test(`an id ${what} keeps its identity in a form that fits`, async () => {
    const call = await incoming(stanza({ id }))

    assertKept(call ?? {})
    assert.equal(call?.['message_id'], identity(id))
    assert.notEqual(identity(id), identity(`${id}x`))
  })
}

test('an id that fits is itself, and ids that differ in a lone half only stay two', () => {
  assert.equal(identity('3EB0C431C26A1916EC9E_~!'), '3EB0C431C26A1916EC9E_~!')
  assert.notEqual(hashed('M\ud83d'), hashed('M\ud83e'))
})

for (const from of ['@s.whatsapp.net', `${'1'.repeat(101)}@lid`, 'ab@s.whatsapp.net', '5511\0@lid', 'x'.repeat(5_000) + '@lid']) {
  test(`nobody writes from ${JSON.stringify(from.slice(0, 20))}`, async () => {
    assert.equal(await incoming(stanza({ from })), null)
  })
}

test('a phone that is none is not told', async () => {
  assert.equal((await incoming(stanza({ from: '123456@lid', sender_pn: 'x\0@s.whatsapp.net' })))?.['from_phone'], null)
})

for (const t of ['', '999999999999', '-1', 'NaN', '1e9', '9'.repeat(400)]) {
  test(`an instant of ${t.slice(0, 15) || 'nothing'} is one of the calendar`, () => {
    assert.ok(instant(t) > 0 && instant(t) <= MAX_INSTANT_MS)
  })
}

test('what decrypts to no message is nothing, and harms nobody', async () => {
  for (const bytes of [Buffer.alloc(0), Buffer.from([0xff, 0xff, 0xff, 1]), Buffer.alloc(300, 0x0a)]) {
    assert.equal(await incoming(stanza(), bytes), null)
  }
})

function told(): { outcomes: Outcomes; receipts: Json[] } {
  const receipts: Json[] = []
  return { outcomes: new Outcomes((_event, data) => receipts.push(data)), receipts }
}

function receipt(ids: string[], type?: string): BinaryNode {
  const items = ids.slice(1).map((id) => ({ tag: 'item', attrs: { id } }))
  const attrs = { id: ids[0]!, from: PHONE, t: '1700000001', ...(type ? { type } : {}) }
  return { tag: 'receipt', attrs, content: [{ tag: 'list', attrs: {}, content: items }] }
}

test('a receipt for what was never ours says nothing, and the others in it count', () => {
  const { outcomes, receipts } = told()

  outcomes.received(receipt(['M\0'.repeat(8), 'x'.repeat(101), '3EB0AAAA00000001', 'a b c d e f', '3EB0AAAA00000001']))

  assert.deepEqual(receipts.map((data) => data['message_id']), ['3EB0AAAA00000001'])
})

test('a receipt for more messages than anybody has is bounded', () => {
  const { outcomes, receipts } = told()

  outcomes.received(receipt(Array.from({ length: 50_000 }, (_, n) => `3EB0AAAA${n}`)))

  assert.equal(receipts.length, 1_000)
})

test('a phone that asks for a message again and again is heard five times, for that message', () => {
  const { outcomes, receipts } = told()

  for (let n = 0; n < 50; n += 1) outcomes.received(receipt(['3EB0AAAA00000001'], 'retry'))
  outcomes.received(receipt(['3EB0AAAA00000002'], 'retry'))
  outcomes.received(receipt(['3EB0AAAA00000001']))

  assert.deepEqual(
    receipts.map((data) => [data['message_id'], data['status']]),
    [...Array(5).fill(['3EB0AAAA00000001', 'retry']), ['3EB0AAAA00000002', 'retry'], ['3EB0AAAA00000001', 'delivered']],
  )
})

test('acks that come twice, late, with a strange code or for nobody settle each message once', async () => {
  const { outcomes, receipts } = told()
  const ack = (id: string, error?: string): BinaryNode => ({ tag: 'ack', attrs: { class: 'message', id, ...(error ? { error } : {}) } })
  const refused = outcomes.expect('3EB0AAAA00000001')
  outcomes.acked(ack('3EB0AAAA00000009'))
  outcomes.acked(ack('3EB0AAAA00000001', '1e999'))
  outcomes.acked(ack('3EB0AAAA00000001'))

  assert.deepEqual(await refused, { outcome: 'refused', error: 0 })
  assert.deepEqual(receipts, [])
})

/** A store like Python's: it refuses what PostgreSQL would. */
function strictStore(): { keys: KeyStore; rows: Map<string, string>; calls: Json[]; failed: unknown[] } {
  const rows = new Map<string, string>()
  const calls: Json[] = []
  const failed: unknown[] = []
  const ask = async (op: string, args: Json): Promise<Json> => {
    calls.push(args)
    const type = args['type'] as string
    if (op === 'keys_get') {
      const ids = args['ids'] as string[]
      return { values: Object.fromEntries(ids.filter((id) => rows.has(`${type}/${id}`)).map((id) => [id, rows.get(`${type}/${id}`)])) }
    }
    for (const [kind, byId] of Object.entries(args['entries'] as Record<string, Record<string, string | null>>)) {
      for (const [id, value] of Object.entries(byId)) {
        if (id.length < 1 || id.length > 200 || id.includes('\0') || !id.isWellFormed()) throw new Error('not storable')
        if (value === null) rows.delete(`${kind}/${id}`)
        else rows.set(`${kind}/${id}`, value)
      }
    }
    return {}
  }
  return { keys: new KeyStore(ask, (error) => failed.push(error)), rows, calls, failed }
}

const GROUPS = ['g'.repeat(5_000), 'g\0', 'g\ud83d', '', 'constructor', 'toString', 'grupo ção', 'ok@g.us::1']

test('a sender key is kept and found whatever a stranger calls its group', async () => {
  const { keys, rows, failed } = strictStore()
  for (const [n, id] of GROUPS.entries()) {
    await keys.set({ 'sender-key': { [id]: Buffer.from([n]) } })
  }
  const again = new KeyStore(async (_op, args) => {
    const ids = args['ids'] as string[]
    return { values: Object.fromEntries(ids.flatMap((id) => (rows.has(`sender-key/${id}`) ? [[id, rows.get(`sender-key/${id}`)]] : []))) }
  }, () => {})

  for (const [n, id] of GROUPS.entries()) {
    const found = await again.get('sender-key', [id])
    assert.deepEqual(Object.getOwnPropertyDescriptor(found, id)?.value, Buffer.from([n]), JSON.stringify(id))
  }
  assert.equal(rows.size, GROUPS.length)
  assert.deepEqual(failed, [])
})

test('a set longer than a frame is several writes, in order, and all of it is found', async () => {
  const { keys, rows, calls } = strictStore()
  const mappings = Object.fromEntries(Array.from({ length: 60_000 }, (_, n) => [`5511${900_000_000 + n}`, `${90_000_000_000_000 + n}`]))

  await keys.set({ 'lid-mapping': mappings })

  assert.ok(calls.every((args) => JSON.stringify(args).length < 4_000_000))
  assert.equal(rows.size, 60_000)
  assert.ok(calls.length > 1)
  assert.deepEqual(await keys.get('lid-mapping', Object.keys(mappings)), mappings)
})

for (const [what, values] of [
  ['a number', { 'a.0': 5 }],
  ['null', { 'a.0': null }],
  ['text that is no JSON', { 'a.0': '{' }],
] as const) {
  test(`a stored key that comes back as ${what} ends the session: it is not an absent key`, async () => {
    const failed: unknown[] = []
    const keys = new KeyStore(() => Promise.resolve({ values }), (error) => failed.push(error))

    await assert.rejects(keys.get('session', ['a.0']))
    assert.equal(failed.length, 1)
  })
}
