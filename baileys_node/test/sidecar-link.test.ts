/** Frames and the link: bytes in any pieces, calls both ways, what ends it and what does not. */

import assert from 'node:assert/strict'
import { duplexPair } from 'node:stream'
import { test } from 'node:test'
import { OperationError, ProtocolError, RemoteError } from '../src/errors.ts'
import { encodeFrame, FrameReader, MAX_FRAME_BYTES, type Json } from '../src/frames.ts'
import { Link, type Call, type LinkHandlers } from '../src/link.ts'
import { mask } from '../src/log.ts'
import { silent } from './sidecar-support.ts'

const quiet: LinkHandlers = { call: () => Promise.resolve({}), event: () => {}, lagging: () => {} }

function pair(answer: (call: Call) => Promise<Json>): { ours: Link; theirs: Link } {
  const [one, other] = duplexPair()
  return {
    ours: new Link(one, quiet, silent),
    theirs: new Link(other, { ...quiet, call: answer }, silent),
  }
}

test('frames are found however the bytes are cut', () => {
  const messages = [{ a: 1 }, { texto: 'é dia de pagar 🙂' }, { c: 'x'.repeat(100_000) }]
  const bytes = Buffer.concat(messages.map(encodeFrame))

  for (const size of [1, 3, 7, 4096, bytes.length]) {
    const reader = new FrameReader()
    const found: Json[] = []
    for (let at = 0; at < bytes.length; at += size) found.push(...reader.push(bytes.subarray(at, at + size)))
    assert.deepEqual(found, messages)
  }
})

for (const [what, bytes] of [
  ['an empty frame', Buffer.from([0, 0, 0, 0])],
  ['a frame longer than 4 MiB', Buffer.from([0, 0x40, 0, 1])],
  ['a list', Buffer.from([0, 0, 0, 2, 0x5b, 0x5d])],
  ['text that is not UTF-8', Buffer.from([0, 0, 0, 4, 0x22, 0xff, 0x22, 0x20])],
] as const) {
  test(`${what} is not a frame`, () => {
    assert.throws(() => new FrameReader().push(bytes), ProtocolError)
  })
}

test('a frame too long for the other side is refused before it is written', () => {
  assert.throws(() => encodeFrame({ x: 'x'.repeat(MAX_FRAME_BYTES) }), ProtocolError)
})

test('a call is answered', async () => {
  const { ours } = pair(({ op, tenant, epoch, args }) => Promise.resolve({ op, tenant, epoch, ...args }))

  assert.deepEqual(await ours.call('keys_get', 7, 2, { type: 'session' }), {
    op: 'keys_get',
    tenant: 7,
    epoch: 2,
    type: 'session',
  })
})

test('a refusal reaches the caller with its code', async () => {
  const { ours } = pair(() => Promise.reject(new OperationError('not_open', 'no')))

  await assert.rejects(ours.call('send', 1, 1, {}), (error) => error instanceof RemoteError && error.code === 'not_open')
})

test('an unexpected failure is told as internal, without its text', async () => {
  const { ours } = pair(() => Promise.reject(new Error('the key is 1234')))

  await assert.rejects(ours.call('send', 1, 1, {}), { code: 'internal', message: 'Error' })
})

test('a call without an answer ends at its deadline, and its late answer harms nobody', async () => {
  const late = Promise.withResolvers<Json>()
  const { ours } = pair(({ op }) => (op === 'slow' ? late.promise : Promise.resolve({ op })))

  await assert.rejects(ours.call('slow', 1, 1, {}, 1), { code: 'timeout' })
  late.resolve({})

  assert.deepEqual(await ours.call('fast', 1, 1, {}), { op: 'fast' })
})

test('more calls than may be in flight wait their turn', async () => {
  let served = 0
  const { ours } = pair(() => Promise.resolve({ nth: ++served }))

  const answers = await Promise.all(Array.from({ length: 700 }, () => ours.call('keys_get', 1, 1, {})))

  assert.deepEqual(
    answers.map(({ nth }) => nth),
    Array.from({ length: 700 }, (_, index) => index + 1),
  )
})

test('the end of the link fails every waiting call at once', async () => {
  const { ours, theirs } = pair(() => new Promise(() => {}))
  const waiting = [1, 2, 3].map(() => ours.call('keys_get', 1, 1, {}))

  theirs.close()

  const results = await Promise.allSettled(waiting)
  assert.deepEqual(
    results.map((result) => result.status === 'rejected' && (result.reason as OperationError).code),
    ['closed', 'closed', 'closed'],
  )
})

test('a reply to a call never made ends the link', async () => {
  const [one, other] = duplexPair()
  const link = new Link(one, quiet, silent)

  other.write(encodeFrame({ re: 3, ok: {} }))

  assert.ok((await link.over) instanceof ProtocolError)
})

test('the sources stop while the other side lags, and go on when it has caught up', async () => {
  const [one, other] = duplexPair()
  const caughtUp = Promise.withResolvers<void>()
  const lags: boolean[] = []
  const lagging = (lagging_: boolean): void => {
    lags.push(lagging_)
    if (!lagging_) caughtUp.resolve()
  }
  const link = new Link(one, { ...quiet, lagging }, silent)
  for (let n = 0; n < 50; n += 1) link.event('receipt', 1, 1, { text: 'x'.repeat(100_000) })
  const before = [...lags]

  other.resume()
  await caughtUp.promise

  assert.deepEqual([before, lags], [[true], [true, false]])
})

test('a log shows no more than the end of a phone', () => {
  assert.equal(mask('no session for 5511988887777@s.whatsapp.net'), 'no session for …77@s.whatsapp.net')
})
