/** Keys and credentials: durable before they are used, never invented, one write after the other. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BufferJSON, initAuthCreds, proto, type AuthenticationCreds } from '@whiskeysockets/baileys'
import { CredsWriter, reviveCreds } from '../src/creds.ts'
import type { Json } from '../src/frames.ts'
import { KeyStore } from '../src/keys.ts'

type Question = { op: string; args: Json }

function store(answer: (question: Question) => Promise<Json>): { keys: KeyStore; asked: Question[]; failed: unknown[] } {
  const asked: Question[] = []
  const failed: unknown[] = []
  const ask = (op: string, args: Json): Promise<Json> => {
    asked.push({ op, args })
    return answer({ op, args })
  }
  return { keys: new KeyStore(ask, (error) => failed.push(error)), asked, failed }
}

const empty = (): Promise<Json> => Promise.resolve({ values: {} })

function paired(): AuthenticationCreds {
  return { ...initAuthCreds(), me: { id: '551188887777:3@s.whatsapp.net' }, account: { details: Buffer.from('d') } }
}

test('what was set is read back without asking, bytes and all', async () => {
  const { keys, asked } = store(empty)

  await keys.set({ session: { 'a.0': Buffer.from([1, 2]) } })

  assert.deepEqual(await keys.get('session', ['a.0']), { 'a.0': Buffer.from([1, 2]) })
  assert.deepEqual(asked.map(({ op }) => op), ['keys_set'])
})

test('what is absent is asked for once', async () => {
  const { keys, asked } = store(empty)

  await keys.get('session', ['a.0'])

  assert.deepEqual(await keys.get('session', ['a.0']), {})
  assert.equal(asked.length, 1)
})

test('a value read is nobody else\'s: changing it changes no cache', async () => {
  const { keys } = store(empty)
  await keys.set({ 'device-list': { u: ['0'] } })
  ;(await keys.get('device-list', ['u']))['u']?.push('7')

  assert.deepEqual(await keys.get('device-list', ['u']), { u: ['0'] })
})

test('an app state key comes back as the message it was', async () => {
  const { keys } = store(empty)
  await keys.set({ 'app-state-sync-key': { k: { keyData: Buffer.from([9]), timestamp: 5 } } })

  const { k } = await keys.get('app-state-sync-key', ['k'])

  assert.ok(k instanceof proto.Message.AppStateSyncKeyData)
  assert.deepEqual(Buffer.from(k.keyData ?? []), Buffer.from([9]))
})

test('a read that a write overtook is not remembered', async () => {
  const old = Promise.withResolvers<Json>()
  const { keys } = store(({ op }) => (op === 'keys_get' ? old.promise : Promise.resolve({})))
  const reading = keys.get('session', ['a.0', 'b.0'])
  await keys.set({ session: { 'a.0': Buffer.from([2]) } })
  old.resolve({ values: { 'a.0': JSON.stringify(Buffer.from([1]), BufferJSON.replacer) } })
  await reading

  assert.deepEqual(await keys.get('session', ['a.0']), { 'a.0': Buffer.from([2]) })
})

test('writes are asked for in the order they were made', async () => {
  const gates = [Promise.withResolvers<Json>(), Promise.withResolvers<Json>()]
  let next = 0
  const { keys, asked } = store(() => gates[next++]!.promise)
  const first = keys.set({ 'lid-mapping': { a: '1' } })
  const second = keys.set({ 'lid-mapping': { a: '2' } })
  await Promise.resolve()
  const askedBefore = asked.length
  gates[0]!.resolve({})
  await first
  gates[1]!.resolve({})
  await second

  assert.equal(askedBefore, 1)
  assert.deepEqual(await keys.get('lid-mapping', ['a']), { a: '2' })
})

test('a read that fails raises and ends the session: it is not an absent key', async () => {
  const { keys, failed } = store(() => Promise.reject(new Error('no database')))

  await assert.rejects(keys.get('session', ['a.0']), /no database/)
  assert.equal(failed.length, 1)
})

test('an answer without values raises too', async () => {
  const { keys, failed } = store(() => Promise.resolve({}))

  await assert.rejects(keys.get('session', ['a.0']), { code: 'internal' })
  assert.equal(failed.length, 1)
})

test('after the end nothing is read or written', async () => {
  const { keys, asked } = store(empty)
  keys.close()

  await assert.rejects(keys.get('session', ['a.0']), { code: 'closed' })
  assert.throws(() => keys.set({ session: { 'a.0': null } }), { code: 'closed' })
  assert.equal(asked.length, 0)
})

for (const [what, stored] of [
  ['text that is not JSON', '{'],
  ['an empty object', '{}'],
  ['a device that was never paired', JSON.stringify(initAuthCreds(), BufferJSON.replacer)],
] as const) {
  test(`stored credentials that are ${what} are refused, never replaced by new ones`, () => {
    assert.throws(() => reviveCreds(stored), { code: 'bad_request' })
  })
}

test('stored credentials come back as they were', () => {
  const creds = paired()

  assert.deepEqual(reviveCreds(JSON.stringify(creds, BufferJSON.replacer)).noiseKey, {
    public: Buffer.from(creds.noiseKey.public),
    private: Buffer.from(creds.noiseKey.private),
  })
})

test('credentials changed during a write go in one more write, the latest state winning', async () => {
  const creds = paired()
  const written: string[] = []
  const gate = Promise.withResolvers<void>()
  const begun = Promise.withResolvers<void>()
  const writer = new CredsWriter(creds, async (text) => {
    written.push(text)
    begun.resolve()
    await gate.promise
  })
  writer.changed()
  const flushed = writer.flush()
  await begun.promise
  for (const nextPreKeyId of [5, 6, 7]) {
    creds.nextPreKeyId = nextPreKeyId
    writer.changed()
  }
  gate.resolve()
  await flushed

  assert.deepEqual(written.map((text) => (JSON.parse(text) as { nextPreKeyId: number }).nextPreKeyId), [1, 7])
})

test('credentials that could not be written are still to be written', async () => {
  let failing = true
  const written: string[] = []
  const writer = new CredsWriter(paired(), (text) => {
    if (failing) return Promise.reject(new Error('no database'))
    written.push(text)
    return Promise.resolve()
  })
  writer.changed()
  await assert.rejects(writer.flush(), /no database/)
  failing = false
  await writer.flush()

  assert.equal(written.length, 1)
})

test('credentials of an unpaired device are not kept', async () => {
  const written: string[] = []
  const writer = new CredsWriter(initAuthCreds(), (text) => Promise.resolve(written.push(text)))
  writer.changed()
  await writer.flush()

  assert.deepEqual(written, [])
})
