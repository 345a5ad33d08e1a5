/** Frames and the link: bytes in any pieces, calls both ways, what ends it and what does not. */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { duplexPair } from 'node:stream'
import { test } from 'node:test'
import { OperationError, ProtocolError, RemoteError } from '../src/errors.ts'
import { encodeFrame, FrameReader, MAX_FRAME_BYTES, Unreadable, type Json } from '../src/frames.ts'
import { Link, type Call, type LinkHandlers } from '../src/link.ts'
import { mask } from '../src/log.ts'
import { silent } from './sidecar-support.ts'

const ODD_UNITS = [0, 9, 34, 92, 117, 100, 56, 51, 0x41, 0xe9, 0xd800, 0xd83d, 0xdbff, 0xdc00, 0xde00, 0xdfff, 0xfffd, 0xffff]

/** A small generator, so that a failing round comes again. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state >>> 8
  }
}

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
    const found: Array<Json | Unreadable> = []
    for (let at = 0; at < bytes.length; at += size) found.push(...reader.push(bytes.subarray(at, at + size)))
    assert.deepEqual(found, messages)
  }
})

for (const [what, bytes] of [
  ['an empty frame', Buffer.from([0, 0, 0, 0])],
  ['a frame longer than 4 MiB', Buffer.from([0, 0x40, 0, 1])],
] as const) {
  test(`${what} means that the frames are lost`, () => {
    assert.throws(() => new FrameReader().push(bytes), ProtocolError)
  })
}

/** Bodies that no parser takes, or takes for something else; each is one frame and nothing more. */
const SPOILT: Array<[string, Buffer]> = [
  ['a list', Buffer.from('[]')],
  ['text that is not UTF-8', Buffer.from([0x22, 0xff, 0x22, 0x20])],
  ['half a JSON object', Buffer.from('{"event":"pause"')],
  ['nesting without an end', Buffer.from('{"a":' + '['.repeat(200_000))],
  ['a number alone', Buffer.from('1e999')],
  ['nothing but NUL', Buffer.from([0, 0, 0])],
]

function framed(body: Buffer): Buffer {
  const head = Buffer.alloc(4)
  head.writeUInt32BE(body.length)
  return Buffer.concat([head, body])
}

for (const [what, body] of SPOILT) {
  test(`${what} costs its frame, and the next one is read`, () => {
    const [spoilt, next] = new FrameReader().push(Buffer.concat([framed(body), encodeFrame({ a: 1 })]))

    assert.ok(spoilt instanceof Unreadable)
    assert.equal(spoilt.bytes, body.length)
    assert.deepEqual(next, { a: 1 })
  })
}

test('noise of any kind in a body never costs another frame', () => {
  const random = seeded(20_261_125)
  const reader = new FrameReader()
  for (let round = 0; round < 500; round += 1) {
    const noise = Buffer.from(Array.from({ length: 1 + (random() % 60) }, () => random() % 256))
    assert.deepEqual(reader.push(Buffer.concat([framed(noise), encodeFrame({ round })])).at(-1), { round })
  }
})

test('half a surrogate pair leaves as U+FFFD, in a value, in a name, and beside a backslash', () => {
  const [read] = new FrameReader().push(encodeFrame({ texto: 'oi \ud83d', '\ude00': ['\\ud83d', '\\\udbff"', '🙂'] }))

  assert.deepEqual(read, { texto: 'oi \ufffd', '\ufffd': ['\\ud83d', '\\\ufffd"', '🙂'] })
})

test('whatever text goes in, what comes out is well-formed and otherwise the same', () => {
  const random = seeded(7)
  for (let round = 0; round < 500; round += 1) {
    const text = String.fromCharCode(...Array.from({ length: random() % 40 }, () => ODD_UNITS[random() % ODD_UNITS.length]!))
    const body = encodeFrame({ text }).subarray(4).toString()
    assert.deepEqual(JSON.parse(body), { text: text.toWellFormed() })
    assert.ok(!/\\ud[89a-f]/i.test(body.replaceAll('\\\\', '')))
  }
})

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

for (const [what, body] of [
  ['a reply to a call never made', '{"re":3,"ok":{}}'],
  ['a reply whose number is none', '{"re":1e30,"ok":{}}'],
  ['an event without a tenant', '{"event":"pause"}'],
  ['a frame of no kind', '{}'],
  ['a call whose number is none', '{"id":-1,"op":"stats"}'],
  ...SPOILT.map(([name, bytes]) => [name, bytes] as const),
] as const) {
  test(`the link goes on after ${what}`, async () => {
    const [one, other] = duplexPair()
    const theirs = new Link(one, { ...quiet, call: ({ op }) => Promise.resolve({ op }) }, silent)
    other.write(framed(Buffer.from(body)))

    const ours = new Link(other, quiet, silent)

    assert.deepEqual(await ours.call('stats', 0, 1, {}), { op: 'stats' })
    assert.equal(await Promise.race([theirs.over, 'still there']), 'still there')
  })
}

test('a call that cannot be read is answered, so that nobody waits for it', async () => {
  const [one, other] = duplexPair()
  void new Link(one, quiet, silent)
  const answers = new FrameReader()
  other.write(framed(Buffer.from('{"id":7,"op":"send","args":{"text":"oi \\q"}}')))

  const [chunk] = (await once(other, 'data')) as [Buffer]

  const error = { code: 'bad_request', detail: 'the call cannot be read' }
  assert.deepEqual(answers.push(chunk), [{ re: 7, error }])
})

for (const [what, body] of [
  ['cannot be read', '{"re":1,"ok":{"values":{"a":"\\q"}}}'],
  ['is neither yes nor no', '{"re":1}'],
] as const) {
  test(`a reply that ${what} is a failure of its call, never an empty answer`, async () => {
    const [one, other] = duplexPair()
    const ours = new Link(one, quiet, silent)
    const asked = ours.call('keys_get', 1, 1, {})
    other.write(framed(Buffer.from(body)))

    await assert.rejects(asked, { code: 'internal' })
  })
}

test('a handler that throws on an event takes nothing else with it', async () => {
  const [one, other] = duplexPair()
  const throws = { ...quiet, event: () => assert.fail('a fault of ours') }
  void new Link(one, throws, silent)
  const ours = new Link(other, quiet, silent)
  ours.event('pause', 1, 1, {})

  assert.deepEqual(await ours.call('stats', 0, 1, {}), {})
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
